import { inBrowser } from "../../support/browser";
import { violationsInBothThemes } from "../../support/console-service";
import { ConsoleWorld, run } from "../../support/console-world";

inBrowser("the console's shell around pages of an organization", () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await ConsoleWorld.start();
  });
  afterAll(() => world?.stop());
  afterEach(async () => expect(await world.closeWindows()).toEqual([]));

  test("a person who is removed from an open organization is informed, and the window keeps none of its data", async () => {
    const acme = await world.organization("Acme");
    const ron = await world.member(acme, "Ron Removed", "DEVELOPER");
    const window = await world.window(ron, `/organizations/${acme.id}/general`);
    const { page } = window;
    await page.getByText(acme.id).waitFor();
    const later: string[] = [];
    await run(acme.owner, "removeMember", { organizationId: acme.id, memberId: ron.memberId }, "memberId");
    await page.getByRole("heading", { name: "You no longer have access to Acme" }).waitFor();
    page.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => later.push(String(payload))));
    await run(acme.owner, "updateOrganization", { organizationId: acme.id, name: "Secret" }, "organization { id }");
    await page.getByRole("button", { name: /organizations and workspaces/ }).click();
    await page.getByRole("row", { name: "Ron Removed’s Organization" }).waitFor();
    expect(await page.getByRole("row", { name: "Acme" }).count()).toBe(0);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await violationsInBothThemes(window)).toEqual([]);
    await page.getByRole("link", { name: "Your organizations" }).click();
    await page.getByRole("heading", { name: "Organizations" }).waitFor();
    await page.goBack();
    await page.getByRole("heading", { name: "You no longer have access to Acme" }).waitFor();
    expect(await page.getByText(acme.id).count()).toBe(0);
    await page.reload();
    await page.getByRole("heading", { name: "There is no such page" }).waitFor();
    expect(await page.getByRole("main").count()).toBe(1);
    expect(later.join()).not.toContain("Secret");
  });

  test("the keyboard opens pages, searches and the list of shortcuts", async () => {
    const acme = await world.organization("Acme", { ownerName: "Kim Keys" });
    const { page } = await world.window(acme.owner, "/organizations");
    await page.getByRole("option", { name: /Acme/ }).waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("/");
    await page.keyboard.type("acme?");
    expect(await page.getByRole("searchbox").inputValue()).toBe("acme?");
    await page.keyboard.press("Control+k");
    const dialog = page.getByRole("dialog", { name: "Organizations and workspaces" });
    await dialog.getByRole("searchbox").fill("acm");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    await page.locator(":focus").and(page.getByLabel("Settings of Acme")).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "General" }).waitFor();
    await page.keyboard.press("Control+k");
    await dialog.getByRole("searchbox").fill("nothing like it");
    await dialog.getByText("No organization or workspace has this name.").waitFor();
    await page.keyboard.press("Escape");
    await page.goto("/");
    await page.getByRole("heading", { name: "General" }).waitFor();
  });
});

import type { Page } from "playwright-core";
import { inBrowser } from "../../support/browser";
import { violationsInBothThemes } from "../../support/console-service";
import { ConsoleWorld } from "../../support/console-world";

inBrowser("closed pages and several tabs", () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await ConsoleWorld.start();
  });
  afterAll(() => world?.stop());
  afterEach(async () => expect(await world.closeWindows()).toEqual([]));

  test("pages for Owners tell others why they are closed, and who can open them", async () => {
    const acme = await world.organization("Acme", { ownerName: "Paula Owner" });
    const pete = await world.member(acme, "Pete Developer", "DEVELOPER");
    const window = await world.window(pete, `/organizations/${acme.id}/subscription`);
    const { page } = window;
    const closed = page.getByRole("heading", { name: "This page is not open to you" });
    await closed.waitFor();
    await page.getByText("You are Developer of Acme.").waitFor();
    await page.getByRole("listitem").filter({ hasText: "Paula Owner" }).waitFor();
    expect(await page.getByRole("link", { name: "Subscription", exact: true }).count()).toBe(0);
    expect(await violationsInBothThemes(window)).toEqual([]);
    for (const [path, right] of [
      ["byok", "configure"],
      ["audit", "audit log"],
      ["reviews", "review"],
    ] as const) {
      await follow(page, `/organizations/${acme.id}/${path}`);
      await page.getByText(new RegExp(`You are Developer of Acme.*${right}`)).waitFor();
      await closed.waitFor();
    }
    await world.setRole(acme, pete.memberId, "ADMIN");
    await closed.waitFor({ state: "detached" });
    await page.getByRole("link", { name: "Access reviews" }).waitFor();
  });

  test("tabs share the session, also with the explorer; a chosen theme stays; signing out in one signs out the others", async () => {
    const window = await world.window(null, "/");
    await window.signUp("Sid Signing", "sid.signing@example.com", null);
    await window.page.getByRole("heading", { name: "Organizations" }).waitFor();
    const { page: explorer } = await window.tab();
    await explorer.goto("/dev/explorer");
    await explorer.getByRole("button", { name: /Execute/ }).click();
    await explorer.getByText("Sid Signing’s Organization").waitFor();
    await explorer.close();
    const { page: other } = await window.tab();
    await other.goto("/account");
    await other.getByRole("radio", { name: "Dark" }).check();
    const isScheme = (expected: string) =>
      other.waitForFunction((value) => getComputedStyle(document.documentElement).colorScheme === value, expected);
    await isScheme("dark");
    await other.reload();
    await other.getByRole("heading", { name: "Account" }).waitFor();
    await isScheme("dark");
    await other.getByRole("radio", { name: "As the system" }).check();
    await isScheme("light dark");
    await other.getByRole("link", { name: "CloudThinker" }).click();
    await other.getByRole("link", { name: "Members of Sid Signing’s Organization" }).click();
    await other.getByRole("button", { name: "Invite members" }).click();
    await other.getByLabel("E-mail addresses").fill("secret@example.com,");
    const kept = () => other.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
    expect(await kept()).toMatch(/own:.*last-place.*secret@example.com/);
    await window.page.getByRole("button", { name: "Sign out" }).click();
    await window.page.getByRole("heading", { name: "You are signed out" }).waitFor();
    await other.getByRole("heading", { name: "You are signed out" }).waitFor();
    expect(await kept()).not.toMatch(/own:|secret/);
    expect(await violationsInBothThemes(window)).toEqual([]);
    await other.goto("/callback?error=access_denied&error_description=Not+today&state=unknown");
    await other.getByRole("heading", { name: "The sign-in failed" }).waitFor();
  });
});

/** Opens an address without loading the document again. */
async function follow(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    history.pushState({}, "", to);
    dispatchEvent(new PopStateEvent("popstate"));
  }, path);
}

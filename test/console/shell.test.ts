import { inBrowser } from "../support/browser";
import { ConsoleService, violationsInBothThemes } from "../support/console-service";
import { invite, join, organization } from "../support/live-organization";

inBrowser("the console's shell", () => {
  let console: ConsoleService;
  beforeAll(async () => {
    console = await ConsoleService.start();
  });
  afterAll(() => console?.stop());
  afterEach(async () => expect(await console.closeWindows()).toEqual([]));

  test("a new person finds a personal organization, its default workspace on AWS, and the Owner's four first steps", async () => {
    const window = await console.windowOf("John Doe", "/");
    const { page } = window;
    const region = page.getByRole("region", { name: "John Doe’s Organization" });
    await region.waitFor();
    for (const way of ["Settings", "Members", "Subscription", "BYOK"]) {
      expect(await region.getByRole("link", { name: `${way} of John Doe’s Organization` }).count()).toBe(1);
    }
    expect(await region.getByRole("listitem").textContent()).toMatch(/Default.*AWS.*No description.*Admin.*1 member/);
    await page.getByText("Invite people to work together in it.").waitFor();
    const create = region.getByRole("button", { name: "New workspace" });
    expect(await create.getAttribute("aria-disabled")).toBe("true");
    await region.getByText("The Starter plan allows 1 workspace").waitFor();
    expect(await violationsInBothThemes(window)).toEqual([]);
  });

  test("an invitation arrives while the console is open, and is declined on its page", async () => {
    const [inviter, window] = [await console.person("Irene Inviter"), await console.windowOf("Ivan Invited")];
    const { page } = window;
    await page.getByRole("heading", { name: "Organizations" }).waitFor();
    const id = await organization(inviter);
    await invite(inviter, id, "ivan.invited@example.com");
    await page.getByRole("button", { name: /1 invitation for you/ }).click();
    await page.getByRole("link", { name: "Invitations" }).click();
    const card = page.getByRole("listitem").filter({ hasText: "Acme" });
    await card.getByText("Invited by Irene Inviter").waitFor();
    expect(await violationsInBothThemes(window)).toEqual([]);
    await card.getByRole("button", { name: "Decline" }).click();
    await page.getByText("Nobody has invited you at the moment.").waitFor();
    const { data } = await inviter.ask(
      `{ organization(id: "${id}") { invitations(statuses: [DECLINED]) { nodes { email } } } }`,
    );
    expect(data.organization.invitations.nodes).toEqual([{ email: "ivan.invited@example.com" }]);
  });

  test("accepting an invitation in the selector adds the organization there", async () => {
    const [inviter, { page }] = [await console.person("Selma Sender"), await console.windowOf("Sam Selecting")];
    await page.getByRole("heading", { name: "Organizations" }).waitFor();
    await invite(inviter, await organization(inviter), "sam.selecting@example.com", "VIEWER");
    await page.getByRole("button", { name: /1 invitation for you/ }).click();
    await page.getByRole("button", { name: "Accept the invitation to Acme" }).click();
    const row = page.getByRole("row", { name: "Acme" });
    await row.waitFor();
    expect(await row.getByRole("link").allTextContents()).toEqual(["Settings", "Members"]);
  });

  test("a canceled invitation disappears without a reload", async () => {
    const [inviter, { page }] = [await console.person("Clara Cancels"), await console.windowOf("Carl Canceled")];
    await page.getByRole("heading", { name: "Organizations" }).waitFor();
    const id = await organization(inviter);
    const invitationId = await invite(inviter, id, "carl.canceled@example.com");
    await page.getByRole("button", { name: /1 invitation for you/ }).waitFor();
    await inviter.ask(
      `mutation { cancelInvitation(input: { organizationId: "${id}", invitationId: "${invitationId}" }) { __typename } }`,
    );
    await page.getByRole("button", { name: /1 invitation for you/ }).waitFor({ state: "detached" });
  });

  test("a person who is removed from an open organization is informed, and the window keeps none of its data", async () => {
    const owner = await console.person("Rita Remover");
    const id = await organization(owner);
    const { memberId } = await join(console.service, owner, id, "DEVELOPER", await console.person("Ron Removed"));
    const window = await console.windowOf("Ron Removed", `/organizations/${id}/general`);
    const { page } = window;
    await page.getByText(id).waitFor();
    const later: string[] = [];
    await owner.ask(
      `mutation { removeMember(input: { organizationId: "${id}", memberId: "${memberId}" }) { __typename } }`,
    );
    await page.getByRole("heading", { name: "You no longer have access to Acme" }).waitFor();
    page.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => later.push(String(payload))));
    await owner.ask(
      `mutation { updateOrganization(input: { organizationId: "${id}", name: "Secret" }) { __typename } }`,
    );
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
    expect(await page.getByText(id).count()).toBe(0);
    await page.reload();
    await page.getByRole("heading", { name: "There is no such page" }).waitFor();
    expect(later.join()).not.toContain("Secret");
  });

  test("pages for Owners tell others why they are closed, and who can open them", async () => {
    const owner = await console.person("Paula Owner");
    const id = await organization(owner);
    const { memberId } = await join(console.service, owner, id, "DEVELOPER", await console.person("Pete Developer"));
    const window = await console.windowOf("Pete Developer", `/organizations/${id}/subscription`);
    const { page } = window;
    await page.getByRole("heading", { name: "This page is not open to you" }).waitFor();
    await page.getByText("You are Developer of Acme.").waitFor();
    await page.getByRole("listitem").filter({ hasText: "Paula Owner" }).waitFor();
    expect(await page.getByRole("link", { name: "Subscription", exact: true }).count()).toBe(0);
    expect(await violationsInBothThemes(window)).toEqual([]);
    for (const path of ["byok", "audit", "reviews"]) {
      await page.goto(`/organizations/${id}/${path}`);
      await page.getByRole("heading", { name: "This page is not open to you" }).waitFor();
    }
    await owner.ask(
      `mutation { changeMemberRole(input: { organizationId: "${id}", memberId: "${memberId}", role: ADMIN }) { __typename } }`,
    );
    await page.getByRole("heading", { name: "This page is not open to you" }).waitFor({ state: "detached" });
    await page.getByRole("link", { name: "Access reviews" }).waitFor();
  });

  test("the keyboard opens pages, searches and the list of shortcuts", async () => {
    const owner = await console.person("Kim Keys");
    await organization(owner);
    const { page } = await console.windowOf("Kim Keys");
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

  test("the chosen theme stays, regardless of the system's theme", async () => {
    const { page } = await console.windowOf("Thea Theme", "/account");
    await page.getByRole("radio", { name: "Dark" }).check();
    const isScheme = (expected: string) =>
      page.waitForFunction((value) => getComputedStyle(document.documentElement).colorScheme === value, expected);
    await isScheme("dark");
    await page.reload();
    await page.getByRole("heading", { name: "Account" }).waitFor();
    await isScheme("dark");
    await page.getByRole("radio", { name: "As the system" }).check();
    await isScheme("light dark");
  });

  test("signing out in one tab signs out the others with a message, and a failed sign-in shows the reason", async () => {
    const window = await console.windowOf("Sid Signing");
    await window.page.getByRole("heading", { name: "Organizations" }).waitFor();
    const { page: other } = await window.tab();
    await other.goto("/account");
    await other.getByRole("heading", { name: "Account" }).waitFor();
    await window.page.getByRole("button", { name: "Sign out" }).click();
    await window.page.getByRole("heading", { name: "You are signed out" }).waitFor();
    await other.getByRole("heading", { name: "You are signed out" }).waitFor();
    expect(await violationsInBothThemes(window)).toEqual([]);
    await other.goto("/callback?error=access_denied&error_description=Not+today&state=unknown");
    await other.getByRole("heading", { name: "The sign-in failed" }).waitFor();
  });

  test("an unknown URL shows a page that says so", async () => {
    const { page, faults } = await console.window();
    expect((await page.goto("/nowhere"))?.status()).toBe(404);
    await page.getByRole("heading", { name: "There is no such page" }).waitFor();
    // Chromium logs the page's 404.
    expect(faults.splice(0)).toHaveLength(1);
  });

  test("the explorer sends requests as the person who is signed in to the console", async () => {
    const window = await console.windowOf("Eve Explores");
    await window.page.getByRole("heading", { name: "Organizations" }).waitFor();
    const { page } = await window.tab();
    await page.goto("/dev/explorer");
    await page.getByRole("button", { name: /Execute/ }).click();
    await page.getByText("Eve Explores’s Organization").waitFor();
  });
});

import { inBrowser, type Window } from "../support/browser";
import { violationsInBothThemes } from "../support/console-service";
import { ConsoleWorld, run } from "../support/console-world";

/** `npm run prove` also looks at these pages with axe. */
const looksWrong = process.env.PROVE_STORIES ? violationsInBothThemes : async (_window: Window) => [];

inBrowser("the console's shell", () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await ConsoleWorld.start();
  });
  afterAll(() => world?.stop());
  afterEach(async () => expect(await world.closeWindows()).toEqual([]));

  test("a new person finds a personal organization, its default workspace on AWS, and the Owner's four first steps", async () => {
    const window = await world.window(null, "/");
    await window.signUp("John Doe", "john.doe@example.com", null);
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
    expect(await looksWrong(window)).toEqual([]);
  });

  test("invitations arrive and disappear while the console is open; they are accepted in the selector and declined on their page", async () => {
    const ivan = await world.person("Ivan Invited");
    const [acme, beta, gamma] = [
      await world.organization("Acme"),
      await world.organization("Beta", { ownerName: "Irene Inviter" }),
      await world.organization("Gamma"),
    ];
    const window = await world.window(ivan, "/organizations");
    const { page } = window;
    await page.getByRole("heading", { name: "Organizations" }).waitFor();
    const badge = page.getByRole("button", { name: /1 invitation for you/ });
    const canceled = await world.invite(gamma, ivan.email, "VIEWER");
    await badge.waitFor();
    const input = { organizationId: gamma.id, invitationId: canceled };
    await run(gamma.owner, "cancelInvitation", input, "invitation { id }");
    await badge.waitFor({ state: "detached" });
    await world.invite(acme, ivan.email, "VIEWER");
    await badge.click();
    await page.getByRole("button", { name: "Accept the invitation to Acme" }).click();
    const row = page.getByRole("row", { name: "Acme" });
    await row.waitFor();
    expect(await row.getByRole("link").allTextContents()).toEqual(["Settings", "Members"]);
    await world.invite(beta, ivan.email, "DEVELOPER");
    await page.getByRole("link", { name: "Invitations", exact: true }).click();
    const card = page.getByRole("listitem").filter({ hasText: "Beta" });
    await card.getByText("Invited by Irene Inviter").waitFor();
    expect(await looksWrong(window)).toEqual([]);
    await card.getByRole("button", { name: "Decline" }).click();
    await page.getByText("Nobody has invited you at the moment.").waitFor();
    await page.getByRole("heading", { level: 1 }).and(page.locator(":focus")).waitFor();
    const { data } = await beta.owner.ask(
      `{ organization(id: "${beta.id}") { invitations(statuses: [DECLINED]) { nodes { email } } } }`,
    );
    expect(data.organization.invitations.nodes).toEqual([{ email: ivan.email }]);
  });

  test("an unknown URL shows a page that says so", async () => {
    const { page, faults } = await world.window(null, "/nowhere");
    await page.getByRole("heading", { name: "There is no such page" }).waitFor();
    // Chromium logs the page's 404.
    expect(faults.splice(0)).toEqual([expect.stringContaining("404")]);
  });
});

import type { Locator, Page } from "playwright-core";
import { inBrowser, type Window } from "../../support/browser";
import { pixelsBeyondTheEdge } from "../../support/console-service";
import { type ConsolePerson, ConsoleWorld } from "../../support/console-world";
import { COLOURS, DEMO_FOUNDER, everyPage, loaded, settled, widerThanTheirPlace } from "../../support/every-page";

/**
 * React Aria's ComboBox hides the rest of the page from screen readers while its list is open, because the list is at
 * the end of the document (adobe/react-spectrum#4937). Tab closes the list before it moves the focus, so nobody reaches
 * hidden elements. axe cannot know that, and reports the missing title and landmarks for the same reason.
 */
const HIDDEN_WHILE_OPEN = {
  "aria-hidden-focus": { enabled: false },
  "page-has-heading-one": { enabled: false },
  region: { enabled: false },
};

/** A control that opens a dialog, a menu or a picker, its page, and the steps to the dialog's state. */
type Opener = [name: string, path: string, control: string | RegExp, reach?: (page: Page) => Promise<unknown>];

const OPENERS: readonly Opener[] = [
  ["Selector", "/account", /organizations and workspaces/],
  ["Shortcuts", "/account", /shortcuts/i],
  ["Transfer", "demo/general", "Transfer ownership"],
  ["Leave", "demo/general", "Leave the organization"],
  ["Delete", "demo/general", "Delete the organization"],
  ["Make another Owner", "personal/general", "Make another Owner"],
  ["Invite", "demo/members", "Invite members"],
  ["Invite: an outcome per address", "demo/members", "Invite members", invite("ada.okafor@northwind.example, nobody")],
  ["Invite: no seat", "personal/members", "Invite members", invite("grace@example.com")],
  ["Role", "demo/members", "Role of Dana Kim"],
  ["Role of the last Owner", "personal/members", "Role of Olivia Bennett"],
  ["Last Owner", "personal/members", "Remove Olivia Bennett"],
  ["Access", "demo/members", "Workspaces of Dana Kim"],
  ["Access with an end", "demo/members", "Workspaces of Dana Kim", setEnd],
  ["Access by role", "demo/members", "Workspaces of Ada Okafor"],
  ["Remove", "demo/members", "Remove Dana Kim"],
  ["Edit invitation", "demo/members?tab=invitations", /edit/i],
  ["New link", "demo/members?tab=invitations", /^Make a new link for noah/],
  ["New workspace", "demo/workspaces", /New workspace/],
  ["New workspace: the name is taken", "demo/workspaces", /New workspace/, nameIt("Production")],
  ["New workspace: the limit is reached", "personal/workspaces", /New workspace/, nameIt("Second")],
  ["Add people", "workspace", "Add people"],
  ["End of access", "workspace", /^Set when Dana Kim/],
  ["Remove from a workspace", "workspace", /^Remove Dana Kim/],
  ["Delete a workspace", "workspace", "Delete workspace"],
  ["Event types", "demo/audit", /What happened/],
  ["Region", "demo/byok", /Region/],
  ["Upgrade", "personal/subscription", "Upgrade to Standard"],
  ["Start a review", "other/reviews", "Start a review"],
  ["Start a review: another is open", "demo/reviews", "Start a review", startReview],
  ["Change in a review", "review", "Change Dana Kim"],
  ["Note in a review", "review", /^Note on Dana Kim/],
  ["Complete a review", "review", "Complete"],
  ["Cancel a review", "review", "Cancel review"],
];

function invite(addresses: string) {
  return async (page: Page) => {
    await page.getByLabel("E-mail addresses").fill(`${addresses},`);
    await page.getByRole("button", { name: "Send invitations" }).press("Enter");
    await page
      .getByText(/people invited|There is no free seat|has no free seat/)
      .first()
      .waitFor();
  };
}

function nameIt(name: string) {
  return async (page: Page) => {
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill(name);
    await dialog.getByRole("button", { name: "Create" }).press("Enter");
    await refused(dialog);
  };
}

async function setEnd(page: Page) {
  await page.getByRole("button", { name: "End the access to Production at a time" }).press("Enter");
  await page.getByLabel("Access to Production ends").waitFor();
}

async function startReview(page: Page) {
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Again");
  await dialog.getByRole("button", { name: "Start a review" }).press("Enter");
  await refused(dialog);
}

/** Waits for a problem at the form or at one of its fields. */
async function refused(dialog: Locator) {
  await dialog.locator("[role=alert], [aria-invalid=true]").first().waitFor();
}

inBrowser("dialogs, menus and pickers", () => {
  let world: ConsoleWorld;
  let founder: ConsolePerson;
  let window: Window;
  const places: Record<string, string> = {};
  beforeAll(async () => {
    world = await ConsoleWorld.start({ SEED_DEMO: "true" });
    founder = await world.person(...DEMO_FOUNDER);
    const pages = new Map(await everyPage(founder));
    const { data } = await founder.ask("{ viewer { memberships { organization { id name isPersonal } } } }");
    for (const { organization } of data.viewer.memberships) {
      const place = organization.isPersonal ? "personal" : organization.name === "Northwind Labs" ? "other" : "demo";
      places[place] = `/organizations/${organization.id}`;
    }
    places.review = pages.get("Access review") ?? "";
    const all = await founder.ask(
      `{ organization(id: "${places.demo?.split("/")[2]}") { workspaces { nodes { id name } } } }`,
    );
    const production = all.data.organization.workspaces.nodes.find(
      ({ name }: { name: string }) => name === "Production",
    );
    places.workspace = `${places.demo}/workspaces/${production.id}`;
  });
  beforeEach(async () => {
    window = await world.window(founder, "/account");
  });
  afterAll(async () => world?.stop());
  afterEach(async () => expect(await world.closeWindows()).toEqual([]));

  async function open(path: string): Promise<Page> {
    await window.page.goto(path.replace(/^(demo|personal|other|workspace|review)/, (place) => places[place] ?? ""));
    await loaded(window.page);
    return window.page;
  }

  test("axe finds nothing in any dialog in both themes, and nothing scrolls sideways at 320 px", async () => {
    const found: unknown[] = [];
    for (const [name, path, control, reach] of OPENERS) {
      const page = await open(path);
      await page.getByRole("button", { name: control }).first().press("Enter");
      await page.locator("[role=dialog], [role=alertdialog], [role=listbox]").first().waitFor();
      await reach?.(page);
      await settled(page);
      const light = await window.violations();
      await page.emulateMedia({ colorScheme: "dark" });
      const dark = await window.violations(COLOURS);
      await page.setViewportSize({ width: 320, height: 640 });
      found.push([name, light, dark, await pixelsBeyondTheEdge(window), await page.evaluate(widerThanTheirPlace)]);
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.emulateMedia({ colorScheme: "light" });
    }
    expect(found).toEqual(OPENERS.map(([name]) => [name, [], [], 0, []]));
  });

  test("the fields of a temporary key fit at 320 px", async () => {
    const page = await open("demo/byok");
    await page.setViewportSize({ width: 320, height: 640 });
    await page.getByLabel("Access key ID").fill("ASIAIOSFODNN7EXAMPLE");
    await page.getByLabel("Session ends at").waitFor();
    expect(await pixelsBeyondTheEdge(window)).toBe(0);
    expect(await window.violations()).toEqual([]);
  });

  test("axe reports only elements that the open picker of people hides until Tab closes it", async () => {
    const page = await open("demo/audit");
    await page.getByRole("combobox", { name: "Who" }).press("ArrowDown");
    await page.getByRole("option", { name: /Ada Okafor/ }).waitFor();
    expect(await window.violations({ rules: HIDDEN_WHILE_OPEN })).toEqual([]);
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await window.violations(COLOURS)).toEqual([]);
    await page.keyboard.press("Tab");
    await page.getByRole("option").first().waitFor({ state: "detached" });
    expect(await page.locator("header[aria-hidden], nav[aria-hidden], main [aria-hidden] :is(a, button)").count()).toBe(
      0,
    );
  });
});

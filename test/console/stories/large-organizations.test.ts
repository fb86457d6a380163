import { inBrowser } from "../../support/browser";
import { type ConsoleOrganization, ConsoleWorld, run } from "../../support/console-world";
import { fillWithMembers } from "../../support/many-members";

const WORKSPACES = 130;
const END = new Date(Date.now() + 30 * 86_400_000).toISOString();
/** How many members the large organization has. */
const MEMBERS = Number(process.env.PROVE_MEMBERS ?? 1_000);
/** How long a step may take: reading all of a large review takes many requests. */
const STEP_TIMEOUT_MS = 15 * MEMBERS;
/** The members whose name begins with `Member 9`. */
const FOUND = Array.from({ length: MEMBERS }, (_, index) => String(index + 1)).filter((each) => each.startsWith("9"));
const SEARCH = "Member 9";
const range = (from: number, to: number, total: number) => `${from}–${to} of ${total.toLocaleString("en")}`;

inBrowser("an organization with many workspaces in the console", () => {
  let world: ConsoleWorld;
  let acme: ConsoleOrganization;
  beforeAll(async () => {
    world = await ConsoleWorld.start();
    acme = await world.organization("Acme", { ownerName: "Bella Boss", plan: "ENTERPRISE" });
    await world.sql(
      `INSERT INTO workspace (id, organization_id, name, name_key, cloud_provider, is_default, created_at, updated_at)
       SELECT gen_random_uuid(), $1, 'Team ' || n, 'team ' || n, 'GCP', false, now() + n * interval '1 second', now()
       FROM generate_series(1, $2::int) n`,
      acme.id,
      WORKSPACES,
    );
    const last = await world.workspace(acme, "Zeta");
    await world.member(acme, "Dana Kim", "DEVELOPER", [{ workspaceId: last, expiresAt: END }]);
    await world.member(acme, "Vera Low", "VIEWER");
  });
  afterAll(() => world?.stop());
  afterEach(async () => expect(await world.closeWindows()).toEqual([]));

  test("several members can get a workspace, and access keeps its end; members with access by their role stay selected with the reason", async () => {
    const { page } = await world.window(acme.owner, `/organizations/${acme.id}/members`);
    await page.getByRole("checkbox", { name: "Select all on this page" }).check();
    await page.getByRole("button", { name: "Give a workspace" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: /Role in this workspace/ }).click();
    await page.getByRole("listbox").getByRole("option", { name: "Developer" }).click();
    await page.getByRole("listbox").waitFor({ state: "detached" });
    // A press beside the dialog does not discard the choice.
    await page.mouse.click(2, 2);
    await dialog.getByRole("combobox", { name: "Workspace" }).fill("zet");
    await page.getByRole("option", { name: /Zeta/ }).click();
    await dialog.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("dialog", { name: "Give Zeta to 3 members as Developer?" }).waitFor();
    // The effects move the buttons, and a press on one that moves is none.
    await dialog.getByText("The list says what will be recorded.").waitFor();
    await dialog.getByRole("button", { name: "Give access" }).click();
    await dialog.getByText("2 of 3 done").waitFor();
    const refused = dialog.getByRole("listitem").filter({ hasText: "Bella Boss" });
    await refused.getByText("Refused").waitFor();
    await refused.getByText(/every workspace/i).waitFor();
    await dialog.getByRole("button", { name: "Close" }).click();
    await page.getByText("1 selected").waitFor();
    await page
      .getByRole("row", { name: /Dana Kim/ })
      .getByText(`1 of ${WORKSPACES + 2}, 1 override`)
      .waitFor();
    const { data } = await acme.owner.ask(
      "query($id: ID!) { organization(id: $id) { members { nodes { user { name } workspaceAccess { source expiresAt } } } } }",
      { id: acme.id },
    );
    const access = (name: string) =>
      data.organization.members.nodes.find(({ user }: { user: { name: string } }) => user.name === name)
        .workspaceAccess;
    expect(access("Dana Kim")).toEqual([{ source: "OVERRIDE", expiresAt: END }]);
    expect(access("Vera Low")).toEqual([{ source: "OVERRIDE", expiresAt: null }]);
  });

  test("every workspace is reached from the selector and the organizations page, and by name", async () => {
    const { page } = await world.window(acme.owner, "/organizations");
    const section = page.getByRole("region", { name: "Acme", exact: true });
    await page.getByRole("option", { name: /^Acme/ }).click();
    await section.getByRole("link", { name: "32 more workspaces…" }).waitFor();
    await page.getByRole("searchbox", { name: "Search" }).fill("zet");
    await section.getByRole("link", { name: "Zeta", exact: true }).waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("link", { name: "All organizations" }).waitFor();
    await page.locator("input[type=search]:focus").fill("zeta");
    await page.getByRole("row", { name: /Zeta/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Zeta" }).waitFor();
    await page.getByRole("button", { name: /^Zeta/ }).waitFor();
  });

  test("a review and a decision can use a workspace that a search finds", async () => {
    const { page } = await world.window(acme.owner, `/organizations/${acme.id}/reviews`);
    await page.getByRole("button", { name: "Start a review" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Zeta only");
    await dialog.getByRole("button", { name: "Show more workspaces" }).click();
    await dialog.getByRole("checkbox", { name: "Team 80", exact: true }).waitFor();
    await dialog.getByRole("searchbox", { name: "Search workspaces" }).fill("zet");
    await dialog.getByRole("checkbox", { name: "Team 80", exact: true }).waitFor({ state: "detached" });
    await dialog.getByText("Zeta", { exact: true }).click();
    // Enter in the search does not submit the form.
    await dialog.getByRole("searchbox", { name: "Search workspaces" }).press("Enter");
    await dialog.getByRole("searchbox", { name: "Search workspaces" }).fill("team 130");
    await dialog.getByRole("checkbox", { name: "Team 130" }).waitFor();
    expect(await dialog.getByRole("checkbox", { name: "Zeta" }).isChecked()).toBe(true);
    await dialog.getByRole("button", { name: "Start a review" }).click();
    await page.getByRole("heading", { name: "Zeta only" }).waitFor();
    await page.getByRole("button", { name: "Change Dana Kim" }).click();
    await dialog.getByRole("searchbox", { name: "Search workspaces" }).fill("team 130");
    await dialog.getByRole("button", { name: /Access: Team 130/ }).click();
    await page.getByRole("listbox").getByRole("option", { name: "Admin" }).click();
    await dialog.getByRole("button", { name: /Access: Zeta/ }).waitFor();
    await dialog.getByRole("button", { name: "Decide to change" }).click();
    const row = page.getByRole("listitem", { name: "Dana Kim", exact: true });
    await row.getByText("Team 130 as Admin").waitFor();
  });
});

inBrowser("an organization with many members in the console", () => {
  let world: ConsoleWorld;
  let acme: ConsoleOrganization;
  beforeAll(async () => {
    world = await ConsoleWorld.start();
    acme = await world.organization("Many", { ownerName: "Olga Owner" });
    await fillWithMembers(world, acme, MEMBERS);
  });
  afterAll(() => world?.stop());
  afterEach(async () => expect(await world.closeWindows()).toEqual([]));

  test("few rows are rendered, search and filters are in the URL, and the CSV has all", async () => {
    const { page } = await world.window(acme.owner, `/organizations/${acme.id}/members`);
    page.setDefaultTimeout(STEP_TIMEOUT_MS);
    await page.getByRole("tab", { name: `Active ${MEMBERS.toLocaleString("en")}` }).waitFor();
    await page.getByText(range(1, 50, MEMBERS)).waitFor();
    expect(await page.locator("tr").count()).toBeLessThanOrEqual(100);
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByText(range(51, 100, MEMBERS)).waitFor();
    expect(await page.locator("tr").count()).toBeLessThanOrEqual(100);
    const search = page.getByRole("searchbox", { name: "Search members" });
    await search.fill(SEARCH);
    await page.waitForURL(/q=Member/);
    await page.getByText(range(1, 50, FOUND.length)).waitFor();
    const viewers = FOUND.filter((each) => each.endsWith("00")).length;
    await page.getByRole("button", { name: `Viewer ${viewers}`, exact: true }).click();
    await page.getByRole("row", { name: /Member 901/ }).waitFor({ state: "detached" });
    await page.getByRole("row", { name: /Member 900 / }).waitFor();
    expect(await page.getByRole("row").count()).toBe(viewers + 1);
    await page.reload();
    await page.getByRole("row", { name: /Member 900 / }).waitFor();
    expect(await search.inputValue()).toBe(SEARCH);
    await page.goBack();
    await page.getByText(range(1, 50, FOUND.length)).waitFor();
    await page.goBack();
    await page.getByText(range(1, 50, MEMBERS)).waitFor();
    await page.getByLabel("Order").selectOption("Name");
    await page.waitForURL(/order=NAME/);
    await page.getByRole("row", { name: /Member 1000 / }).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Export CSV" }).click(),
    ]);
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk);
    const lines = Buffer.concat(chunks).toString("utf8").trim().split("\r\n");
    expect(lines).toHaveLength(MEMBERS + 1);
    expect(new Set(lines).size).toBe(MEMBERS + 1);
  });

  test("a page that arrives after the search has changed does not turn the page of the new list", async () => {
    const { page } = await world.window(acme.owner, `/organizations/${acme.id}/members`);
    await page.getByText(range(1, 50, MEMBERS)).waitFor();
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const isNextPage = (body: string | null) => body?.includes("MembersList") === true && body.includes('"after":"');
    await page.route("**/graphql", async (route) => {
      if (isNextPage(route.request().postData())) await released;
      await route.continue();
    });
    const late = page.waitForResponse((response) => isNextPage(response.request().postData()));
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("searchbox", { name: "Search members" }).fill(SEARCH);
    await page.getByText(range(1, 50, FOUND.length)).waitFor();
    release();
    await (await late).finished();
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
    expect(await page.getByText(range(1, 50, FOUND.length)).count()).toBe(1);
  });

  test("a review has few rows at a time, a search and a filter begin at the first page, and many are decided together", async () => {
    const input = { organizationId: acme.id, name: "Everybody", dueAt: "2100-01-01T00:00:00Z" };
    const { review } = await run(acme.owner, "startAccessReview", input, "review { id }");
    const { page } = await world.window(acme.owner, `/organizations/${acme.id}/reviews/${review.id}`);
    page.setDefaultTimeout(STEP_TIMEOUT_MS);
    const rows = page.getByRole("region", { name: "People" }).getByRole("listitem");
    const turn = async () => {
      await page.getByText(range(1, 50, MEMBERS)).waitFor();
      await page.getByRole("button", { name: "Next" }).click();
      await page.getByText(range(51, 100, MEMBERS)).waitFor();
      expect(await rows.count()).toBe(50);
    };
    await turn();
    await page.getByRole("searchbox", { name: "Find a person" }).fill(SEARCH);
    await page.getByText(range(1, 50, FOUND.length)).waitFor();
    await page.getByRole("searchbox", { name: "Find a person" }).fill("");
    await turn();
    await page.getByRole("radio", { name: /Undecided/ }).click();
    await turn();
    await page.getByRole("searchbox", { name: "Find a person" }).fill(SEARCH);
    await page.getByText(range(1, 50, FOUND.length)).waitFor();
    await page.getByRole("button", { name: `Select all ${FOUND.length.toLocaleString("en")} shown` }).click();
    await page.getByRole("button", { name: "Keep", exact: true }).click();
    await page.getByText("Nobody matches.").waitFor();
    await page.getByText(`${FOUND.length.toLocaleString("en")} of ${MEMBERS.toLocaleString("en")}`).waitFor();
  });
});

import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { inBrowser } from "../../support/browser";
import { type ConsoleOrganization, ConsoleWorld } from "../../support/console-world";

const DAY_MS = 86_400_000;
const DAY = new Intl.DateTimeFormat("en", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const CREDITS = new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const NUMBER = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });

interface Point {
  at: string;
  credits: number;
  calls: number;
  byokCalls: number;
}

inBrowser("the usage of an organization", () => {
  let world: ConsoleWorld;
  let acme: ConsoleOrganization & { workspaces: string[] };
  beforeAll(async () => {
    world = await ConsoleWorld.start();
    const organization = await world.organization("Acme", { plan: "STANDARD" });
    const sql =
      "UPDATE organization_subscription SET started_at = started_at - interval '50 days' WHERE organization_id = $1";
    await world.service.app.services.database.dataSource.query(sql, [organization.id]);
    acme = {
      ...organization,
      workspaces: [await world.workspace(organization, "Production"), await world.workspace(organization, "=Research")],
    };
    await record(recorded());
  });
  afterAll(async () => world?.stop());
  afterEach(async () => expect(await world.closeWindows()).toEqual([]));

  /** Two workspaces with one call each per day for 35 days, in the last week also on the organization's own key. */
  function recorded() {
    return Array.from({ length: 35 }, (_, ago) =>
      acme.workspaces.flatMap((workspaceId, index) => {
        const at = new Date(Date.now() - ago * DAY_MS).toISOString();
        const call = { workspaceId, at, credits: 10.123456789 + index + (ago % 5), byok: false };
        const own = { ...call, id: `own-${ago}-${index}`, credits: 0, byok: true };
        return [{ ...call, id: `call-${ago}-${index}` }, ...(ago < 7 ? [own] : [])];
      }),
    ).flat();
  }

  async function record(records: object[]): Promise<void> {
    const meter = await world.service.service("usage:write");
    const { data, errors } = await meter(
      "mutation($input: RecordUsageInput!) { recordUsage(input: $input) { ... on RecordUsageSuccess { recorded } } }",
      { input: { records } },
    );
    expect([errors, data.recordUsage.recorded]).toEqual([undefined, records.length]);
  }

  /** The last 35 days in the graph. */
  async function usage() {
    const span = `from: "${dayAgo(34)}T00:00:00Z", to: "${dayAgo(0)}T00:00:00Z"`;
    const { data } = await acme.owner.ask(
      `query($id: ID!) { organization(id: $id) { subscription { usage { forecast credits { monthlyLimit monthlyRemaining }
        trend(${span}) { at credits calls byokCalls } trendByWorkspace(${span}) { workspace { name } points { credits } } } } } }`,
      { id: acme.id },
    );
    return data.organization.subscription.usage;
  }

  const dayAgo = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);

  async function open(search = `?from=${dayAgo(34)}&to=${dayAgo(0)}`, options = {}) {
    const window = await world.window(acme.owner, `/organizations/${acme.id}/subscription${search}`, options);
    await window.page.getByRole("heading", { name: "By workspace" }).waitFor();
    return window;
  }

  /** The cells of a table, row by row. */
  const cellsOf = (page: Page, name: RegExp) =>
    page
      .getByRole("table", { name })
      .locator("tbody tr")
      .evaluateAll((rows) =>
        rows.map((row) => [...row.querySelectorAll("td")].map(({ textContent }) => textContent ?? "")),
      );

  test("table and CSV have the credits of the graph", async () => {
    const { trend, trendByWorkspace } = await usage();
    const { page } = await open();
    const chart = page.getByRole("tablist", { name: "By workspace" });
    await chart.getByRole("tab", { name: "Data" }).click();
    const shown = await cellsOf(page, /^Credits from/);
    const parts = (index: number) =>
      trendByWorkspace.map(({ points }: { points: Point[] }) => points[index]?.credits ?? 0) as number[];
    expect(shown).toEqual(
      (trend as Point[]).map(({ at, credits, calls, byokCalls }, index) => [
        DAY.format(new Date(at)),
        ...parts(index).map((each) => CREDITS.format(each)),
        CREDITS.format(credits),
        String(calls),
        String(byokCalls),
      ]),
    );
    const saving = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download CSV" }).click();
    const download = await saving;
    expect(download.suggestedFilename()).toBe(`usage-${dayAgo(34)}-${dayAgo(0)}.csv`);
    const lines = readFileSync(await download.path(), "utf8")
      .trim()
      .split("\r\n");
    expect(lines[0]).toBe(`"Day","'=Research","Production","Total","Calls","On own key"`);
    expect(lines.slice(1)).toEqual(
      (trend as Point[]).map(({ at, credits, calls, byokCalls }, index) =>
        [at.slice(0, 10), ...parts(index), credits, calls, byokCalls].map((cell) => `"${cell}"`).join(","),
      ),
    );
  });

  test("the forecast reaches the limit on the day that the graph says", async () => {
    const { forecast, credits } = await usage();
    const { page } = await open();
    const day = DAY.format(new Date(forecast));
    await page.getByText(`At the pace of the last 7 days, the credits run out on ${day}.`).waitFor();
    await page.getByRole("tablist", { name: "This period" }).getByRole("tab", { name: "Data" }).click();
    const rows = await cellsOf(page, /^Credits used in this period/);
    const last = rows.findLast(([, , value]) => value !== "");
    expect([last?.[0], last?.[2]]).toEqual([day, CREDITS.format(credits.monthlyLimit)]);
    const today = rows.find(([at]) => at === DAY.format(new Date()));
    expect(today?.[1]).toBe(CREDITS.format(credits.monthlyLimit - credits.monthlyRemaining));
  });

  test("arrow keys read each bar of the chart, as the graph has it", async () => {
    const { trend, trendByWorkspace } = await usage();
    const { page } = await open();
    const figure = page.getByRole("figure", { name: "Credits per day, by workspace" });
    await figure.getByRole("application").focus();
    const at = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", timeZone: "UTC" });
    const status = figure.getByRole("status");
    for (const [index, point] of (trend as Point[]).entries()) {
      if (index > 0) await page.keyboard.press("ArrowRight");
      await status.getByText(at.format(new Date(point.at)), { exact: true }).waitFor();
      const read = await status.textContent();
      for (const { workspace, points } of trendByWorkspace) {
        expect(read).toContain(`${workspace.name}${NUMBER.format(points[index].credits)}`);
      }
    }
  });

  test("a new call changes the meters within half a minute, without a reload", async () => {
    const window = await world.window(acme.owner, "/account");
    await window.page.clock.install();
    await window.page.goto(`/organizations/${acme.id}/subscription`);
    const meter = window.page.getByRole("meter", { name: "Credits of this period" });
    await meter.waitFor();
    const before = await meter.textContent();
    const call = {
      id: "later",
      workspaceId: acme.workspaces[0],
      at: new Date().toISOString(),
      credits: 3,
      byok: false,
    };
    await record([call]);
    const { credits } = await usage();
    const after = NUMBER.format(credits.monthlyLimit - credits.monthlyRemaining);
    expect(before).not.toContain(after);
    await window.page.clock.fastForward(30_000);
    await meter.getByText(after).waitFor();
  });

  test("the period and its grouping are in the URL and survive a reload", async () => {
    const { page } = await open("");
    await page.getByRole("button", { name: "7 days" }).click();
    await page.getByLabel("Group by").selectOption("week");
    await page.waitForURL((url) => url.search === `?from=${dayAgo(6)}&to=${dayAgo(0)}&by=week`);
    await page.reload();
    await page.getByRole("figure", { name: "Credits per week, by workspace" }).waitFor();
    expect(await page.getByRole("button", { name: "7 days" }).getAttribute("aria-pressed")).toBe("true");
  });

  test.each(["light", "dark"] as const)(
    "axe finds nothing in the %s theme, and nothing is cut at 320 px",
    async (colorScheme) => {
      const window = await open("", { colorScheme, width: 320 });
      await window.page.getByRole("figure", { name: "Calls on your own key per day" }).waitFor();
      expect(await window.violations()).toEqual([]);
      expect(await window.page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    },
  );

  test("an organization without usage shows where credits will appear", async () => {
    const fresh = await world.organization("Fresh", { plan: "STARTER" });
    const window = await world.window(fresh.owner, `/organizations/${fresh.id}/subscription`);
    await window.page.getByRole("heading", { name: "Nothing was used in this period." }).waitFor();
    await window.page.getByText("Nothing was used in the last 7 days.").waitFor();
    await window.page.getByText("No payment provider is connected").waitFor();
    expect(await window.violations()).toEqual([]);
  });
});

import { obstaclesOf } from "../../web/src/pages/subscription/blockers";
import { subscriptionSearch } from "../../web/src/pages/subscription/search";
import { argumentsOf, lengthOf, periodOf } from "../../web/src/pages/subscription/usage/period";
import { poolOf } from "../../web/src/pages/subscription/usage/pool";
import { tableOf, type Usage } from "../../web/src/pages/subscription/usage/series";

const TODAY = "2026-11-26";

describe("the period in the URL", () => {
  test.each([
    ["nothing", {}, { from: "2026-10-28", to: TODAY, by: "day" }],
    ["only its end", { to: "2026-03-31" }, { from: "2026-03-02", to: "2026-03-31", by: "day" }],
    ["only its start", { from: "2026-11-01" }, { from: "2026-11-01", to: TODAY, by: "day" }],
    ["a start in the future", { from: "2026-12-24" }, { from: "2026-12-24", to: "2026-12-24", by: "day" }],
    ["both in the wrong order", { from: TODAY, to: "2026-11-20" }, { from: "2026-11-20", to: TODAY, by: "day" }],
    ["one day", { from: TODAY, to: TODAY, by: "week" }, { from: TODAY, to: TODAY, by: "week" }],
  ] as const)("%s", (_what, search, period) => {
    expect(periodOf(search, TODAY)).toEqual(period);
  });

  test("groups by longer intervals if there would be more than a hundred bars", () => {
    const by = (days: number) =>
      periodOf({ from: new Date(Date.parse(TODAY) - (days - 1) * 86_400_000).toISOString().slice(0, 10) }, TODAY).by;
    expect([by(100), by(101), by(700), by(701)]).toEqual(["day", "week", "week", "month"]);
  });

  test("covers at most the ten years that the service allows", () => {
    expect(lengthOf(periodOf({ from: "1990-01-01", to: TODAY }, TODAY))).toBe(3_650);
  });

  test("is converted to the graph's arguments", () => {
    expect(argumentsOf({ from: "2026-11-01", to: TODAY, by: "month" })).toEqual({
      from: "2026-11-01T00:00:00.000Z",
      to: "2026-11-26T00:00:00.000Z",
      interval: "MONTH",
    });
  });

  test("ignores unknown values in a URL", () => {
    const strange = { from: "2026-02-31", to: "today", by: "hour", paid: "<b>", cycle: "WEEKLY", other: 1 };
    expect(subscriptionSearch(strange)).toEqual({});
    const known = { from: "2026-02-28", to: "2026-03-01", by: "week", paid: "STANDARD", cycle: "ANNUAL" };
    expect(subscriptionSearch(known)).toEqual(known);
  });
});

describe("the trend", () => {
  const trend = (kind: "WORKSPACE" | "OTHERS" | "DELETED", name: string | null, ...credits: number[]) => ({
    __typename: "WorkspaceTrend" as const,
    kind,
    workspace: name === null ? null : { __typename: "Workspace" as const, id: name, name },
    points: credits.map((each, index) => ({
      __typename: "UsagePoint" as const,
      at: `2026-11-0${index + 1}T00:00:00.000Z`,
      credits: each,
      calls: 2,
      byokCalls: index,
    })),
  });
  const names = { others: "Other workspaces", deleted: "Deleted workspaces" };

  test("has a row per day, whose parts add up without rounding errors", () => {
    const { series, rows, ...sums } = tableOf(
      [trend("WORKSPACE", "Production", 0.1, 1), trend("OTHERS", null, 0.2, 0), trend("DELETED", null, 0, 5)],
      names,
    );
    expect(series).toEqual([
      { key: "Production", name: "Production", total: 1.1 },
      { key: "OTHERS", name: "Other workspaces", total: 0.2 },
      { key: "DELETED", name: "Deleted workspaces", total: 5 },
    ]);
    expect(rows).toEqual([
      {
        at: "2026-11-01T00:00:00.000Z",
        values: { Production: 0.1, OTHERS: 0.2, DELETED: 0 },
        total: 0.3,
        calls: 6,
        ownKeyCalls: 0,
      },
      {
        at: "2026-11-02T00:00:00.000Z",
        values: { Production: 1, OTHERS: 0, DELETED: 5 },
        total: 6,
        calls: 6,
        ownKeyCalls: 3,
      },
    ]);
    expect(sums).toEqual({ total: 6.3, calls: 12, ownKeyCalls: 3 });
  });

  test("without usage is empty", () => {
    expect(tableOf([], names)).toEqual({ series: [], rows: [], total: 0, calls: 0, ownKeyCalls: 0 });
  });
});

describe("the pool of the period", () => {
  const usage = (change: { credits?: object; forecast?: string | null; projectedPeriodCredits?: number | null }) => {
    const credits = {
      monthlyLimit: 100,
      monthlyRemaining: 40,
      resetsAt: "2026-11-30T10:00:00.000Z",
      ...change.credits,
    };
    const pool = [
      { at: "2026-10-29T00:00:00.000Z", periodCredits: 7 },
      { at: "2026-11-25T00:00:00.000Z", periodCredits: 20 },
      { at: "2026-11-26T00:00:00.000Z", periodCredits: 30 },
    ];
    return { forecast: null, projectedPeriodCredits: 80, pool, ...change, credits } as unknown as Usage;
  };
  const day = (pool: ReturnType<typeof poolOf>, at: string) => pool.days.find((each) => each.at === at);

  test("covers the period from its first to its last day, calculated back from the current use", () => {
    const pool = poolOf(usage({}), TODAY);
    expect([pool.days[0]?.at, pool.days.at(-1)?.at]).toEqual(["2026-10-30", "2026-11-30"]);
    expect(day(pool, TODAY)).toMatchObject({ used: 60 });
    expect(day(pool, "2026-11-25")).toMatchObject({ used: 30, forecast: null });
    expect(day(pool, "2026-11-24")).toMatchObject({ used: 10 });
    expect(day(pool, "2026-11-27")).toMatchObject({ used: null });
  });

  test("leads to the projected use at the end of the period if the credits last", () => {
    const pool = poolOf(usage({}), TODAY);
    expect(pool).toMatchObject({ used: 60, limit: 100, runsOut: null, projected: 80 });
    expect(pool.days.slice(-5).map(({ forecast }) => forecast)).toEqual([60, 65, 70, 75, 80]);
  });

  test("ends at the limit on the day that the graph forecasts", () => {
    const pool = poolOf(usage({ forecast: "2026-11-28T00:00:00.000Z" }), TODAY);
    expect(pool.runsOut).toBe("2026-11-28");
    expect(pool.days.slice(-5).map(({ forecast }) => forecast)).toEqual([60, 80, 100, null, null]);
  });

  test("ends today if the credits are used up", () => {
    const spent = usage({ credits: { monthlyRemaining: 0 }, forecast: "2026-11-26T00:00:00.000Z" });
    expect(day(poolOf(spent, TODAY), TODAY)).toEqual({ at: TODAY, used: 100, forecast: 100 });
  });

  test("of an unlimited plan adds up the days of the period only", () => {
    const unlimited = { credits: { monthlyLimit: null, monthlyRemaining: null }, projectedPeriodCredits: null };
    const pool = poolOf(usage(unlimited), TODAY);
    expect(pool).toMatchObject({ used: 50, limit: null, projected: null });
    expect(pool.days.every(({ forecast }) => forecast === null)).toBe(true);
  });

  test("of a period that ends on the last day of a short month starts on that day", () => {
    const pool = poolOf(usage({ credits: { resetsAt: "2026-03-31T00:00:00.000Z" } }), "2026-03-10");
    expect(pool.days[0]?.at).toBe("2026-02-28");
  });
});

describe("the blockers of a plan", () => {
  const plan = { memberLimit: 3, workspaceLimit: 3 } as Parameters<typeof obstaclesOf>[0]["plan"];
  const use = (members: number, workspaces: number) =>
    ({ members: { used: members }, workspaces: { used: workspaces } }) as Parameters<typeof obstaclesOf>[1];
  const blocker = (message: string, used: number | null) =>
    ({ message, limit: used === null ? null : { used, limit: 3 } }) as Parameters<
      typeof obstaclesOf
    >[0]["blockers"][number];

  test.each([
    ["members", [blocker("m", 5)], use(5, 2), [{ message: "m", what: "members", tooMany: 2 }]],
    ["workspaces", [blocker("w", 4)], use(2, 4), [{ message: "w", what: "workspaces", tooMany: 1 }]],
    [
      "both alike",
      [blocker("m", 5), blocker("w", 5)],
      use(5, 5),
      [
        { message: "m", what: "members", tooMany: 2 },
        { message: "w", what: "workspaces", tooMany: 2 },
      ],
    ],
    ["an arrangement", [blocker("Contact us.", null)], use(1, 1), [{ message: "Contact us.", what: null, tooMany: 0 }]],
    ["nothing", [], use(1, 1), []],
  ])("%s", (_what, blockers, used, expected) => {
    expect(obstaclesOf({ blockers, plan }, used)).toEqual(expected);
  });
});

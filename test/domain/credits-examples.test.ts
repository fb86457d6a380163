import { creditBalance, type DaySpent, forecastExhaustion, reachedThreshold } from "../../src/domain/credits";
import { storedPlan } from "../../src/domain/plan";

const STARTER = storedPlan("STARTER");
const NOW = new Date("2026-11-24T15:00:00.000Z");
const RESETS_AT = new Date("2026-12-20T00:00:00.000Z");
const spent = (day: string, inPeriod: number, before = 0): DaySpent => ({ day: new Date(day), inPeriod, before });
const balanceOf = (...days: DaySpent[]) => creditBalance(STARTER, days, RESETS_AT, NOW);

test("daily credits are spent first and renewed each day; use before the start of the period counts for its day", () => {
  expect(balanceOf(spent("2026-11-23", 5), spent("2026-11-24", 2))).toMatchObject({
    ...{ used: 7, monthlyRemaining: 20, dailyRemaining: 3 },
  });
  expect(balanceOf(spent("2026-11-23", 8), spent("2026-11-24", 6))).toMatchObject({
    ...{ used: 14, monthlyRemaining: 16, dailyRemaining: 0 },
  });
  expect(balanceOf(spent("2026-11-24", 4, 3))).toMatchObject({ used: 4, monthlyRemaining: 18, dailyRemaining: 0 });
});

test("thresholds refer to the period's credits, and an unlimited plan has none", () => {
  const reached = (inPeriod: number) => reachedThreshold(balanceOf(spent("2026-11-23", inPeriod)));
  expect([20.999999999, 21, 24.999999999, 25, 90].map(reached)).toEqual([null, 80, 80, 100, 100]);
  const unlimited = creditBalance(storedPlan("ENTERPRISE"), [spent("2026-11-23", 1e6)], RESETS_AT, NOW);
  expect(reachedThreshold(unlimited)).toBeNull();
});

test("the forecast is the day on which credits run out at the pace of seven days, if that is before new credits", () => {
  const dayBefore = (n: number) => new Date(NOW.getTime() - n * 86_400_000).toISOString().slice(0, 10);
  const forecast = (lastDays: number[], ...days: DaySpent[]) =>
    forecastExhaustion(
      STARTER,
      balanceOf(...days),
      lastDays.map((amount, n) => spent(dayBefore(n), amount)),
      NOW,
    )
      ?.toISOString()
      .slice(0, 10) ?? null;
  // Each day uses 14 credits more than the daily ones, and twenty remain: two days from now.
  expect(forecast(Array(7).fill(14), spent("2026-11-24", 0))).toBe("2026-11-26");
  expect(forecast([0, 0, 0, 0, 0, 0, 5], spent("2026-11-24", 5))).toBeNull();
  expect(forecast([0, 0, 0, 0, 0, 0, 12], spent("2026-11-24", 12))).toBe("2026-12-07");
  expect(forecast([0, 0, 0, 0, 0, 0, 6], spent("2026-11-24", 6))).toBeNull();
  expect(forecast([30], spent("2026-11-24", 30))).toBe("2026-11-24");
});

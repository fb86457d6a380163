import type { UsageInterval, UsageRecord } from "../../src/domain/usage";
import type { UsagePointView } from "../../src/store/views/usage-trend";

/** Credits in billionths, in which sums are exact. */
export const NANO = 1_000_000_000;
export const nano = (credits: number): bigint => BigInt(Math.round(credits * NANO));

export const startOf: Record<UsageInterval, (at: Date) => Date> = {
  HOUR: (at) => new Date(Math.floor(at.getTime() / 3_600_000) * 3_600_000),
  DAY: (at) => new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate())),
  WEEK: (at) => new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate() - ((at.getUTCDay() + 6) % 7))),
  MONTH: (at) => new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1)),
};

const NEXT: Record<UsageInterval, (at: Date) => Date> = {
  HOUR: (at) => new Date(at.getTime() + 3_600_000),
  DAY: (at) => new Date(at.getTime() + 86_400_000),
  WEEK: (at) => new Date(at.getTime() + 7 * 86_400_000),
  MONTH: (at) => new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1)),
};

/** Sums in billionths of a credit. */
export interface Sums {
  credits: bigint;
  periodCredits: bigint;
  calls: number;
  byokCalls: number;
}
export const ZERO: Sums = { credits: 0n, periodCredits: 0n, calls: 0, byokCalls: 0 };

export function plus(one: Sums, other: Omit<UsagePointView, "at"> | Sums): Sums {
  const add = (sum: bigint, value: number | bigint) => sum + (typeof value === "bigint" ? value : nano(value));
  return {
    credits: add(one.credits, other.credits),
    periodCredits: add(one.periodCredits, other.periodCredits),
    calls: one.calls + other.calls,
    byokCalls: one.byokCalls + other.byokCalls,
  };
}

interface Spent extends Sums {
  hour: Date;
  workspaceId: string;
}

/** The expected trend, computed from the records by the product's rule: daily credits first. */
export class UsageModel {
  private readonly spent: Spent[] = [];

  constructor(records: readonly UsageRecord[], dailyCredits: number) {
    const cells = new Map<string, Spent>();
    for (const { workspaceId, at, credits, byok } of records) {
      const hour = startOf.HOUR(at);
      const key = `${hour.toISOString()} ${workspaceId}`;
      const cell = cells.get(key) ?? { ...ZERO, hour, workspaceId };
      cell.credits += byok ? 0n : nano(credits);
      cell.calls += 1;
      cell.byokCalls += byok ? 1 : 0;
      cells.set(key, cell);
    }
    const left = new Map<number, bigint>();
    for (const [, cell] of [...cells].sort(([one], [other]) => (one < other ? -1 : 1))) {
      const day = startOf.DAY(cell.hour).getTime();
      const daily = left.get(day) ?? nano(dailyCredits);
      const beyond = cell.credits - daily;
      left.set(day, beyond > 0n ? 0n : -beyond);
      this.spent.push({ ...cell, periodCredits: beyond > 0n ? beyond : 0n });
    }
  }

  /** A point for each interval of the span. */
  trend(from: Date, to: Date, interval: UsageInterval, isOf: (workspaceId: string) => boolean = () => true) {
    const points: Array<Sums & { at: Date }> = [];
    for (let at = startOf[interval](from); at <= to; at = NEXT[interval](at)) {
      const end = NEXT[interval](at);
      const cells = this.spent.filter((each) => each.hour >= at && each.hour < end && isOf(each.workspaceId));
      points.push({ at, ...cells.reduce<Sums>(plus, ZERO) });
    }
    return points;
  }

  total(from: Date, to: Date, interval: UsageInterval, isOf?: (workspaceId: string) => boolean): Sums {
    return this.trend(from, to, interval, isOf).reduce<Sums>(plus, ZERO);
  }
}

/** Points as sums, to compare them without rounding errors. */
export const exactly = (points: readonly UsagePointView[]) =>
  points.map(({ at, ...point }) => ({ at, ...plus(ZERO, point) }));

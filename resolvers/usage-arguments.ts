import { Denied } from "../src/domain/denial";
import { isIdentifier } from "../src/domain/identifier";
import { MAX_TREND_WORKSPACES, MAX_USAGE_POINTS, type UsageInterval } from "../src/domain/usage";

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
const LENGTHS: Record<UsageInterval, number> = { HOUR: HOUR_MS, DAY: DAY_MS, WEEK: 7 * DAY_MS, MONTH: 28 * DAY_MS };
const LONGEST_SPAN_MS = 10 * 366 * DAY_MS;
export const DEFAULT_TOP = 5;

/** Throws BAD_USER_INPUT for a span that runs backwards or is too long. A null interval has no points to limit. */
export function assertSpan(from: Date, to: Date, interval: UsageInterval | null): void {
  const span = to.getTime() - from.getTime();
  if (span < 0) throw new Denied("BAD_USER_INPUT", "'from' must not be after 'to'.");
  const points = interval ? span / LENGTHS[interval] + 1 : 0;
  if (points > MAX_USAGE_POINTS || span > LONGEST_SPAN_MS) {
    throw new Denied(
      "BAD_USER_INPUT",
      `This span is too long: at most ${MAX_USAGE_POINTS} points and ten years. Use a shorter span or a longer interval.`,
    );
  }
}

/** Throws BAD_USER_INPUT for a number of workspaces that a trend cannot name. Null: the default. */
export function parseTop(top: number | null | undefined): number {
  const count = top ?? DEFAULT_TOP;
  if (count >= 1 && count <= MAX_TREND_WORKSPACES) return count;
  throw new Denied("BAD_USER_INPUT", `'top' is 1 to ${MAX_TREND_WORKSPACES}.`);
}

const NO_WORKSPACE = "00000000-0000-0000-0000-000000000000";

/**
 * The id of a workspace to read usage of. Hours of a whole organization are stored under its own id, so neither that nor
 * an invalid id is a workspace: it has no usage.
 */
export function parseWorkspaceId(organizationId: string, workspaceId: string): string {
  const isWorkspace = isIdentifier(workspaceId) && workspaceId.toLowerCase() !== organizationId;
  return isWorkspace ? workspaceId : NO_WORKSPACE;
}

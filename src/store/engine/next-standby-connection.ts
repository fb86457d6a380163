import type { StandbyConnection } from "./standby-connection";

type Choice = Pick<StandbyConnection, "waiting" | "turn" | "behindUntil">;

/**
 * The least busy connection, each in turn. The connections may lead to several servers. One that is behind reports that
 * at once and is free again, so it must not get all reads.
 */
export function nextOf<Connection extends Choice>(open: readonly Connection[], now: number): Connection | undefined {
  const upToDate = open.filter(({ behindUntil }) => behindUntil <= now);
  const [first, ...others] = upToDate.length > 0 ? upToDate : open;
  return others.reduce((best, each) => (best && isBefore(each, best) ? each : best), first);
}

function isBefore(one: Choice, other: Choice): boolean {
  return one.waiting < other.waiting || (one.waiting === other.waiting && one.turn < other.turn);
}

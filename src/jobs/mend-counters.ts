import type { Services } from "../commands/runner/unit-of-work";
import type { Log } from "../log";
import { countAgain, organizationsToRecount, wrongCounters } from "../store/recount";
import { changeUnlessPurged } from "./change-unless-purged";

const BATCH = 200;
const FIRST_ID = "00000000-0000-0000-0000-000000000000";

/** Compares the counters of every organization with a recount, and mends and logs those that differ. */
export async function mendCounters(services: Services, log: Pick<Log, "error">): Promise<void> {
  for (let after = FIRST_ID; ; ) {
    const ids = await organizationsToRecount(services.database, after, BATCH);
    const wrong = await wrongCounters(services.database, ids);
    for (const id of new Set(wrong.map(({ organizationId }) => organizationId))) {
      await changeUnlessPurged(services, id, ({ transaction }) => countAgain(transaction, [id]));
    }
    for (const found of wrong) log.error({ alarm: true, ...found }, "counters were wrong and have been counted again");
    after = ids.at(-1) ?? after;
    if (ids.length < BATCH) return;
  }
}

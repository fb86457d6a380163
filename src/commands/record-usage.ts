import { invalidInput } from "../domain/refusal";
import { faultOf, MOST_USAGE_RECORDS, NO_SUCH_WORKSPACE, type UsageRecord } from "../domain/usage";
import { insertUsage, ledgerKey } from "../store/usage";
import { ensureUsagePartitions } from "../store/usage-partitions";
import { serviceCommand } from "./command";

export interface RecordUsageInput {
  records: UsageRecord[];
}

export interface RecordUsageOutcome {
  recorded: number;
  duplicates: number;
  rejected: Array<{ id: string; reason: string }>;
}

/** Writes calls to the ledger, each once by its id; what cannot be taken is told one by one and holds up nothing. */
export const recordUsage = serviceCommand<RecordUsageInput, RecordUsageOutcome>({
  name: "recordUsage",
  scope: "usage:write",
  prepare: async ({ database, clock }, { records }) => {
    assertCount(records);
    const now = clock.now();
    // Outside the transaction: making a partition waits for whoever writes to the ledger.
    const moments = records.filter((record) => faultOf(record, now) === null).map(({ at }) => at);
    await ensureUsagePartitions(database, moments);
    return undefined;
  },
  run: async ({ transaction, now }, { records }) => {
    const rejected: RecordUsageOutcome["rejected"] = [];
    const accepted = new Map<string, UsageRecord>();
    let duplicates = 0;
    for (const record of records) {
      const fault = faultOf(record, now);
      const key = ledgerKey(record.id);
      if (fault) rejected.push({ id: record.id, reason: fault });
      else if (accepted.has(key)) duplicates += 1;
      else accepted.set(key, record);
    }
    const { recorded, strangers } = await insertUsage(transaction, [...accepted.values()]);
    for (const { id } of strangers) rejected.push({ id, reason: NO_SUCH_WORKSPACE });
    return { recorded, duplicates: duplicates + accepted.size - recorded - strangers.size, rejected };
  },
});

function assertCount(records: readonly UsageRecord[]): void {
  if (records.length <= MOST_USAGE_RECORDS) return;
  throw invalidInput(`Send at most ${MOST_USAGE_RECORDS} records at a time; these are ${records.length}.`, "records");
}

import { invalidInput } from "../../domain/refusal";
import { faultOf, MAX_USAGE_RECORDS, monthsOfReceipt, NO_SUCH_WORKSPACE, type UsageRecord } from "../../domain/usage";
import { insertUsage } from "../../store/usage";
import { ensureUsagePartitions } from "../../store/usage-partitions";
import { serviceCommand } from "../runner/command";

export interface RecordUsageInput {
  records: UsageRecord[];
}

export interface RecordUsageOutcome {
  recorded: number;
  duplicates: number;
  rejected: Array<{ id: string; reason: string }>;
  /** Organizations whose records spent credits. */
  spendingOrganizations: string[];
}

/** Adds records to the usage ledger, each id once. Invalid records are rejected one by one; the others are added. */
export const recordUsage = serviceCommand<RecordUsageInput, RecordUsageOutcome>({
  scope: "usage:write",
  isOneStatement: true,
  prepare: async ({ database, clock }, { records }) => {
    assertCount(records);
    // Partitions are created outside the transaction, because creating one waits for all writers of the ledger.
    await ensureUsagePartitions(database, monthsOfReceipt(clock.now()));
    return undefined;
  },
  run: async ({ transaction, now }, { records }) => {
    const rejected: RecordUsageOutcome["rejected"] = [];
    const accepted = records.filter((record) => {
      const reason = faultOf(record, now);
      if (reason) rejected.push({ id: record.id, reason });
      return !reason;
    });
    const { recorded, unknownWorkspaces, spendingOrganizations } = await insertUsage(transaction, accepted, now);
    for (const index of unknownWorkspaces) rejected.push({ id: accepted[index]?.id ?? "", reason: NO_SUCH_WORKSPACE });
    return {
      recorded,
      duplicates: accepted.length - recorded - unknownWorkspaces.length,
      rejected,
      spendingOrganizations,
    };
  },
  afterCommit: ({ creditAlerts }, { spendingOrganizations }) => creditAlerts.checkSoon(spendingOrganizations),
});

function assertCount(records: readonly UsageRecord[]): void {
  if (records.length <= MAX_USAGE_RECORDS) return;
  throw invalidInput(`Send at most ${MAX_USAGE_RECORDS} records at a time, not ${records.length}.`, "records");
}

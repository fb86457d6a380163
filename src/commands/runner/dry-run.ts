import type { Change } from "../../domain/events";
import type { Transaction } from "../../store/engine/transaction";
import type { UseAfterwards } from "../../store/events/event-log";
import type { Job } from "../../store/jobs";
import type { OrganizationUnitOfWork } from "./unit-of-work";

/** What a plan change charges. Amounts are US cents. */
export interface PlanCharge {
  dueNowCents: number;
  nextAmountCents: number | null;
  nextChargeAt: Date | null;
  takesEffectAt: Date;
}

/** Stands in for what `prepare` does: the same decisions, by calls that only read. */
export interface Preview<Prepared = unknown> {
  prepared: Prepared;
  charge: PlanCharge | null;
  /** What `prepare` would change in a transaction of its own; in the dry run, in the same one and before the command. */
  earlier?: (unit: OrganizationUnitOfWork) => Promise<void>;
}

/** What a mutation would write, queue and charge. */
export interface DryRun {
  organizationId: string;
  changes: readonly Change[];
  jobs: readonly Job[];
  /** Undefined if it was not requested, or the viewer is no longer a member afterwards. */
  use: UseAfterwards | undefined;
  charge: PlanCharge | null;
}

const SEQUENCES = /graphile_worker|nextval/i;

/** The same transaction, which throws where a statement would take a number that a rollback does not give back. */
export function withoutSequences(transaction: Transaction): Transaction {
  return {
    ...transaction,
    rows: async (statement, values) => {
      if (!SEQUENCES.test(statement.text)) return await transaction.rows(statement, values);
      throw new Error(`A dry run cannot send "${statement.name}": queue jobs with unit.enqueue.`);
    },
  };
}

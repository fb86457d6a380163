import type { Change } from "../../domain/events";
import type { Transaction } from "../../store/engine/transaction";
import type { UseAfterwards } from "../../store/events/event-log";
import type { Job } from "../../store/jobs";
import type { OrganizationUnitOfWork } from "./unit-of-work";

/** The charge of a plan change. Amounts are in US cents. */
export interface PlanCharge {
  dueNowCents: number;
  nextAmountCents: number | null;
  nextChargeAt: Date | null;
  takesEffectAt: Date;
}

/** Replaces the result of `prepare`: the same decisions, by calls that only read. */
export interface Preview<Prepared = unknown> {
  prepared: Prepared;
  charge: PlanCharge | null;
  /**
   * The changes that `prepare` would make in a transaction of its own. A dry run makes them in its transaction, before
   * the command.
   */
  earlier?: (unit: OrganizationUnitOfWork) => Promise<void>;
}

/** The events, jobs and charge of a mutation. */
export interface DryRun {
  organizationId: string;
  changes: readonly Change[];
  jobs: readonly Job[];
  /** Undefined if the counts were not requested, or if the viewer would no longer be a member. */
  use: UseAfterwards | undefined;
  charge: PlanCharge | null;
}

const SEQUENCES = /graphile_worker|nextval/i;

/**
 * The same transaction, which throws if a statement would take a number from a sequence, because a rollback does not
 * return it.
 */
export function withoutSequences(transaction: Transaction): Transaction {
  return {
    ...transaction,
    rows: async (statement, values) => {
      if (!SEQUENCES.test(statement.text)) return await transaction.rows(statement, values);
      throw new Error(`A dry run cannot send "${statement.name}": queue jobs with unit.enqueue.`);
    },
  };
}

import { randomUUID } from "node:crypto";
import type { Person, Service } from "../../domain/viewer";
import { asTransaction } from "../../store/engine/single-statement";
import { inDryTransaction, inTransaction, type Transaction } from "../../store/engine/transaction";
import type { Command } from "./command";
import { type DryRun, type Preview, withoutSequences } from "./dry-run";
import { lockExistingOrganization, openUnitOfWork, type Services } from "./unit-of-work";

/** One call of a command. */
export interface CommandCall<Input, Outcome> {
  services: Services;
  actor: Person | Service;
  command: Command<Input, Outcome>;
  input: Input;
  organizationId: string | null;
}

/** The outcome, and the topics to publish after the commit. */
export interface Executed<Outcome> {
  outcome: Outcome;
  topics: readonly string[];
}

/** Runs a command once: prepares, then executes it in one transaction. */
export async function executeOnce<Input, Outcome>(call: CommandCall<Input, Outcome>): Promise<Executed<Outcome>> {
  const { services, actor, command, input } = call;
  const prepared = await command.prepare?.(services, actor, input, randomUUID());
  return await serialized(call, () =>
    command.isOneStatement
      ? execute(asTransaction(services.database), call, prepared)
      : inTransaction(services.database, (transaction) => execute(transaction, call, prepared)),
  );
}

/** Runs a command as `executeOnce` does, in a transaction that is rolled back. Nothing is queued or published. */
export async function executeDry<Input, Outcome>(
  call: CommandCall<Input, Outcome>,
  { prepared, earlier }: Partial<Preview>,
  options: { counts: boolean },
): Promise<Pick<DryRun, "changes" | "jobs" | "use">> {
  const work = async (transaction: Transaction) => {
    const { changes, jobs, flushDry } = await run(withoutSequences(transaction), call, prepared, earlier);
    return { changes, jobs, use: await flushDry(options) };
  };
  return await serialized(call, () => inDryTransaction(call.services.database, work));
}

/** Executes a command in a transaction, under its organization's lock. */
export async function execute<Input, Outcome>(
  transaction: Transaction,
  call: CommandCall<Input, Outcome>,
  prepared: unknown,
): Promise<Executed<Outcome>> {
  const { outcome, flush } = await run(transaction, call, prepared);
  return { outcome, topics: await flush() };
}

/** Locks the organization and runs the command. Its events and jobs are not written yet. */
async function run<Input, Outcome>(
  transaction: Transaction,
  { services, actor, command, input, organizationId }: CommandCall<Input, Outcome>,
  prepared: unknown,
  earlier?: Preview["earlier"],
) {
  const deletedToo = command.requires.of === "member" && command.requires.deletedToo;
  const organization =
    organizationId === null ? null : await lockExistingOrganization(transaction, organizationId, deletedToo);
  // The time is read after the lock, so that a right that ended during the wait does not count.
  const now = services.clock.now();
  const opened = openUnitOfWork(transaction, actor, now, organization);
  if (earlier && organization) await earlier({ ...opened.unit, organization });
  return { ...opened, outcome: await command.run(opened.unit, input, prepared) };
}

/** Runs `work` after the other changes of this organization in this process. Holds no connection while it waits. */
export function serialized<Input, Outcome, Result>(
  { services, actor, command, organizationId }: CommandCall<Input, Outcome>,
  work: () => Promise<Result>,
): Promise<Result> {
  const key = organizationId ?? command.mutexKeyOf?.(actor);
  return key === undefined ? work() : services.mutex.run(key.toLowerCase(), work, services.database.deadline);
}

import { notFound } from "../../domain/denial";
import { isIdentifier } from "../../domain/identifier";
import type { Viewer } from "../../domain/viewer";
import { Deadline } from "../../store/engine/deadline";
import { inTransaction } from "../../store/engine/transaction";
import type { IdempotentCall } from "../../store/idempotency";
import { assertKindOfViewer } from "./authorize";
import type { Command } from "./command";
import type { DryRun } from "./dry-run";
import { type CommandCall, executeDry, executeOnce } from "./execute";
import { executeOncePerKey } from "./idempotency";
import { lockExistingOrganization, type OrganizationUnitOfWork, openUnitOfWork, type Services } from "./unit-of-work";

export type { IdempotentCall };

/**
 * Runs one command as one viewer: in one transaction, under its organization's lock. Throws Denied or Refused, and
 * changes nothing then. With an Idempotency-Key, a repeat returns the first outcome and changes nothing.
 */
export async function runCommand<Input, Outcome>(
  services: Services,
  viewer: Viewer,
  command: Command<Input, Outcome>,
  input: Input,
  key?: IdempotentCall,
): Promise<Outcome> {
  assertKindOfViewer(viewer, command.requires);
  command.limit?.(services, viewer);
  const call = await callOf(services, viewer, command, input);
  const { outcome, topics } = await (key ? executeOncePerKey(call, key) : executeOnce(call));
  services.notifier.publish(topics);
  command.afterCommit?.(services, outcome);
  return outcome;
}

/**
 * Runs a command of one organization as `runCommand` does, and rolls it back: the same checks, decisions and events,
 * under the same locks. Throws the command's Denied and Refused. `counts`: whether to count members and workspaces.
 */
export async function dryRunCommand<Input, Outcome>(
  services: Services,
  viewer: Viewer,
  command: Command<Input, Outcome>,
  input: Input,
  options: { counts: boolean },
): Promise<DryRun> {
  const call = await callOf(services, viewer, command, input);
  const { organizationId } = call;
  if (organizationId === null) throw new Error("Only commands of an organization have dry runs.");
  if (command.prepare && !command.preview) throw new Error("A command that prepares needs a preview for dry runs.");
  const preview = await command.preview?.(services, viewer, input);
  const executed = await executeDry(call, preview ?? {}, options);
  return { ...executed, organizationId, charge: preview?.charge ?? null };
}

async function callOf<Input, Outcome>(
  services: Services,
  viewer: Viewer,
  command: Command<Input, Outcome>,
  input: Input,
): Promise<CommandCall<Input, Outcome>> {
  assertKindOfViewer(viewer, command.requires);
  const organizationId = await command.organizationOf(services.database, viewer, input);
  if (organizationId !== null && !isIdentifier(organizationId)) throw notFound("organization");
  return { services, actor: viewer, command, input, organizationId };
}

type ChangeServices = Pick<Services, "database" | "mutex" | "clock" | "notifier">;

/** How long one change of a job may take, including the wait for its turn. */
const CHANGE_MS = 30_000;

/** Runs a change of a job, without a viewer, under an organization's lock; deleted organizations included. */
export async function changeOrganization<Result>(
  services: ChangeServices,
  organizationId: string,
  work: (unit: OrganizationUnitOfWork) => Promise<Result>,
): Promise<Result> {
  const deadline = services.database.deadline ?? new Deadline(CHANGE_MS);
  const database = services.database.withDeadline(deadline);
  const change = () =>
    inTransaction(database, async (transaction) => {
      const organization = await lockExistingOrganization(transaction, organizationId, true);
      const { unit, flush } = openUnitOfWork(transaction, { kind: "system" }, services.clock.now(), organization);
      return { result: await work({ ...unit, organization }), topics: await flush() };
    });
  try {
    const { result, topics } = await services.mutex.run(organizationId.toLowerCase(), change, deadline);
    services.notifier.publish(topics);
    return result;
  } finally {
    if (!services.database.deadline) deadline.clear();
  }
}

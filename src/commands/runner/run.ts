import { notFound } from "../../domain/denial";
import { isIdentifier } from "../../domain/identifier";
import type { Viewer } from "../../domain/viewer";
import { inTransaction } from "../../store/engine/transaction";
import type { IdempotentCall } from "../../store/idempotency";
import { assertKindOfViewer } from "./authorize";
import type { Command } from "./command";
import { executeOnce } from "./execute";
import { executeOncePerKey } from "./idempotency";
import { lockExistingOrganization, type OrganizationUnitOfWork, openUnitOfWork, type Services } from "./unit-of-work";

export type { IdempotentCall };

/**
 * Runs one command as one viewer: in one transaction, under its organization's lock. Throws Denied or Refused; nothing
 * has changed then. With an Idempotency-Key, a repeat returns the first outcome and changes nothing.
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
  const organizationId = await command.organizationOf(services.database, viewer, input);
  if (organizationId !== null && !isIdentifier(organizationId)) throw notFound("organization");
  const call = { services, actor: viewer, command, input, organizationId };
  const { outcome, topics } = await (key ? executeOncePerKey(call, key) : executeOnce(call));
  services.notifier.publish(topics);
  command.afterCommit?.(services, outcome);
  return outcome;
}

/** Runs a change of a job, without a viewer, under an organization's lock; deleted organizations included. */
export async function changeOrganization<Result>(
  services: Pick<Services, "database" | "mutex" | "clock" | "notifier">,
  organizationId: string,
  work: (unit: OrganizationUnitOfWork) => Promise<Result>,
): Promise<Result> {
  const { result, topics } = await services.mutex.run(organizationId.toLowerCase(), () =>
    inTransaction(services.database, async (transaction) => {
      const organization = await lockExistingOrganization(transaction, organizationId, true);
      const { unit, flush } = openUnitOfWork(transaction, { kind: "system" }, services.clock.now(), organization);
      return { result: await work({ ...unit, organization }), topics: await flush() };
    }),
  );
  services.notifier.publish(topics);
  return result;
}

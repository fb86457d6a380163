import { createHash, randomUUID } from "node:crypto";
import { notFound } from "../../domain/denial";
import { isIdentifier } from "../../domain/identifier";
import { type RefusalData, Refused } from "../../domain/refusal";
import type { Actor, Viewer } from "../../domain/viewer";
import { asTransaction, inTransaction, type Transaction } from "../../store/engine/transaction";
import {
  claimKey,
  type IdempotentCall,
  readStoredResponse,
  type StoredResponse,
  storeOutcome,
} from "../../store/idempotency";
import { assertKindOfViewer, type Command } from "./command";
import { lockExistingOrganization, type OrganizationUnitOfWork, openUnitOfWork, type Services } from "./unit-of-work";

export type { IdempotentCall };

/** What a kept outcome looks like in the database. */
type StoredOutcome<Outcome> = { outcome: Outcome } | { refusal: RefusalData };

/**
 * Runs one command in one transaction, under its organization's lock, as one viewer. Throws Denied where they may
 * not, and Refused where the domain says no; either way nothing was changed. With an idempotency call, a repeat gives
 * the first outcome and has no second effect.
 */
export async function runCommand<Input, Outcome>(
  services: Services,
  viewer: Viewer,
  command: Command<Input, Outcome>,
  input: Input,
  call?: IdempotentCall,
): Promise<Outcome> {
  assertKindOfViewer(viewer, command.requires);
  const organizationId = await command.organizationOf(services.database, viewer, input);
  if (organizationId !== null && !isIdentifier(organizationId)) throw notFound("organization");
  const before = call && command.prepare && (await findStoredOutcome<Outcome>(services, call));
  if (before) return unwrap(before);
  // A refusal before the transaction is an answer like one inside it: it is kept, and shown again.
  const prepared = await refusalOr(async () => ({
    result: await command.prepare?.(services, viewer, input, externalIdempotencyKey(call)),
  }));
  const now = services.clock.now();
  let topics: string[] = [];
  const work = async (transaction: Transaction) => {
    if ("refusal" in prepared) return prepared;
    const given = { input, prepared: prepared.result };
    const performed = await perform(transaction, viewer, now, command, given, organizationId);
    topics = performed.topics;
    return { outcome: performed.outcome };
  };
  const turn = organizationId ?? command.turnOf?.(viewer) ?? null;
  const result = await serialized(services, turn, () =>
    command.isOneStatement && !call
      ? work(asTransaction(services.database))
      : inTransaction(services.database, (transaction) =>
          call ? once(transaction, call, now, () => work(transaction)) : work(transaction),
        ),
  );
  services.notifier.publish(topics);
  const outcome = unwrap(result);
  command.done?.(services, outcome);
  return outcome;
}

/** Runs a change that nobody asked for, a job's, under an organization's lock. Deleted organizations included. */
export async function changeOrganization<Result>(
  services: Pick<Services, "database" | "mutex" | "clock" | "notifier">,
  organizationId: string,
  work: (unit: OrganizationUnitOfWork) => Promise<Result>,
): Promise<Result> {
  const { result, topics } = await serialized(services, organizationId, () =>
    inTransaction(services.database, async (transaction) => {
      const organization = await lockExistingOrganization(transaction, organizationId, true);
      const { unit, flush } = openUnitOfWork(transaction, { kind: "system" }, services.clock.now(), organization);
      return { result: await work({ ...unit, organization }), topics: await flush() };
    }),
  );
  services.notifier.publish(topics);
  return result;
}

/** Names an attempt to whoever is asked outside, so that they can tell its repetition. */
function externalIdempotencyKey(call: IdempotentCall | undefined): string {
  if (!call) return randomUUID();
  const { caller, key, field, fieldHash } = call;
  return createHash("sha256")
    .update(JSON.stringify([caller, key, field, fieldHash]))
    .digest("hex");
}

function serialized<Result>({ mutex }: Pick<Services, "mutex">, turn: string | null, work: () => Promise<Result>) {
  return turn === null ? work() : mutex.run(turn.toLowerCase(), work);
}

async function perform<Input, Outcome>(
  transaction: Transaction,
  actor: Actor,
  now: Date,
  command: Command<Input, Outcome>,
  { input, prepared }: { input: Input; prepared: unknown },
  organizationId: string | null,
): Promise<{ outcome: Outcome; topics: string[] }> {
  const deletedToo = command.requires.of === "member" && command.requires.deletedToo;
  const organization =
    organizationId === null ? null : await lockExistingOrganization(transaction, organizationId, deletedToo);
  const { unit, flush } = openUnitOfWork(transaction, actor, now, organization);
  const outcome = await command.run(unit, input, prepared);
  return { outcome, topics: await flush() };
}

/** Claims the key, and either repeats what is kept or runs and keeps. A refusal is an answer too, and is kept. */
async function once<Outcome>(
  transaction: Transaction,
  call: IdempotentCall,
  now: Date,
  work: () => Promise<StoredOutcome<Outcome>>,
): Promise<StoredOutcome<Outcome>> {
  const before = storedOutcomeFor<Outcome>(await claimKey(transaction, call, now), call);
  if (before) return before;
  const result = await refusalOr(() => transaction.savepoint(work));
  await storeOutcome(transaction, call, result);
  return result;
}

/** What a repeat is answered without asking the world outside again. */
async function findStoredOutcome<Outcome>({ database, clock }: Services, call: IdempotentCall) {
  return storedOutcomeFor<Outcome>(await readStoredResponse(database, call, clock.now()), call);
}

function storedOutcomeFor<Outcome>(
  kept: StoredResponse | undefined,
  call: IdempotentCall,
): StoredOutcome<Outcome> | undefined {
  if (kept && isAnother(kept, call)) return { refusal: keyReused() };
  return storedOutcome<Outcome>(kept, call);
}

/** Whether a key was used for another operation, or for another mutation at the same place of this one. */
function isAnother(kept: StoredResponse, call: IdempotentCall): boolean {
  if (areDifferent(kept.operation, call.operation)) return true;
  const known = kept.fieldHashes[call.field];
  if (known !== undefined) return known !== call.fieldHash;
  // A release that knew requests by their hash alone has left outcomes without hashes.
  const isOfThatRelease = Object.keys(kept.outcomes).length > Object.keys(kept.fieldHashes).length;
  return isOfThatRelease && !kept.requestHash.equals(call.requestHash);
}

/** Operations that are known by their name and those known by their fields cannot be compared. */
function areDifferent(one: string | null, other: string | null): boolean {
  if (one === null || other === null) return false;
  const kindOf = (operation: string) => operation.slice(0, operation.indexOf(":"));
  return kindOf(one) === kindOf(other) && one !== other;
}

/** What `work` gives, or the refusal that it throws, as data. */
async function refusalOr<Result>(work: () => Promise<Result>): Promise<Result | { refusal: RefusalData }> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refused) return { refusal: error.refusal };
    throw error;
  }
}

/** Whether the mutation was answered before under this key. */
export function hasOutcome(kept: StoredResponse | undefined, call: IdempotentCall): boolean {
  return kept !== undefined && !isAnother(kept, call) && storedOutcome(kept, call) !== undefined;
}

function storedOutcome<Outcome>(
  kept: StoredResponse | undefined,
  { field }: IdempotentCall,
): StoredOutcome<Outcome> | undefined {
  return kept && Object.hasOwn(kept.outcomes, field) ? (kept.outcomes[field] as StoredOutcome<Outcome>) : undefined;
}

function unwrap<Outcome>(kept: StoredOutcome<Outcome>): Outcome {
  if ("outcome" in kept) return kept.outcome;
  const { code, message, path, limit } = kept.refusal;
  throw new Refused(code, message, { path: path ?? undefined, limit: limit ?? undefined });
}

function keyReused(): RefusalData {
  const message = "This Idempotency-Key came with another request before. Use a new key for a new request.";
  return { code: "IDEMPOTENCY_KEY_REUSED", message, path: null, limit: null };
}

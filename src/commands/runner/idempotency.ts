import { createHash } from "node:crypto";
import { type RefusalData, Refused, refusalData } from "../../domain/refusal";
import { inTransaction, type Transaction } from "../../store/engine/transaction";
import {
  claimKey,
  type IdempotentCall,
  readStoredResponse,
  type StoredResponse,
  storeOutcome,
} from "../../store/idempotency";
import { type CommandCall, type Executed, execute, serialized } from "./execute";

/** The stored result of a mutation. A refusal is a result too: a repeat gets the same refusal. */
type StoredResult<Outcome> = { outcome: Outcome } | { refusal: RefusalData };

/**
 * Runs a command once per Idempotency-Key: the first request executes it and stores its result in the same transaction;
 * a repeat returns that result. Refuses IDEMPOTENCY_KEY_REUSED for another mutation under the same key.
 */
export async function executeOncePerKey<Input, Outcome>(
  call: CommandCall<Input, Outcome>,
  key: IdempotentCall,
): Promise<Executed<Outcome>> {
  const { services, actor, command, input } = call;
  if (command.prepare) {
    // A repeat must not call AWS or the payment provider again.
    const response = await readStoredResponse(services.database, key, services.clock.now());
    const result = resultFor<Outcome>(response, key);
    if (result) return { outcome: unwrap(result), topics: [] };
  }
  const prepared = await orRefusal(async () => ({
    value: await command.prepare?.(services, actor, input, externalIdempotencyKey(key)),
  }));
  const now = services.clock.now();
  let topics: readonly string[] = [];
  const work = async (transaction: Transaction): Promise<StoredResult<Outcome>> => {
    if ("refusal" in prepared) return prepared;
    const executed = await execute(transaction, call, prepared.value);
    topics = executed.topics;
    return { outcome: executed.outcome };
  };
  const result = await serialized(call, () =>
    inTransaction(services.database, (transaction) => storedOnce(transaction, call, key, now, () => work(transaction))),
  );
  return { outcome: unwrap(result), topics };
}

/** Whether the mutation already has a result under this key. */
export function hasResult(response: StoredResponse | undefined, key: IdempotentCall): boolean {
  return response !== undefined && !isReused(response, key) && resultOf(response, key) !== undefined;
}

/** Claims the key, waits for a running request with the same key, and stores the result unless there is one. */
async function storedOnce<Input, Outcome>(
  transaction: Transaction,
  { command }: CommandCall<Input, Outcome>,
  key: IdempotentCall,
  now: Date,
  work: () => Promise<StoredResult<Outcome>>,
): Promise<StoredResult<Outcome>> {
  const stored = resultFor<Outcome>(await claimKey(transaction, key, now), key);
  if (stored) return stored;
  // The savepoint undoes what a refused command wrote, and keeps the claim of the key.
  const result = await orRefusal(() => transaction.savepoint(work));
  const { storedForRepeat } = command;
  const isSecret = storedForRepeat !== undefined && "outcome" in result;
  await storeOutcome(transaction, key, isSecret ? { outcome: storedForRepeat(result.outcome) } : result);
  return result;
}

/** The key for calls to AWS and the payment provider: the same for a retried request. */
function externalIdempotencyKey({ caller, key, field, fieldHash }: IdempotentCall): string {
  return createHash("sha256")
    .update(JSON.stringify([caller, key, field, fieldHash]))
    .digest("hex");
}

function resultFor<Outcome>(
  response: StoredResponse | undefined,
  key: IdempotentCall,
): StoredResult<Outcome> | undefined {
  if (!response) return undefined;
  return isReused(response, key) ? { refusal: keyReused() } : resultOf<Outcome>(response, key);
}

function resultOf<Outcome>({ outcomes }: StoredResponse, { field }: IdempotentCall): StoredResult<Outcome> | undefined {
  return Object.hasOwn(outcomes, field) ? (outcomes[field] as StoredResult<Outcome>) : undefined;
}

/** Whether the key was used for another operation, or for another mutation at the same place of this one. */
function isReused(response: StoredResponse, key: IdempotentCall): boolean {
  if (areDifferent(response.operation, key.operation)) return true;
  const fieldHash = response.fieldHashes[key.field];
  if (fieldHash !== undefined) return fieldHash !== key.fieldHash;
  // An older release stored outcomes without field hashes, and compared whole requests.
  const isFromOlderRelease = Object.keys(response.outcomes).length > Object.keys(response.fieldHashes).length;
  return isFromOlderRelease && !response.requestHash.equals(key.requestHash);
}

/** An operation known by its name and one known by its fields cannot be compared. */
function areDifferent(one: string | null, other: string | null): boolean {
  if (one === null || other === null) return false;
  const kindOf = (operation: string) => operation.slice(0, operation.indexOf(":"));
  return kindOf(one) === kindOf(other) && one !== other;
}

async function orRefusal<Result>(work: () => Promise<Result>): Promise<Result | { refusal: RefusalData }> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refused) return { refusal: error.refusal };
    throw error;
  }
}

function unwrap<Outcome>(result: StoredResult<Outcome>): Outcome {
  if ("outcome" in result) return result.outcome;
  const { code, message, ...detail } = result.refusal;
  throw new Refused(code, message, detail);
}

function keyReused(): RefusalData {
  const message = "This Idempotency-Key was already used for another request. Use a new key for a new request.";
  return refusalData("IDEMPOTENCY_KEY_REUSED", message);
}

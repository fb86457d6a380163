import type { Reader, Statement } from "./statement";

/** What a request with an Idempotency-Key is known by. */
export interface IdempotentRequest {
  caller: string;
  key: string;
  requestHash: Buffer;
}

/** What is kept of the first answer. `outcomes` by the mutation's response key; `response` once it was sent. */
export interface KeptAnswer {
  requestHash: Buffer;
  outcomes: Record<string, unknown>;
  response: unknown;
}

/** How long a key is remembered. */
export const KEPT_MS = 24 * 60 * 60 * 1000;

// DO UPDATE, even where nothing changes, waits for a request of the same key that is under way anywhere, and locks.
const CLAIM: Statement = {
  name: "claim-idempotency-key",
  text: `
    INSERT INTO idempotent_answer AS kept (caller, key, request_hash, created_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (caller, key) DO UPDATE SET
      request_hash = CASE WHEN kept.created_at <= $5 THEN excluded.request_hash ELSE kept.request_hash END,
      outcomes = CASE WHEN kept.created_at <= $5 THEN '{}' ELSE kept.outcomes END,
      response = CASE WHEN kept.created_at <= $5 THEN NULL ELSE kept.response END,
      created_at = CASE WHEN kept.created_at <= $5 THEN excluded.created_at ELSE kept.created_at END
    RETURNING request_hash AS "requestHash", outcomes, response`,
};

/** Claims a key for this request, or gives what was kept of the first. Holds the key until the transaction ends. */
export async function claimKey(reader: Reader, request: IdempotentRequest, now: Date): Promise<KeptAnswer | undefined> {
  const forgotten = new Date(now.getTime() - KEPT_MS);
  const values = [request.caller, request.key, request.requestHash, now, forgotten];
  const [kept] = await reader.rows<KeptAnswer>(CLAIM, values);
  return kept;
}

const READ: Statement = {
  name: "read-idempotent-answer",
  text: `
    SELECT request_hash AS "requestHash", outcomes, response FROM idempotent_answer
    WHERE caller = $1 AND key = $2 AND created_at > $3`,
};

/** What was kept of the first answer, where there was one. */
export async function readAnswer(
  reader: Reader,
  request: IdempotentRequest,
  now: Date,
): Promise<KeptAnswer | undefined> {
  const forgotten = new Date(now.getTime() - KEPT_MS);
  const [kept] = await reader.rows<KeptAnswer>(READ, [request.caller, request.key, forgotten]);
  return kept;
}

const KEEP_OUTCOME: Statement = {
  name: "keep-idempotent-outcome",
  text: `
    UPDATE idempotent_answer SET outcomes = outcomes || jsonb_build_object($3::text, $4::jsonb)
    WHERE caller = $1 AND key = $2`,
};

/** Keeps the outcome of one mutation, in its own transaction. */
export async function keepOutcome(reader: Reader, request: IdempotentRequest, field: string, outcome: unknown) {
  await reader.rows(KEEP_OUTCOME, [request.caller, request.key, field, JSON.stringify(outcome)]);
}

const KEEP_RESPONSE: Statement = {
  name: "keep-idempotent-response",
  text: `
    UPDATE idempotent_answer SET response = $4
    WHERE caller = $1 AND key = $2 AND request_hash = $3 AND response IS NULL`,
};

/** Keeps the whole response, so that a repeat reads the same even after the world has moved on. */
export async function keepResponse(reader: Reader, request: IdempotentRequest, response: unknown): Promise<void> {
  await reader.rows(KEEP_RESPONSE, [request.caller, request.key, request.requestHash, JSON.stringify(response)]);
}

const FORGET: Statement = {
  name: "forget-idempotent-answers",
  text: "DELETE FROM idempotent_answer WHERE created_at <= $1",
};

/** Deletes what need not be remembered any longer. */
export async function forgetAnswers(reader: Reader, now: Date): Promise<void> {
  await reader.rows(FORGET, [new Date(now.getTime() - KEPT_MS)]);
}

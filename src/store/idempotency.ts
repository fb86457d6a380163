import type { Reader, Statement } from "./engine/statement";

/** What a request with an Idempotency-Key is known by. */
export interface IdempotentRequest {
  caller: string;
  key: string;
  /** Of the document, its variables and what the gateway says of it. */
  requestHash: Buffer;
}

/** One mutation that runs under an Idempotency-Key. */
export interface IdempotentCall extends IdempotentRequest {
  /** What tells the operation from others, as `kind:value`; null where only a gateway knows. */
  operation: string | null;
  /** The mutation's place in the operation: its response key. */
  field: string;
  /** Of its name and arguments. */
  fieldHash: string;
}

/** What is kept under a key. `fieldHashes` and `outcomes` are by the mutation's response key. */
export interface StoredResponse {
  requestHash: Buffer;
  operation: string | null;
  fieldHashes: Record<string, string>;
  outcomes: Record<string, unknown>;
}

/** How long a key is remembered. */
export const RETENTION_MS = 24 * 60 * 60 * 1000;

const KEPT = `request_hash AS "requestHash", operation, field_hashes AS "fieldHashes", outcomes`;

// DO UPDATE, even where nothing changes, waits for a request of the same key that is under way anywhere, and locks.
const CLAIM: Statement = {
  name: "claim-idempotency-key",
  text: `
    INSERT INTO idempotent_answer AS kept (caller, key, request_hash, created_at, operation)
    VALUES ($1, $2, $3, $4, $6)
    ON CONFLICT (caller, key) DO UPDATE SET
      request_hash = CASE WHEN kept.created_at <= $5 THEN excluded.request_hash ELSE kept.request_hash END,
      operation = CASE WHEN kept.created_at <= $5 THEN excluded.operation ELSE kept.operation END,
      field_hashes = CASE WHEN kept.created_at <= $5 THEN '{}' ELSE kept.field_hashes END,
      outcomes = CASE WHEN kept.created_at <= $5 THEN '{}' ELSE kept.outcomes END,
      response = CASE WHEN kept.created_at <= $5 THEN NULL ELSE kept.response END,
      other_responses = CASE WHEN kept.created_at <= $5 THEN '{}' ELSE kept.other_responses END,
      created_at = CASE WHEN kept.created_at <= $5 THEN excluded.created_at ELSE kept.created_at END
    RETURNING ${KEPT}`,
};

/** Claims a key for this mutation, and gives what is kept under it. Holds the key until the transaction ends. */
export async function claimKey(reader: Reader, call: IdempotentCall, now: Date): Promise<StoredResponse | undefined> {
  const values = [call.caller, call.key, call.requestHash, now, forgottenAt(now), call.operation];
  const [kept] = await reader.rows<StoredResponse>(CLAIM, values);
  return kept;
}

const READ: Statement = {
  name: "read-idempotent-answer",
  text: `SELECT ${KEPT} FROM idempotent_answer WHERE caller = $1 AND key = $2 AND created_at > $3`,
};

/** What is kept under a key, where it is remembered. */
export async function readStoredResponse(
  reader: Reader,
  request: IdempotentRequest,
  now: Date,
): Promise<StoredResponse | undefined> {
  const [kept] = await reader.rows<StoredResponse>(READ, [request.caller, request.key, forgottenAt(now)]);
  return kept;
}

const READ_RESPONSE: Statement = {
  name: "read-idempotent-response",
  text: `
    SELECT CASE WHEN request_hash = $3 THEN response ELSE (other_responses ->> $4::text)::json END AS response
    FROM idempotent_answer WHERE caller = $1 AND key = $2 AND created_at > $5`,
};

/** The response that was sent to this very request before; undefined where there is none. */
export async function readResponse(reader: Reader, request: IdempotentRequest, now: Date): Promise<unknown> {
  const { caller, key, requestHash } = request;
  const values = [caller, key, requestHash, requestHash.toString("hex"), forgottenAt(now)];
  const [row] = await reader.rows<{ response: unknown }>(READ_RESPONSE, values);
  return row?.response ?? undefined;
}

const STORE_OUTCOME: Statement = {
  name: "keep-idempotent-outcome",
  text: `
    UPDATE idempotent_answer SET
      outcomes = outcomes || jsonb_build_object($3::text, $4::jsonb),
      field_hashes = field_hashes || jsonb_build_object($3::text, $5::text)
    WHERE caller = $1 AND key = $2`,
};

/** Keeps the outcome of one mutation, in its own transaction. */
export async function storeOutcome(reader: Reader, call: IdempotentCall, outcome: unknown): Promise<void> {
  await reader.rows(STORE_OUTCOME, [call.caller, call.key, call.field, JSON.stringify(outcome), call.fieldHash]);
}

/** As many as a document may have mutations: each may come in a request of its own. */
const MOST_OTHER_RESPONSES = 30;

const STORE_RESPONSE: Statement = {
  name: "keep-idempotent-response",
  text: `
    UPDATE idempotent_answer SET
      response = CASE WHEN request_hash = $3 THEN $5::text::json ELSE response END,
      other_responses = CASE WHEN request_hash = $3 THEN other_responses
        ELSE other_responses || jsonb_build_object($4::text, $5::text) END
    WHERE caller = $1 AND key = $2
      AND CASE WHEN request_hash = $3 THEN response IS NULL
        ELSE NOT other_responses ? $4::text
          AND (SELECT count(*) FROM jsonb_object_keys(other_responses)) < ${MOST_OTHER_RESPONSES} END`,
};

/** Keeps the whole response, so that a repeat reads the same even after the world has moved on. */
export async function storeResponse(reader: Reader, request: IdempotentRequest, response: unknown): Promise<void> {
  const { caller, key, requestHash } = request;
  const values = [caller, key, requestHash, requestHash.toString("hex"), JSON.stringify(response)];
  await reader.rows(STORE_RESPONSE, values);
}

const FORGET: Statement = {
  name: "forget-idempotent-answers",
  text: "DELETE FROM idempotent_answer WHERE created_at <= $1",
};

/** Deletes what need not be remembered any longer. */
export async function deleteOldResponses(reader: Reader, now: Date): Promise<void> {
  await reader.rows(FORGET, [forgottenAt(now)]);
}

function forgottenAt(now: Date): Date {
  return new Date(now.getTime() - RETENTION_MS);
}

import type { Reader, Statement } from "./engine/statement";
import { deleteOld, oldRows } from "./old-rows";

/** Identifies a request with an Idempotency-Key. */
export interface IdempotentRequest {
  caller: string;
  key: string;
  /** Hash of the document, its variables and the gateway's extensions. */
  requestHash: Buffer;
}

/** One mutation that runs under an Idempotency-Key. */
export interface IdempotentCall extends IdempotentRequest {
  /** Identifies the operation, as `kind:value`; null if only the gateway can. */
  operation: string | null;
  /** The mutation's response key. */
  field: string;
  /** Hash of the mutation's name and arguments. */
  fieldHash: string;
}

/** The data stored under a key. `fieldHashes` and `outcomes` are indexed by the mutation's response key. */
export interface StoredResponse {
  requestHash: Buffer;
  operation: string | null;
  fieldHashes: Record<string, string>;
  outcomes: Record<string, unknown>;
}

/** How long a key is stored: one day. */
export const RETENTION_MS = 24 * 60 * 60 * 1000;

const COLUMNS = `request_hash AS "requestHash", operation, field_hashes AS "fieldHashes", outcomes`;

// DO UPDATE locks the row even if nothing changes, and waits for a concurrent request with the same key.
const CLAIM: Statement = {
  name: "claim-idempotency-key",
  text: `
    INSERT INTO idempotent_answer AS stored (caller, key, request_hash, created_at, operation)
    VALUES ($1, $2, $3, $4, $6)
    ON CONFLICT (caller, key) DO UPDATE SET
      request_hash = CASE WHEN stored.created_at <= $5 THEN excluded.request_hash ELSE stored.request_hash END,
      operation = CASE WHEN stored.created_at <= $5 THEN excluded.operation ELSE stored.operation END,
      field_hashes = CASE WHEN stored.created_at <= $5 THEN '{}' ELSE stored.field_hashes END,
      outcomes = CASE WHEN stored.created_at <= $5 THEN '{}' ELSE stored.outcomes END,
      response = CASE WHEN stored.created_at <= $5 THEN NULL ELSE stored.response END,
      other_responses = CASE WHEN stored.created_at <= $5 THEN '{}' ELSE stored.other_responses END,
      created_at = CASE WHEN stored.created_at <= $5 THEN excluded.created_at ELSE stored.created_at END
    RETURNING ${COLUMNS}`,
};

/** Locks a key for this mutation until the transaction ends, and returns the data stored under it. */
export async function claimKey(reader: Reader, call: IdempotentCall, now: Date): Promise<StoredResponse | undefined> {
  const values = [call.caller, call.key, call.requestHash, now, expiredBefore(now), call.operation];
  const [stored] = await reader.rows<StoredResponse>(CLAIM, values);
  return stored;
}

const READ: Statement = {
  name: "read-idempotent-answer",
  text: `SELECT ${COLUMNS} FROM idempotent_answer WHERE caller = $1 AND key = $2 AND created_at > $3`,
};

/** Reads the data stored under a key; undefined for a new or expired key. */
export async function readStoredResponse(
  reader: Reader,
  request: IdempotentRequest,
  now: Date,
): Promise<StoredResponse | undefined> {
  const [stored] = await reader.rows<StoredResponse>(READ, [request.caller, request.key, expiredBefore(now)]);
  return stored;
}

const READ_RESPONSE: Statement = {
  name: "read-idempotent-response",
  text: `
    SELECT CASE WHEN request_hash = $3 THEN response ELSE (other_responses ->> $4::text)::json END AS response
    FROM idempotent_answer WHERE caller = $1 AND key = $2 AND created_at > $5`,
};

/** The response sent earlier to exactly this request; undefined if there was none. */
export async function readResponse(reader: Reader, request: IdempotentRequest, now: Date): Promise<unknown> {
  const { caller, key, requestHash } = request;
  const values = [caller, key, requestHash, requestHash.toString("hex"), expiredBefore(now)];
  const [row] = await reader.rows<{ response: unknown }>(READ_RESPONSE, values);
  return row?.response ?? undefined;
}

const STORE_OUTCOME: Statement = {
  name: "store-idempotent-outcome",
  text: `
    UPDATE idempotent_answer SET
      outcomes = outcomes || jsonb_build_object($3::text, $4::jsonb),
      field_hashes = field_hashes || jsonb_build_object($3::text, $5::text)
    WHERE caller = $1 AND key = $2`,
};

/** Stores a mutation's outcome, in the mutation's own transaction. */
export async function storeOutcome(reader: Reader, call: IdempotentCall, outcome: unknown): Promise<void> {
  await reader.rows(STORE_OUTCOME, [call.caller, call.key, call.field, JSON.stringify(outcome), call.fieldHash]);
}

/** The limit of mutations per document: a gateway may send each in a separate request. */
const MAX_OTHER_RESPONSES = 30;

const STORE_RESPONSE: Statement = {
  name: "store-idempotent-response",
  text: `
    UPDATE idempotent_answer SET
      response = CASE WHEN request_hash = $3 THEN $5::text::json ELSE response END,
      other_responses = CASE WHEN request_hash = $3 THEN other_responses
        ELSE other_responses || jsonb_build_object($4::text, $5::text) END
    WHERE caller = $1 AND key = $2
      AND CASE WHEN request_hash = $3 THEN response IS NULL
        ELSE NOT other_responses ? $4::text
          AND (SELECT count(*) FROM jsonb_object_keys(other_responses)) < ${MAX_OTHER_RESPONSES} END`,
};

/** Stores the whole response, so that a repeated request gets the same one even after later changes. */
export async function storeResponse(reader: Reader, request: IdempotentRequest, response: unknown): Promise<void> {
  const { caller, key, requestHash } = request;
  const values = [caller, key, requestHash, requestHash.toString("hex"), JSON.stringify(response)];
  await reader.rows(STORE_RESPONSE, values);
}

const DELETE_OLD: Statement = {
  name: "delete-old-idempotent-answers",
  ...oldRows("idempotent_answer", "created_at <= $1"),
};

/** Deletes expired keys. */
export async function deleteOldResponses(reader: Reader, now: Date): Promise<void> {
  await deleteOld(reader, DELETE_OLD, [expiredBefore(now)]);
}

function expiredBefore(now: Date): Date {
  return new Date(now.getTime() - RETENTION_MS);
}

import { createHash } from "node:crypto";
import { HeaderMap } from "@apollo/server";
import type { FormattedExecutionResult } from "graphql";
import { canonical, operationOf } from "../../../resolvers/idempotent-call";
import type { Caller } from "../../context";
import { Denied } from "../../domain/denial";
import { actorLabel } from "../../domain/viewer";
import { readResponse, storeResponse } from "../../store/idempotency";
import type { RequestPart } from "./request-plugin";

/**
 * The Idempotency-Key header on mutations: a repeated request gets the stored response of the first. If no response is
 * stored, because the first request was cut off or the document is another one with the same mutations, the repeat gets
 * the stored outcome of each mutation (see the command runner). A key belongs to one operation of the caller, and each
 * mutation to its place in the operation. A gateway that sends mutations one by one sends both in headers:
 * Idempotency-Operation holds the response keys of the client's operation, separated by commas, and Idempotency-Field
 * the key of this mutation.
 */
export const idempotency: RequestPart = {
  didResolveOperation: ({ operation, request, source, contextValue }) => {
    const { viewer, caller } = contextValue;
    const { idempotencyKey: key, idempotentPlace: place } = caller;
    if (operation?.operation !== "mutation" || key === null) return;
    assertHeaders(key, place);
    if (viewer.kind === "anonymous") return;
    const named = place?.operation || place?.field ? [place.operation, place.field] : [];
    const requested = canonical([source, request.operationName ?? null, request.variables ?? {}, ...named]);
    const requestHash = createHash("sha256").update(JSON.stringify(requested)).digest();
    contextValue.idempotency = {
      caller: actorLabel(viewer),
      key,
      requestHash,
      operation: operationId(caller, operation.name?.value),
      isReused: false,
      hasSecret: false,
    };
  },
  responseForOperation: async ({ contextValue: { idempotency, services } }) => {
    if (!idempotency) return null;
    // Apollo Server would report an error here as a failure of the server. Without a stored response the mutation runs,
    // and finds its stored outcome or fails with the same error.
    const read = readResponse(services.database, idempotency, services.clock.now());
    const stored = await read.catch(() => undefined);
    if (stored === undefined) return null;
    const singleResult = stored as FormattedExecutionResult;
    return { body: { kind: "single", singleResult }, http: { headers: new HeaderMap() } };
  },
  willSendResponse: async ({ contextValue, response }) => {
    const { idempotency, services } = contextValue;
    const { body } = response;
    if (
      !idempotency ||
      idempotency.isReused ||
      idempotency.hasSecret ||
      body.kind !== "single" ||
      body.singleResult.errors
    )
      return;
    // A failure does no harm: the outcome was committed with the change, so a repeat finds that.
    await storeResponse(services.database, idempotency, { data: body.singleResult.data }).catch(() => undefined);
  },
};

const NAME = /^[_A-Za-z]\w*$/;

function assertHeaders(key: string, place: Caller["idempotentPlace"]): void {
  if (key.length < 1 || key.length > 255) {
    throw new Denied("BAD_USER_INPUT", "An Idempotency-Key must have 1 to 255 characters.");
  }
  if (place?.operation === "") {
    throw new Denied(
      "BAD_USER_INPUT",
      "Idempotency-Operation is empty. Send the operation's response keys, or omit the header.",
    );
  }
  if (place && place.field !== null && !NAME.test(place.field)) {
    throw new Denied("BAD_USER_INPUT", "Idempotency-Field must be the response key of the mutation.");
  }
}

/** Apollo Router names its requests to subgraphs Operation__subgraph__number. */
const PART_OF_OPERATION = /^(\w+?)__\w+__\d+$/;

/**
 * Identifies the operation that a key belongs to. Null if it is unknown: a gateway without Idempotency-Operation may send
 * several documents of one operation. Such a gateway is recognized by its secret, or by Idempotency-Field. Apollo Router
 * is recognized by its operation names.
 */
function operationId({ idempotentPlace: place, knowsSecret }: Caller, name: string | undefined) {
  if (place?.operation) return operationOf(place.operation);
  const [, whole] = PART_OF_OPERATION.exec(name ?? "") ?? [];
  if (whole) return `name:${createHash("sha256").update(whole).digest("hex")}`;
  return knowsSecret || place?.field ? null : "its fields";
}

import { createHash } from "node:crypto";
import { type ApolloServerPlugin, HeaderMap } from "@apollo/server";
import type { FormattedExecutionResult } from "graphql";
import { canonical, operationOf } from "../../../resolvers/idempotent-call";
import type { Caller, Context } from "../../context";
import { Denied } from "../../domain/denial";
import { actorLabel } from "../../domain/viewer";
import { readResponse, storeResponse } from "../../store/idempotency";

/**
 * The header Idempotency-Key on mutations: a repeat is given the first response as it was sent. Where the first was
 * cut off before it was sent, or the document is another one with the same mutations, the kept outcome of each mutation
 * is shown instead (see the command runner).
 *
 * A key belongs to one operation of the caller, and each mutation to its place in it. A gateway that sends mutations one
 * by one says both: Idempotency-Operation has the response keys of the client's operation, with commas in between, and
 * Idempotency-Field the one of this mutation.
 */
export const idempotencyPlugin: ApolloServerPlugin<Context> = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ operation, request, source, contextValue }) => {
      const { viewer, caller } = contextValue;
      const { idempotencyKey: key, idempotentPlace: place } = caller;
      if (operation?.operation !== "mutation" || key === null) return;
      assertHeaders(key, place);
      if (viewer.kind === "anonymous") return;
      const said = place?.operation || place?.field ? [place.operation, place.field] : [];
      const asked = canonical([source, request.operationName ?? null, request.variables ?? {}, ...said]);
      const requestHash = createHash("sha256").update(JSON.stringify(asked)).digest();
      contextValue.idempotency = {
        caller: actorLabel(viewer),
        key,
        requestHash,
        operation: knownOperation(caller, operation.name?.value),
        isReused: false,
      };
    },
    responseForOperation: async ({ contextValue: { idempotency, services } }) => {
      if (!idempotency) return null;
      // An error here would be answered as a failure of the server. Without the response the mutation runs, and finds its
      // kept outcome or the same error.
      const read = readResponse(services.database, idempotency, services.clock.now());
      const kept = await read.catch(() => undefined);
      if (kept === undefined) return null;
      const singleResult = kept as FormattedExecutionResult;
      return { body: { kind: "single", singleResult }, http: { headers: new HeaderMap() } };
    },
    willSendResponse: async ({ contextValue, response }) => {
      const { idempotency, services } = contextValue;
      const { body } = response;
      if (!idempotency || idempotency.isReused || body.kind !== "single" || body.singleResult.errors) return;
      // The change is committed, and its outcome with it: a repeat can do without the letter.
      await storeResponse(services.database, idempotency, { data: body.singleResult.data }).catch(() => undefined);
    },
  }),
};

const NAME = /^[_A-Za-z]\w*$/;

function assertHeaders(key: string, place: Caller["idempotentPlace"]): void {
  if (key.length < 1 || key.length > 255 || key.includes("\0")) {
    throw new Denied("BAD_USER_INPUT", "An Idempotency-Key has 1 to 255 characters.");
  }
  if (place?.operation === "") {
    throw new Denied(
      "BAD_USER_INPUT",
      "Idempotency-Operation is empty. Send the operation's response keys, or leave it.",
    );
  }
  if (place && place.field !== null && !NAME.test(place.field)) {
    throw new Denied("BAD_USER_INPUT", "Idempotency-Field has to be the response key of the mutation.");
  }
}

/** Apollo Router names the parts of an operation Operation__subgraph__number. */
const PART_OF_OPERATION = /^(\w+?)__\w+__\d+$/;

/**
 * What an operation is known by, if not by the fields in the document. A gateway that does not say it is known by its
 * secret, or by the way Apollo Router names its documents: then other documents may belong to the same operation.
 */
function knownOperation({ idempotentPlace: place, knowsSecret }: Caller, name: string | undefined) {
  if (place?.operation) return operationOf(place.operation);
  const [, whole] = PART_OF_OPERATION.exec(name ?? "") ?? [];
  if (whole) return `name:${createHash("sha256").update(whole).digest("hex")}`;
  return knowsSecret || place?.field ? null : "its fields";
}

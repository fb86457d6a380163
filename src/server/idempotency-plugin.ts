import { createHash } from "node:crypto";
import { type ApolloServerPlugin, HeaderMap } from "@apollo/server";
import type { FormattedExecutionResult } from "graphql";
import type { Context } from "../context";
import { Denied } from "../domain/denial";
import { actorLabel } from "../domain/viewer";
import { keepResponse, readAnswer } from "../store/idempotency";

/**
 * The header Idempotency-Key on mutations: a repeat is given the first response as it was sent. Where the first was
 * cut off before it was sent, the kept outcome of each mutation is shown instead (see the command runner).
 */
export const idempotencyPlugin: ApolloServerPlugin<Context> = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ operation, request, source, contextValue }) => {
      const { viewer, caller } = contextValue;
      const { idempotencyKey: key } = caller;
      if (operation?.operation !== "mutation" || key === null) return;
      if (key.length < 1 || key.length > 255 || key.includes("\0")) {
        throw new Denied("BAD_USER_INPUT", "An Idempotency-Key has 1 to 255 characters.");
      }
      if (viewer.kind === "anonymous") return;
      const asked = canonical([source, request.operationName ?? null, request.variables ?? {}]);
      const requestHash = createHash("sha256").update(JSON.stringify(asked)).digest();
      contextValue.idempotency = { caller: actorLabel(viewer), key, requestHash };
    },
    responseForOperation: async ({ contextValue: { idempotency, services } }) => {
      if (!idempotency) return null;
      const kept = await readAnswer(services.database, idempotency, services.clock.now());
      if (!kept?.response || !kept.requestHash.equals(idempotency.requestHash)) return null;
      const singleResult = kept.response as FormattedExecutionResult;
      return { body: { kind: "single", singleResult }, http: { headers: new HeaderMap() } };
    },
    willSendResponse: async ({ contextValue, response }) => {
      const { idempotency, services } = contextValue;
      const { body } = response;
      if (!idempotency || body.kind !== "single" || body.singleResult.errors) return;
      await keepResponse(services.database, idempotency, { data: body.singleResult.data });
    },
  }),
};

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, part]) => [name, canonical(part)]));
}

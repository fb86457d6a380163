import { outcomeClass, outcomeOf } from "./outcome";
import type { RequestPart } from "./request-plugin";
import { rootFieldsOf } from "./root-fields";

/**
 * Adds a span for every operation, with its root fields: in a valid document they are names of the schema. The client
 * chooses the operation's own name, which may contain anything.
 */
export const traceOperations: RequestPart = {
  didResolveOperation: ({ document, operation, contextValue }) => {
    const { currentSpan: parent, viewer } = contextValue;
    if (!parent || !operation) return;
    const { operation: kind } = operation;
    const fields = rootFieldsOf(document, operation);
    const attributes = { "graphql.operation.type": kind, "graphql.root_fields": fields, "viewer.kind": viewer.kind };
    contextValue.continueIn(parent.child(`${kind} ${fields[0] ?? ""}`.trim(), "internal", attributes));
  },
  willSendResponse: ({ operation, errors, contextValue: { currentSpan } }) => {
    if (!operation || !currentSpan) return;
    const outcome = outcomeOf(errors);
    if (outcomeClass(outcome) === "refused") currentSpan.set({ "error.type": outcome });
    currentSpan.end(outcomeClass(outcome) === "failed" ? { code: outcome } : undefined);
  },
};

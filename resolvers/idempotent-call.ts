import { createHash } from "node:crypto";
import { type GraphQLResolveInfo, getArgumentValues } from "graphql";
import { collectFields } from "graphql/execution/collectFields";
import type { Context } from "../src/context";
import { Denied } from "../src/domain/denial";
import type { IdempotentCall } from "../src/store/idempotency";

/**
 * Identifies a mutation under its request's Idempotency-Key; undefined for a request without a key. It is identified by
 * its response key, name and arguments, not by the document's text: gateways rewrite documents and split mutations.
 */
export function idempotentCall(context: Context, info: GraphQLResolveInfo): IdempotentCall | undefined {
  const { idempotency, caller } = context;
  if (!idempotency) return undefined;
  const fields = fieldsOf(info);
  const named = caller.idempotentPlace?.field ?? null;
  if (named !== null && fields.length !== 1) {
    throw new Denied("BAD_USER_INPUT", "Idempotency-Field needs a document with exactly one mutation.");
  }
  const { isReused: _, hasSecret: __, operation, ...request } = idempotency;
  return {
    ...request,
    operation: operation === "its fields" ? operationOf(fields.join(",")) : operation,
    field: named ?? String(info.path.key),
    fieldHash: hashOf(info),
  };
}

/** Identifies an operation by its mutations' response keys: in order, joined by commas. */
export function operationOf(fields: string): string {
  return `fields:${createHash("sha256").update(fields).digest("hex")}`;
}

/** Response keys of the mutations that run, in order. */
function fieldsOf({ schema, fragments, variableValues, parentType, operation }: GraphQLResolveInfo): string[] {
  const fields = collectFields(schema, fragments, variableValues, parentType, operation.selectionSet);
  return [...fields].filter(([, [node]]) => node?.name.value !== "__typename").map(([name]) => name);
}

function hashOf({ parentType, fieldName, fieldNodes, variableValues }: GraphQLResolveInfo): string {
  const [field, node] = [parentType.getFields()[fieldName], fieldNodes[0]];
  const values = field && node ? getArgumentValues(field, node, variableValues) : {};
  return createHash("sha256")
    .update(JSON.stringify(canonical([fieldName, values])))
    .digest("hex");
}

/** The value with the keys of all objects sorted, so that equal values serialize equally. */
export function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, nested]) => [name, canonical(nested)]));
}

import { createHash } from "node:crypto";
import { type GraphQLResolveInfo, getArgumentValues } from "graphql";
import { collectFields } from "graphql/execution/collectFields";
import type { Context } from "../src/context";
import { Denied } from "../src/domain/denial";
import type { IdempotentCall } from "../src/store/idempotency";

/**
 * A mutation under its request's Idempotency-Key. It is known by its place in the operation (its response key) and by
 * its name and arguments, and not by the text of the document: gateways rewrite that, and send mutations one by one.
 */
export function idempotentCall(context: Context, info: GraphQLResolveInfo): IdempotentCall | undefined {
  const { idempotency, caller } = context;
  if (!idempotency) return undefined;
  const fields = fieldsOf(info);
  const named = caller.idempotentPlace?.field ?? null;
  if (named !== null && fields.length !== 1) {
    throw new Denied("BAD_USER_INPUT", "Idempotency-Field is for a document with one mutation.");
  }
  const { isReused: _, operation, ...request } = idempotency;
  return {
    ...request,
    operation: operation === "its fields" ? operationOf(fields.join(",")) : operation,
    field: named ?? String(info.path.key),
    fieldHash: hashOf(info),
  };
}

/** What an operation is known by whose mutations have these response keys, in their order, with commas in between. */
export function operationOf(fields: string): string {
  return `fields:${createHash("sha256").update(fields).digest("hex")}`;
}

/** The response keys of the operation's mutations: those that run, in their order. */
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

/** The same value with the names of all objects in alphabetical order. */
export function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, part]) => [name, canonical(part)]));
}

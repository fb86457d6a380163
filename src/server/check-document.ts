import { type DocumentNode, type GraphQLSchema, parse } from "graphql";
import { LRUCache } from "lru-cache";
import { Denied } from "../domain/denial";
import { LIMITS, limitDocument } from "./limit-document";

/** A request's document, as far as it has one, and what its variables and the hash of its document are. */
export interface AskedOperation {
  query?: unknown;
  variables?: unknown;
  extensions?: unknown;
}

const REMEMBERED = 1_000;
/** Longer documents are not remembered, so that nobody fills the memory with them. */
const LONGEST_REMEMBERED = 20_000;

/**
 * Makes the check that every document passes before it reaches validation, once for each: only one that some variables
 * make too expensive is weighed anew with them. `textOf` finds the document that comes as its hash. What cannot be
 * parsed is left for others to report.
 */
export function documentChecker(
  schema: GraphQLSchema,
  textOf: (extensions: unknown) => string | undefined,
): (operation: AskedOperation) => void {
  const passed = new LRUCache<string, DocumentNode | "with any variables">({ max: REMEMBERED });
  return ({ query = null, variables, extensions }) => {
    const text = query ?? textOf(extensions);
    if (typeof text !== "string") return;
    assertShortLists(variables);
    const known = passed.get(text);
    if (known === "with any variables") return;
    if (text.length > LIMITS.characters) {
      throw new Denied("GRAPHQL_VALIDATION_FAILED", `A document has at most ${LIMITS.characters} characters.`);
    }
    const document = known ?? parsed(text);
    if (!document) return;
    const verdict = known ?? (passes(schema, document) ? "with any variables" : document);
    if (verdict === document) limitDocument(schema, document, isRecord(variables) ? variables : {});
    if (!known && text.length <= LONGEST_REMEMBERED) passed.set(text, verdict);
  };
}

/** Every item is coerced, by more than one library, before anybody can say that there are too many. */
function assertShortLists(variables: unknown): void {
  const waiting = [variables];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== "object" || value === null) continue;
    if (Array.isArray(value) && value.length > LIMITS.items) {
      throw new Denied("BAD_USER_INPUT", `A list in the variables has at most ${LIMITS.items} items.`);
    }
    for (const part of Object.values(value)) if (typeof part === "object") waiting.push(part);
  }
}

function passes(schema: GraphQLSchema, document: DocumentNode): boolean {
  try {
    limitDocument(schema, document, "any");
    return true;
  } catch {
    return false;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** The operation in a request's body, or in its address where it is a GET. */
export function operationOf({
  method,
  body,
  query,
}: {
  method: string;
  body: unknown;
  query: unknown;
}): AskedOperation {
  const source = (method === "GET" ? query : body) as Partial<AskedOperation> | null | undefined;
  if (!isRecord(source)) return {};
  const { query: text, variables, extensions } = source as AskedOperation;
  return { query: text, variables: unpacked(variables), extensions: unpacked(extensions) };
}

function parsed(query: string): DocumentNode | null {
  try {
    return parse(query, { maxTokens: LIMITS.tokens, noLocation: true });
  } catch {
    return null;
  }
}

/** Addresses carry objects as text. */
function unpacked(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

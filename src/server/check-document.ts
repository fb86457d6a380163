import { type DocumentNode, type GraphQLSchema, parse } from "graphql";
import { LRUCache } from "lru-cache";
import { LIMITS, limitDocument } from "./limit-document";

/** A request's document, as far as it has one. */
export interface AskedOperation {
  query: unknown;
  variables: unknown;
}

const REMEMBERED = 1_000;
/** Longer documents are not remembered, so that nobody fills the memory with them. */
const LONGEST_REMEMBERED = 20_000;

/**
 * Makes the check that every document passes before it reaches validation, once for each: only one that is asked for
 * entities is weighed anew with its variables. What cannot be parsed is left for others to report.
 */
export function documentChecker(schema: GraphQLSchema): (operation: AskedOperation) => void {
  const passed = new LRUCache<string, { forEntities: DocumentNode | null }>({ max: REMEMBERED });
  return ({ query, variables }) => {
    if (typeof query !== "string") return;
    const given = typeof variables === "object" && variables !== null ? (variables as Record<string, unknown>) : {};
    const known = passed.get(query);
    if (known) {
      if (known.forEntities) limitDocument(schema, known.forEntities, given);
      return;
    }
    const document = parsed(query);
    if (!document) return;
    limitDocument(schema, document, given);
    if (query.length > LONGEST_REMEMBERED) return;
    passed.set(query, { forEntities: query.includes("representations") ? document : null });
  };
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
  if (typeof source !== "object" || source === null) return { query: undefined, variables: undefined };
  const { variables } = source;
  return { query: source.query, variables: typeof variables === "string" ? parsedJson(variables) : variables };
}

function parsed(query: string): DocumentNode | null {
  try {
    return parse(query, { maxTokens: LIMITS.tokens, noLocation: true });
  } catch {
    return null;
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { type DocumentNode, type GraphQLSchema, parse } from "graphql";
import { LRUCache } from "lru-cache";
import { Denied } from "../../domain/denial";
import { limitDocument } from "./limit-document";
import { limitNesting, limitVariables } from "./limit-nesting";
import { LIMITS } from "./limits";

/** A request's document, as far as it has one, and what its variables and the hash of its document are. */
export interface RequestedOperation {
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
): (operation: RequestedOperation) => void {
  const passed = new LRUCache<string, DocumentNode | "with any variables">({ max: REMEMBERED });
  return ({ query, variables, extensions }) => {
    limitVariables(variables);
    // Apollo Server takes the document of the hash wherever the query is no text: 0 as well as null.
    const text = typeof query === "string" ? query : textOf(extensions);
    if (text === undefined) return;
    const known = passed.get(text);
    if (known === "with any variables") return;
    if (text.length > LIMITS.characters) {
      throw new Denied("GRAPHQL_VALIDATION_FAILED", `A document has at most ${LIMITS.characters} characters.`);
    }
    if (!known) limitNesting(text);
    const document = known ?? parsed(text);
    if (!document) return;
    const verdict = known ?? (passes(schema, document) ? "with any variables" : document);
    if (verdict === document) limitDocument(schema, document, isRecord(variables) ? variables : {});
    if (!known && text.length <= LONGEST_REMEMBERED) passed.set(text, verdict);
  };
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

/** The operation in a request's body, or in its address where it is a GET: read as Apollo Server reads it. */
export function operationOf({ method, body, url }: { method: string; body: unknown; url: string }): RequestedOperation {
  if (method !== "GET") return isRecord(body) ? (body as RequestedOperation) : {};
  const from = url.indexOf("?");
  const parameters = new URLSearchParams(from < 0 ? "" : url.slice(from));
  return {
    query: parameters.get("query") ?? undefined,
    variables: unpacked(parameters.get("variables")),
    extensions: unpacked(parameters.get("extensions")),
  };
}

function parsed(query: string): DocumentNode | null {
  try {
    return parse(query, { maxTokens: LIMITS.tokens, noLocation: true });
  } catch {
    return null;
  }
}

/** Addresses carry objects as text. */
function unpacked(text: string | null): unknown {
  if (text === null) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

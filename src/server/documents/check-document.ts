import { type DocumentNode, type GraphQLSchema, parse } from "graphql";
import { LRUCache } from "lru-cache";
import { Denied } from "../../domain/denial";
import { limitDocument } from "./limit-document";
import { limitNesting, limitVariables } from "./limit-nesting";
import { LIMITS } from "./limits";

/** The document, variables and extensions of a request, not validated. The document may come as a hash. */
export interface RequestedOperation {
  query?: unknown;
  variables?: unknown;
  extensions?: unknown;
}

const CACHED_DOCUMENTS = 1_000;
/** Longer documents are not cached, which bounds the memory. */
const MAX_CACHED_CHARACTERS = 20_000;

/**
 * Creates the check of documents that runs before validation. Its result is cached per document. Only a document that
 * some variables make too expensive is weighed again for each request. `textOf` finds the document for a hash. Syntax
 * errors are left to Apollo Server.
 */
export function documentChecker(
  schema: GraphQLSchema,
  textOf: (extensions: unknown) => string | undefined,
): (operation: RequestedOperation) => void {
  const passed = new LRUCache<string, DocumentNode | "with any variables">({ max: CACHED_DOCUMENTS });
  return ({ query, variables, extensions }) => {
    limitVariables(variables);
    // As in Apollo Server, the hash counts if the query is not a string.
    const text = typeof query === "string" ? query : textOf(extensions);
    if (text === undefined) return;
    const verdict = passed.get(text) ?? judge(text);
    if (verdict === null || verdict === "with any variables") return;
    limitDocument(schema, verdict, isRecord(variables) ? variables : {});
    // Only a document that was within the limits once is worth the memory.
    if (text.length <= MAX_CACHED_CHARACTERS) passed.set(text, verdict);
  };

  /** The document if its variables decide whether it passes. Null for a syntax error. */
  function judge(text: string): DocumentNode | "with any variables" | null {
    if (text.length > LIMITS.characters) {
      throw new Denied("GRAPHQL_VALIDATION_FAILED", `A document may have at most ${LIMITS.characters} characters.`);
    }
    limitNesting(text);
    const document = parsed(text);
    if (!document || !passes(schema, document)) return document;
    if (text.length <= MAX_CACHED_CHARACTERS) passed.set(text, "with any variables");
    return "with any variables";
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

/** Reads the operation from the body, or from the query string of a GET, as Apollo Server does. */
export function operationOf({ method, body, url }: { method: string; body: unknown; url: string }): RequestedOperation {
  if (method !== "GET") return isRecord(body) ? (body as RequestedOperation) : {};
  const from = url.indexOf("?");
  const parameters = new URLSearchParams(from < 0 ? "" : url.slice(from));
  return {
    query: parameters.get("query") ?? undefined,
    variables: parseJson(parameters.get("variables")),
    extensions: parseJson(parameters.get("extensions")),
  };
}

function parsed(query: string): DocumentNode | null {
  try {
    return parse(query, { maxTokens: LIMITS.tokens, noLocation: true });
  } catch {
    return null;
  }
}

function parseJson(text: string | null): unknown {
  if (text === null) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

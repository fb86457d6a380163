import { unwrapResolverError } from "@apollo/server/errors";
import { GraphQLError, type GraphQLFormattedError, Kind } from "graphql";
import { BillingUnavailable, Denied, Unavailable } from "../../domain/denial";
import type { Log } from "../../log";

/**
 * An error as clients see it. Denials and errors about the document keep their message. All others are logged, and the
 * client gets the request's id.
 */
export function formatError(formatted: GraphQLFormattedError, error: unknown, log: Log, requestId: string) {
  const cause = unwrapResolverError(error);
  if (cause instanceof Unavailable || cause instanceof BillingUnavailable)
    log.warn({ err: cause, requestId, path: formatted.path }, "a dependency is unavailable");
  if (cause instanceof Denied) return { ...formatted, message: cause.message, extensions: { ...cause.extensions } };
  const isClientError = isRequestError(error) || isArgumentError(error);
  const code = isClientError ? "BAD_USER_INPUT" : formatted.extensions?.code;
  if (code && code !== "INTERNAL_SERVER_ERROR") {
    return {
      ...formatted,
      message: withoutValues(formatted.message),
      extensions: { ...formatted.extensions, code, stacktrace: undefined },
    };
  }
  log.error({ err: cause, requestId, path: formatted.path }, "an operation failed unexpectedly");
  return {
    ...formatted,
    message: `Something went wrong on our side. Tell support this id: ${requestId}`,
    extensions: { code: "INTERNAL_SERVER_ERROR", requestId },
  };
}

/** Apollo Server's errors about persisted queries have a 4xx status and no code. */
function isRequestError(error: unknown): boolean {
  if (!(error instanceof GraphQLError) || error.extensions.code) return false;
  const { status } = (error.extensions.http ?? {}) as { status?: number };
  return status !== undefined && status >= 400 && status < 500;
}

const VALUES: readonly string[] = [
  ...[Kind.VARIABLE, Kind.NULL, Kind.LIST, Kind.OBJECT, Kind.ENUM],
  ...[Kind.INT, Kind.FLOAT, Kind.STRING, Kind.BOOLEAN],
];

/** graphql-js says this, without a code, in place of the errors of variables that it leaves out. */
const TOO_MANY = /^Too many errors processing variables/;

/**
 * graphql-js finds some errors in arguments only during execution, such as null in a variable whose default made it
 * valid for a non-null argument. They point at the value in the document; errors of resolvers never do.
 */
function isArgumentError(error: unknown): boolean {
  if (!(error instanceof GraphQLError) || error.extensions.code || error.originalError) return false;
  if (TOO_MANY.test(error.message)) return true;
  return error.nodes !== undefined && error.nodes.length > 0 && error.nodes.every(({ kind }) => VALUES.includes(kind));
}

/** A quoted text, with escapes. */
const QUOTED = /"(?:[^"\\\n]|\\.)*"/g;
/** Separates the names in a path or a type. */
const SEPARATOR = /[$![\].]+/;
/** Names are camelCase or CONSTANT_CASE. A secret may consist of letters only, but its capitals are irregular. */
const NAME_IN_WORDS = /^_{0,2}[A-Z]?[a-z]{1,15}(?:[A-Z][a-z]{1,15})*$|^[A-Z]{1,15}(?:_[A-Z]{1,15})+$/;
const LONGEST_TEXT = 100;
const SHORTEST_SECRET = 16;

/**
 * Removes values and suggestions from a message. graphql-js quotes invalid values, whole objects included, so an AWS key
 * sent in the wrong shape would end up in the response and in logs. Suggestions would reveal the schema.
 */
function withoutValues(message: string): string {
  return message
    .replace(/(got invalid value) [\s\S]*?((?: at "[^"]*")?; [\s\S]*?)(?: Did you mean [\s\S]*)?$/, "$1$2")
    .replace(/(cannot represent [^:]*value): [\s\S]*$/, "$1.")
    .replace(QUOTED, (quoted) => (isHarmless(quoted.slice(1, -1)) ? quoted : '"…"'));
}

function isHarmless(text: string): boolean {
  if (text.length < SHORTEST_SECRET) return true;
  const isName = (part: string) => NAME_IN_WORDS.test(part) || (part.length < SHORTEST_SECRET && /^\w*$/.test(part));
  return text.length <= LONGEST_TEXT && text.split(SEPARATOR).every(isName);
}

import { unwrapResolverError } from "@apollo/server/errors";
import { GraphQLError, type GraphQLFormattedError, Kind } from "graphql";
import { Denied, Unavailable } from "../../domain/denial";
import type { Log } from "../../log";

/**
 * What a client learns of an error: our own denials and what is wrong with its document as they are, anything else as
 * an id under which the log tells the rest.
 */
export function formatError(formatted: GraphQLFormattedError, error: unknown, log: Log, requestId: string) {
  const cause = unwrapResolverError(error);
  if (cause instanceof Unavailable)
    log.warn({ err: cause, requestId, path: formatted.path }, "something is unavailable");
  if (cause instanceof Denied) return { ...formatted, message: cause.message, extensions: { ...cause.extensions } };
  const isOfTheClient = isOfTheRequest(error) || isOfAnArgument(error);
  const code = isOfTheClient ? "BAD_USER_INPUT" : formatted.extensions?.code;
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

/** Apollo Server gives what is wrong with a persisted query a status of the client's, and no code. */
function isOfTheRequest(error: unknown): boolean {
  if (!(error instanceof GraphQLError) || error.extensions.code) return false;
  const { status } = (error.extensions.http ?? {}) as { status?: number };
  return status !== undefined && status >= 400 && status < 500;
}

const VALUES: readonly string[] = [
  ...[Kind.VARIABLE, Kind.NULL, Kind.LIST, Kind.OBJECT, Kind.ENUM],
  ...[Kind.INT, Kind.FLOAT, Kind.STRING, Kind.BOOLEAN],
];

/**
 * What graphql-js finds wrong with an argument only when it executes, such as a variable that is null where nothing may
 * be: the variable is valid, having a default. It points at the value in the document; no error of a resolver does.
 */
function isOfAnArgument(error: unknown): boolean {
  if (!(error instanceof GraphQLError) || error.extensions.code || error.originalError) return false;
  return error.nodes !== undefined && error.nodes.length > 0 && error.nodes.every(({ kind }) => VALUES.includes(kind));
}

/** From one quote to its own end: a name between two others must not be taken for what stands beside it. */
const QUOTED = /"(?:[^"\\\n]|\\.)*"/g;
/** What stands between the names in a path or a type. */
const BETWEEN = /[$![\].]+/;
/** As names are written, in words: a secret may be letters alone, and is told by its capitals. */
const IN_WORDS = /^_{0,2}[A-Z]?[a-z]{1,15}(?:[A-Z][a-z]{1,15})*$|^[A-Z]{1,15}(?:_[A-Z]{1,15})+$/;
const LONGEST_TEXT = 100;
const SHORTEST_SECRET = 16;

/**
 * graphql quotes what it cannot take, whole objects included: a key that was sent in the wrong shape would be in the
 * answer, and in whatever keeps it. What was wrong with it stays, without what it may have been meant to be: that would
 * tell the schema.
 */
function withoutValues(message: string): string {
  return message
    .replace(/(got invalid value) [\s\S]*?((?: at "[^"]*")?; [\s\S]*?)(?: Did you mean [\s\S]*)?$/, "$1$2")
    .replace(/(cannot represent [^:]*value): [\s\S]*$/, "$1.")
    .replace(QUOTED, (quoted) => (mayBeShown(quoted.slice(1, -1)) ? quoted : '"…"'));
}

function mayBeShown(text: string): boolean {
  if (text.length < SHORTEST_SECRET) return true;
  const isName = (part: string) => IN_WORDS.test(part) || (part.length < SHORTEST_SECRET && /^\w*$/.test(part));
  return text.length <= LONGEST_TEXT && text.split(BETWEEN).every(isName);
}

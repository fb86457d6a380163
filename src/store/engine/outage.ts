import { DatabaseError } from "pg";
import { Denied, MAY_HAVE_HAPPENED, Unavailable } from "../../domain/denial";
import { Refused } from "../../domain/refusal";

/** SQLSTATE of a server that cannot be used: connections that fail or are ended, shutdown, recovery, a standby. */
const OUTAGE_STATES = /^(08...|57P0[1235]|53300|25006|25P03|40003)$/;

/** What the operating system says of an address that cannot be reached, or of a connection that broke. */
const OUTAGE_CODES = new Set([
  "EADDRNOTAVAIL",
  "EAI_AGAIN",
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTDOWN",
  "EHOSTUNREACH",
  "EMFILE",
  "ENETDOWN",
  "ENETUNREACH",
  "ENFILE",
  "ENOENT",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
]);

/** pg and its pool say these by words alone. */
const OUTAGE_WORDS =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Client (was closed|has encountered a connection error)|Cannot use a pool after calling end)/;

/** The server's word that a transaction was not committed, or the reason why nobody knows. */
const UNKNOWN_STATES = new Set(["40003", "08007"]);

interface Coded {
  code?: string;
  message?: string;
  driverError?: unknown;
  errors?: readonly unknown[];
}

/** Whether an error says that the database cannot be reached or goes away, and not that it refuses a statement. */
export function isOutage(error: unknown): boolean {
  if (typeof error !== "object" || error === null || error instanceof Denied) return false;
  const { code = "", message = "", driverError, errors } = error as Coded;
  if (driverError !== undefined) return isOutage(driverError);
  if (error instanceof DatabaseError) return OUTAGE_STATES.test(code);
  // A name with several addresses fails with an error for each.
  if (errors?.some(isOutage)) return true;
  return OUTAGE_CODES.has(code) || OUTAGE_WORDS.test(message);
}

/** An error before anything was committed: an outage as Unavailable, anything else as it is. */
export function beforeCommit(error: unknown, isBroken = false): unknown {
  const isOurs = error instanceof Denied || error instanceof Refused;
  if (isOurs || !(isBroken || isOutage(error))) return error;
  return new Unavailable("The database cannot be reached. Try again in a few seconds.", { cause: error });
}

/**
 * An error after COMMIT, or a statement that commits by itself, was sent. Unless the server says that it failed, the
 * change may stand: the connection broke before the answer came.
 */
export function afterCommitWasSent(error: unknown): unknown {
  if (isRejection(error)) return error;
  const message = `The connection to the database broke while the change was being saved. ${MAY_HAVE_HAPPENED}`;
  return new Unavailable(message, { mayHaveHappened: true, cause: error });
}

/** The server's own word that a statement failed; a fatal error is about the connection. */
function isRejection(error: unknown): boolean {
  const cause = (error as Coded | null)?.driverError ?? error;
  return cause instanceof DatabaseError && cause.severity === "ERROR" && !UNKNOWN_STATES.has(cause.code ?? "");
}

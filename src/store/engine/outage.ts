import { DatabaseError } from "pg";
import { Denied, MAY_HAVE_HAPPENED, Unavailable } from "../../domain/denial";
import { Refused } from "../../domain/refusal";
import { lockTimeout } from "./lock-queue";

/**
 * SQLSTATEs of an unusable server: failed or terminated connections, shutdown, recovery, a read-only standby, no disk,
 * memory or connections left, disk errors, a dropped database.
 */
const OUTAGE_STATES = /^(08...|57P0[12345]|53[0-3]00|58030|25006|25P03|40003)$/;

/** The operating system's codes for an unreachable address or a broken connection. */
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

/** Errors of pg and its pool that have a message but no code. */
const OUTAGE_MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Client (was closed|has encountered a connection error)|Cannot use a pool after calling end)/;

/**
 * SQLSTATEs that leave open whether a transaction was committed. On a distributed PostgreSQL, a lost connection is also one
 * between its servers.
 */
const UNKNOWN_STATES = /^(08...|40003)$/;

/** Citus reports some lost nodes as internal errors, with its own words or those of the connection between the servers. */
const INTERNAL_ERROR = "XX000";
const LOST_NODE =
  /^(failure on connection marked as essential|could not commit transaction for shard|server closed the connection|no connection to the server|connection not open|terminating connection|the database system is|could not (receive|send) data|SSL (SYSCALL|connection))/;

/** SQLSTATEs of a full or failing disk. */
const DISK_STATES = new Set(["53100", "58030"]);

interface Coded {
  code?: string;
  message?: string;
  driverError?: unknown;
  errors?: readonly unknown[];
}

/** Whether an error means that the database is unreachable or shutting down, rather than that a statement failed. */
export function isOutage(error: unknown): boolean {
  if (typeof error !== "object" || error === null || error instanceof Denied) return false;
  const { code = "", message = "", driverError, errors } = error as Coded;
  if (driverError !== undefined) return isOutage(driverError);
  if (error instanceof DatabaseError) return OUTAGE_STATES.test(code) || isLostNode(error);
  // A host name with several addresses causes one error for each.
  if (errors?.some(isOutage)) return true;
  return OUTAGE_CODES.has(code) || OUTAGE_MESSAGES.test(message);
}

const LOCK_NOT_AVAILABLE = "55P03";

/**
 * Turns an error before the commit into Unavailable if it is an outage, and into RATE_LIMITED if a lock was not free in
 * time. Returns any other error unchanged.
 */
export function beforeCommit(error: unknown, isBroken = false): unknown {
  if (isLockNotAvailable(error)) return lockTimeout(error);
  const isOurs = error instanceof Denied || error instanceof Refused;
  if (isOurs || !(isBroken || isOutage(error))) return error;
  return new Unavailable("The database cannot be reached. Try again in a few seconds.", { cause: error });
}

/**
 * Turns an error after a commit was sent into an Unavailable with `mayHaveHappened`, unless the server rejected the
 * statement.
 */
export function afterCommitWasSent(error: unknown): unknown {
  if (isRejection(error)) return beforeCommit(error);
  const message = `The connection to the database broke while the change was being saved. ${MAY_HAVE_HAPPENED}`;
  return new Unavailable(message, { mayHaveHappened: true, cause: error });
}

/** Whether a statement gave up waiting for a lock. */
export function isLockNotAvailable(error: unknown): boolean {
  return databaseErrorOf(error)?.code === LOCK_NOT_AVAILABLE;
}

/** Whether the server reported that the statement failed. A FATAL error concerns the connection instead. */
function isRejection(error: unknown): boolean {
  const cause = databaseErrorOf(error);
  return cause?.severity === "ERROR" && !UNKNOWN_STATES.test(cause.code ?? "") && !isLostNode(cause);
}

function isLostNode({ code, message }: DatabaseError): boolean {
  return code === INTERNAL_ERROR && LOST_NODE.test(message);
}

/** Whether a write failed because the server's disk is full or fails. */
export function isDiskFailure(error: unknown): boolean {
  return DISK_STATES.has(databaseErrorOf(error)?.code ?? "");
}

/** The server's error, even if TypeORM has wrapped it. */
function databaseErrorOf(error: unknown): DatabaseError | null {
  const cause = (error as Coded | null)?.driverError ?? error;
  return cause instanceof DatabaseError ? cause : null;
}

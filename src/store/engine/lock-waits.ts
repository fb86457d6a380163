import type { PoolClient } from "pg";
import { LockBusy, type LockQueue } from "./lock-queue";
import { type LockStatements, rowsOf } from "./statement";

/** How a transaction waits for locks: until when (performance.now), and whether it has a place in the queue. */
export interface LockWaits {
  queue: LockQueue;
  until: number;
  hasPlace: boolean;
}

/** Takes the lock if it is free, and waits for it otherwise. */
export async function lockRows<Row>(
  connection: PoolClient,
  waits: LockWaits,
  { free, waiting }: LockStatements,
  values: readonly unknown[],
): Promise<Row[]> {
  const rows = await rowsOf<Row>(connection, free, values);
  if (rows.length > 0) return rows;
  return await waitForLocks(connection, waits, () => rowsOf<Row>(connection, waiting, values));
}

/** Waits for locks if the queue has a place. If not, the transaction returns its connection. */
export async function waitForLocks<Result>(
  connection: PoolClient,
  { queue, until, hasPlace }: LockWaits,
  part: () => Promise<Result>,
): Promise<Result> {
  if (!hasPlace && !queue.enter()) throw new LockBusy();
  try {
    // The setting is local to the transaction, because a pooler may share the connection. 0 would mean no limit.
    await connection.query(`SET LOCAL lock_timeout = ${Math.max(Math.ceil(until - performance.now()), 1)}`);
    const result = await part();
    await connection.query(`SET LOCAL lock_timeout = ${queue.timeoutMs}`);
    return result;
  } finally {
    if (!hasPlace) queue.leave();
  }
}

/**
 * Limits the wait for each lock of a statement that commits by itself; undefined: as usual. The setting is the session's,
 * because a transaction around the statement would hold its locks until the process sends COMMIT.
 */
export async function withLockLimit<Result>(
  connection: PoolClient,
  { timeoutMs }: LockQueue,
  milliseconds: number | undefined,
  run: () => Promise<Result>,
): Promise<Result> {
  if (milliseconds === undefined) return await run();
  const limit = (value: number) => connection.query(`SET lock_timeout = ${value}`);
  await limit(Math.min(Math.ceil(milliseconds), timeoutMs));
  try {
    return await run();
  } finally {
    // It fails only if the connection is broken, which `run` reports.
    await limit(timeoutMs).catch(() => undefined);
  }
}

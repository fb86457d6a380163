import { readCitus } from "./citus";
import { BACKGROUND_STATEMENT_MS } from "./connection";
import { ConnectionWatch } from "./connection-watch";
import { createDataSource } from "./data-source";
import type { Database } from "./database";
import type { DatabaseOptions } from "./database-options";
import { Directories } from "./directories";
import { LockQueue } from "./lock-queue";
import { MergedQueues } from "./merged-writes";
import { Pipeline } from "./pipeline";
import { measureWaits, poolOf } from "./pool-waits";
import { PooledDatabase } from "./pooled-database";

/** How much of the pool may wait for locks. */
const LOCK_SHARE = 1 / 2;

/** Connects to the database. */
export async function openDatabase(
  url: string,
  {
    directUrl = null,
    connections = 10,
    lanes = 2,
    lockTimeoutMs: timeoutMs = 2_000,
    namedStatements = true,
    ...known
  }: DatabaseOptions = {},
): Promise<Database> {
  let count = 0;
  const onStatement = () => {
    count += 1;
  };
  const isPooled = directUrl !== null;
  const watch = new ConnectionWatch({ url, isPooled });
  const directWatch = directUrl === null ? watch : new ConnectionWatch({ url: directUrl, isPooled: false });
  const { isDistributed = false, hasDirectories = false } =
    known.isDistributed === undefined ? await readCitus(directUrl ?? url) : known;
  const dataSource = createDataSource(url, connections, {
    statementMs: BACKGROUND_STATEMENT_MS,
    lock_timeout: timeoutMs,
    isPooled,
    isDistributed,
    namedStatements,
    onStatement,
    registry: watch,
  });
  await dataSource.initialize();
  const pipeline = new Pipeline({ url: directUrl ?? url, lanes, isDistributed, onStatement, registry: directWatch });
  await pipeline.open();
  return new PooledDatabase({
    dataSource,
    pool: measureWaits(poolOf(dataSource)),
    pipeline,
    watches: [watch, directWatch],
    lockQueue: new LockQueue(Math.max(Math.floor(connections * LOCK_SHARE), 1), timeoutMs),
    isPooled,
    isDistributed,
    directories: hasDirectories ? new Directories() : null,
    writes: { failedAt: Number.NEGATIVE_INFINITY },
    merged: new MergedQueues(),
    count: () => count,
  });
}

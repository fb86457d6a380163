import type { Pool } from "pg";
import type { DataSource } from "typeorm";
import type { ConnectionWatch } from "./connection-watch";
import type { Directories } from "./directories";
import type { LockQueue } from "./lock-queue";
import type { MergedQueues } from "./merged-writes";
import type { Pipeline } from "./pipeline";

/** What the operations on a database share. */
export interface Connections {
  dataSource: DataSource;
  pool: Pool;
  pipeline: Pipeline;
  watches: readonly ConnectionWatch[];
  lockQueue: LockQueue;
  isPooled: boolean;
  isDistributed: boolean;
  /** Null: the database has none. */
  directories: Directories | null;
  /** When the disk last failed a write (performance.now). */
  writes: { failedAt: number };
  merged: MergedQueues;
  count(): number;
}

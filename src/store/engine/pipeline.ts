import { DatabaseError } from "pg";
import type { Span } from "../../tracing/span";
import { type ConnectionRegistry, DatabaseClient } from "./connection";
import { type Reader, rowsOf, type Statement } from "./statement";

const CHECK_INTERVAL_MS = 500;
const RECONNECT_DELAY_MS = 500;
/** A short read takes milliseconds; one that waits for a lock is repeated through the pool. */
const STATEMENT_MS = 10_000;

// Short reads read a few rows by an index. By default the planner plans some of them again each time, which costs more
// than running them. While tables grow, outdated statistics make it scan whole tables. JIT never pays off for short
// reads.
const SETTINGS = "SET enable_seqscan = off; SET jit = off";
export const LANE_SETTINGS = `SET plan_cache_mode = force_generic_plan; ${SETTINGS}`;
/** Citus chooses the node by the values, and refuses plans for any values. */
const DISTRIBUTED_LANE_SETTINGS = SETTINGS;

/** Whether the server is shutting down or an operator ended this connection. The read can then be repeated. */
function isConnectionShutdown(error: unknown): boolean {
  return error instanceof DatabaseError && (error.code === "57P01" || error.code === "57P02");
}

interface PipelineOptions {
  url: string;
  lanes: number;
  isDistributed: boolean;
  registry: ConnectionRegistry;
  onStatement(): void;
}

/**
 * Connections ("lanes") that carry many short reads at once, each sent without waiting for the previous result, which
 * takes a third of the work of a pool. A slow read blocks those behind it. So a lane without progress is abandoned, and
 * its reads are repeated through the pool, as they are if a connection breaks.
 */
export class Pipeline {
  private readonly lanes: Lane[];

  constructor(options: PipelineOptions) {
    this.lanes = Array.from({ length: options.lanes }, () => new Lane(options));
  }

  async open(): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.open()));
  }

  /** Reads through the least busy lane, or through `fallback` if that lane closes or is abandoned. */
  rows<Row>(
    statement: Statement,
    values: readonly unknown[],
    fallback: Reader["rows"],
    span: Span | null,
  ): Promise<Row[]> {
    const [first, ...others] = this.lanes;
    if (!first) return fallback<Row>(statement, values);
    const lane = others.reduce((best, each) => (each.waiting < best.waiting ? each : best), first);
    return lane.rows<Row>(statement, values, fallback, span);
  }

  async close(): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.close()));
  }
}

class Lane {
  /** The number of reads sent without a result yet. */
  waiting = 0;
  private completed = 0;
  private connection: DatabaseClient | null = null;
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;
  private isGathering = false;

  constructor(private readonly options: PipelineOptions) {}

  async open(): Promise<void> {
    const client = new DatabaseClient({
      connectionString: this.options.url,
      pipeline: true,
      statementMs: STATEMENT_MS,
      isDistributed: this.options.isDistributed,
      registry: this.options.registry,
    });
    client.on("error", () => this.abandon(client));
    client.on("end", () => this.abandon(client));
    await client.connect();
    await client.query(this.options.isDistributed ? DISTRIBUTED_LANE_SETTINGS : LANE_SETTINGS);
    this.connection = client;
    this.timer = this.watch(client);
  }

  async rows<Row>(
    statement: Statement,
    values: readonly unknown[],
    fallback: Reader["rows"],
    span: Span | null,
  ): Promise<Row[]> {
    const { connection } = this;
    if (!connection) return await fallback<Row>(statement, values);
    this.waiting += 1;
    this.options.onStatement();
    this.gather(connection);
    try {
      return await connection.within(span, () => rowsOf<Row>(connection, statement, values));
    } catch (error) {
      // The server reports the shutdown to the current read before it closes the connection.
      if (isConnectionShutdown(error)) this.abandon(connection);
      if (this.connection === connection) throw error;
      return await fallback<Row>(statement, values);
    } finally {
      this.waiting -= 1;
      this.completed += 1;
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    const { connection } = this;
    this.connection = null;
    await connection?.end();
  }

  /**
   * Sends the reads of one turn of the event loop together: a write to the socket costs more than everything else about
   * a read.
   */
  private gather({ connection: { stream } }: DatabaseClient): void {
    if (this.isGathering) return;
    this.isGathering = true;
    stream.cork();
    setImmediate(() => {
      this.isGathering = false;
      stream.uncork();
    });
  }

  /**
   * Abandons a lane after two checks without progress: one is not enough, because a busy process may not have read the
   * socket.
   */
  private watch(client: DatabaseClient): NodeJS.Timeout {
    let lastCompleted = -1;
    return setInterval(() => {
      const isStuck = this.waiting > 0 && this.completed === lastCompleted;
      lastCompleted = this.waiting > 0 ? this.completed : -1;
      if (isStuck) this.abandon(client);
    }, CHECK_INTERVAL_MS).unref();
  }

  private abandon(client: DatabaseClient): void {
    if (this.connection !== client) return;
    this.connection = null;
    clearTimeout(this.timer);
    this.reopen();
    // It may still be running a read.
    void client.cancel();
    client.cut();
  }

  private reopen(): void {
    this.timer = setTimeout(() => {
      if (!this.isClosed) this.open().catch(() => this.reopen());
    }, RECONNECT_DELAY_MS).unref();
  }
}

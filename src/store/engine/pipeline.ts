import { Client, DatabaseError } from "pg";
import { type Reader, rowsOf, type Statement } from "./statement";

const LANES = 2;
const LOOK_EVERY_MS = 500;
const RECONNECT_AFTER_MS = 500;

/** The server shuts down, or an operator ends this connection: nothing is wrong with the read. */
function isFarewell(error: unknown): boolean {
  return error instanceof DatabaseError && (error.code === "57P01" || error.code === "57P02");
}

interface Dependencies {
  url: string;
  onStatement(): void;
  /** Ends, at the server, what a connection that was given up is still doing. */
  stop(processId: number): void;
}

/**
 * Connections that carry many short reads at once, each sent without waiting for the answer to the one before: a third
 * of the work that a pool makes of them. A slow read would hold up those behind it, so a lane in which nothing moves
 * is given up, and all that waits in it is read again through the pool, as when its connection breaks.
 */
export class Pipeline {
  private readonly lanes: Lane[];

  constructor(dependencies: Dependencies) {
    this.lanes = Array.from({ length: LANES }, () => new Lane(dependencies));
  }

  async open(): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.open()));
  }

  /** Reads through the lane with the least to do; `otherwise` where that is not open, or is given up meanwhile. */
  rows<Row>(statement: Statement, values: readonly unknown[], otherwise: Reader["rows"]): Promise<Row[]> {
    const [first, ...others] = this.lanes as [Lane, ...Lane[]];
    const lane = others.reduce((best, each) => (each.waiting < best.waiting ? each : best), first);
    return lane.rows<Row>(statement, values, otherwise);
  }

  async close(): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.close()));
  }
}

class Lane {
  /** Reads that have been sent and not answered. */
  waiting = 0;
  private answered = 0;
  private connection: Client | null = null;
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(private readonly dependencies: Dependencies) {}

  async open(): Promise<void> {
    const client = new Client({
      connectionString: this.dependencies.url,
      pipeline: true,
      application_name: "organizations",
    });
    client.on("error", () => this.giveUp(client));
    client.on("end", () => this.giveUp(client));
    await client.connect();
    // They are reads of a few rows by an index. Left to itself, the planner plans some of them anew each time, at a cost
    // above their own; and while tables grow, it scans all of what was small when it last heard of it. Nor is any of them
    // worth compiling.
    await client.query("SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET jit = off");
    this.connection = client;
    this.timer = this.watch(client);
  }

  async rows<Row>(statement: Statement, values: readonly unknown[], otherwise: Reader["rows"]): Promise<Row[]> {
    const { connection } = this;
    if (!connection) return await otherwise<Row>(statement, values);
    this.waiting += 1;
    this.dependencies.onStatement();
    try {
      return await rowsOf<Row>(connection, statement, values);
    } catch (error) {
      // The server says so to the read at hand before it closes the connection.
      if (isFarewell(error)) this.giveUp(connection);
      if (this.connection === connection) throw error;
      return await otherwise<Row>(statement, values);
    } finally {
      this.waiting -= 1;
      this.answered += 1;
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    const { connection } = this;
    this.connection = null;
    await connection?.end();
  }

  /** Looks twice before giving up: answers may lie in the socket while the process is busy. */
  private watch(client: Client): NodeJS.Timeout {
    let seen = -1;
    return setInterval(() => {
      const isStuck = this.waiting > 0 && this.answered === seen;
      seen = this.waiting > 0 ? this.answered : -1;
      if (isStuck) this.giveUp(client);
    }, LOOK_EVERY_MS).unref();
  }

  private giveUp(client: Client): void {
    if (this.connection !== client) return;
    this.connection = null;
    clearTimeout(this.timer);
    this.reopen();
    const { processID } = client as Client & { processID: number };
    this.dependencies.stop(processID);
    client.connection.stream.destroy();
  }

  private reopen(): void {
    this.timer = setTimeout(() => {
      if (!this.isClosed) this.open().catch(() => this.reopen());
    }, RECONNECT_AFTER_MS).unref();
  }
}

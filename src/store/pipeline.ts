import { Client, type Pool } from "pg";
import { type Reader, rowsOf, type Statement } from "./database";

const LANES = 2;
const LOOK_EVERY_MS = 250;
const RECONNECT_AFTER_MS = 500;

/**
 * Connections that carry many short reads at once, each sent without waiting for the answer to the one before: a third
 * of the work that a pool makes of them. A slow read would hold up those behind it, so a lane in which nothing moves
 * is given up, and all that waits in it is read again through the pool, as when its connection breaks.
 */
export class Pipeline implements Reader {
  private readonly lanes: Lane[];

  constructor(url: string, pool: Pool, onStatement: () => void) {
    this.lanes = Array.from({ length: LANES }, () => new Lane(url, pool, onStatement));
  }

  async open(): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.open()));
  }

  rows<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    const [first, ...others] = this.lanes as [Lane, ...Lane[]];
    return others
      .reduce((best, lane) => (lane.waiting < best.waiting ? lane : best), first)
      .rows<Row>(statement, values);
  }

  async close(): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.close()));
  }
}

class Lane implements Reader {
  /** Reads that have been sent and not answered. */
  waiting = 0;
  private answered = 0;
  private connection: Client | null = null;
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(
    private readonly url: string,
    private readonly pool: Pool,
    private readonly onStatement: () => void,
  ) {}

  async open(): Promise<void> {
    const client = new Client({ connectionString: this.url, pipeline: true, application_name: "organizations" });
    client.on("error", () => this.giveUp(client));
    client.on("end", () => this.giveUp(client));
    await client.connect();
    this.connection = client;
    this.timer = this.watch(client);
  }

  async rows<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    const { connection } = this;
    if (!connection) return await rowsOf<Row>(this.pool, statement, values);
    this.waiting += 1;
    this.onStatement();
    try {
      return await rowsOf<Row>(connection, statement, values);
    } catch (error) {
      if (this.connection === connection) throw error;
      return await rowsOf<Row>(this.pool, statement, values);
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
    // What it is still doing is stopped at the server, too; the answer does not matter.
    const { processID } = client as Client & { processID: number | null };
    this.pool.query("SELECT pg_terminate_backend($1)", [processID]).catch(() => undefined);
    client.connection.stream.destroy();
  }

  private reopen(): void {
    this.timer = setTimeout(() => {
      if (!this.isClosed) this.open().catch(() => this.reopen());
    }, RECONNECT_AFTER_MS).unref();
  }
}

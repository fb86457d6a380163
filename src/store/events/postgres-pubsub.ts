import type { QueryConfig } from "pg";
import { DatabaseClient } from "../engine/connection";
import type { PubSub } from "./notifier";

const CHANNEL = "organizations";
const HEARTBEAT_MS = 2_000;
const RECONNECT_AFTER_MS = 200;

/** Pub/sub by NOTIFY and LISTEN, on its own connection, which is replaced when it stops responding. */
export class PostgresPubSub implements PubSub {
  private client: DatabaseClient | null = null;
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;
  private handlers: Parameters<PubSub["subscribe"]>[0] | null = null;
  private sending: Promise<unknown> = Promise.resolve();

  constructor(private readonly url: string) {}

  async publish(payload: string): Promise<void> {
    if (!this.client) throw new Error("The connection for notifications is down.");
    await this.send(this.client, { name: "notify", text: `SELECT pg_notify('${CHANNEL}', $1)`, values: [payload] });
  }

  async subscribe(handlers: Parameters<PubSub["subscribe"]>[0]): Promise<void> {
    this.handlers = handlers;
    await this.connect();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    const { client } = this;
    this.client = null;
    await client?.end();
  }

  private async connect(): Promise<void> {
    const client = new DatabaseClient({
      connectionString: this.url,
      application_name: "organizations notifier",
      connectionTimeoutMillis: HEARTBEAT_MS,
      statementMs: HEARTBEAT_MS,
      query_timeout: HEARTBEAT_MS,
    });
    client.on("error", () => this.replace(client));
    client.on("end", () => this.replace(client));
    client.on("notification", ({ payload }) => this.handlers?.onPayload(payload ?? ""));
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
    } catch (error) {
      client.cut();
      throw error;
    }
    this.client = client;
    this.beat(client);
  }

  /** Sends one query after the other, because pg will no longer queue them. */
  private send(client: DatabaseClient, query: QueryConfig): Promise<unknown> {
    const sent = this.sending.then(() => client.query(query));
    this.sending = sent.catch(() => undefined);
    return sent;
  }

  private beat(client: DatabaseClient): void {
    this.timer = setTimeout(() => {
      this.send(client, { text: "SELECT 1" }).then(
        () => this.client === client && this.beat(client),
        () => this.replace(client),
      );
    }, HEARTBEAT_MS).unref();
  }

  /** PostgreSQL does not keep notifications, so `onGap` follows once the new connection listens. */
  private replace(client: DatabaseClient): void {
    if (this.client !== client) return;
    this.client = null;
    clearTimeout(this.timer);
    client.cut();
    this.reconnect();
  }

  private reconnect(): void {
    this.timer = setTimeout(() => {
      if (this.isClosed) return;
      this.connect().then(
        () => this.handlers?.onGap(),
        () => this.reconnect(),
      );
    }, RECONNECT_AFTER_MS).unref();
  }
}

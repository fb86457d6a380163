import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Pool } from "pg";
import { type DevelopmentIssuer, openDevelopmentIssuer } from "../../../src/development/issuer/development-issuer";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../../src/development/postgres/start-postgres";
import { DatabaseProxy } from "../../support/database-proxy";
import { ServiceProcess } from "../../support/process";

export interface Person {
  id: string;
  email: string;
  token: string;
}

const SETTINGS = { fsync: "off", max_connections: "200" };
/** How long a client retries while everything restarts. */
const RETRY_FOR_MS = 60_000;
const RETRY_AFTER_MS = 50;
/** Codes of an outage, and of a lock that a killed process holds for a moment longer. */
const RETRYABLE = ["UNAVAILABLE", "INTERNAL_SERVER_ERROR", "DEADLINE_EXCEEDED", "RATE_LIMITED"];

/** Two processes of the service on one database; each of the three can be restarted. */
export class Replicas {
  /** Processes that ended without being killed. */
  readonly died: string[] = [];
  private readonly processes: Array<ServiceProcess | null> = [null, null];
  private readonly pool: Pool;
  private people = 0;
  private hasFault = false;

  private constructor(
    private readonly directory: string,
    private postgres: EmbeddedPostgres,
    private readonly proxy: DatabaseProxy,
    private readonly issuer: DevelopmentIssuer,
    private readonly random: () => number,
  ) {
    this.pool = new Pool({ connectionString: proxy.url(postgres.url), max: 4 });
    this.pool.on("error", () => undefined);
    this.pool.on("connect", (client) => client.on("error", () => undefined));
  }

  static async start(random: () => number): Promise<Replicas> {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), "organizations-schedules-"));
    fs.chmodSync(directory, 0o777);
    const [postgres, proxy] = [await startPostgres(directory), await DatabaseProxy.open()];
    const replicas = new Replicas(directory, postgres, proxy, await openDevelopmentIssuer(directory), random);
    for (const index of replicas.processes.keys()) await replicas.startProcess(index);
    return replicas;
  }

  async stop(): Promise<void> {
    await Promise.all(this.processes.map((running) => running?.end("SIGKILL")));
    await this.pool.end();
    this.proxy.close();
    await this.postgres.stop();
    fs.rmSync(this.directory, { recursive: true, force: true });
  }

  /** Returns a random item. */
  pick<Item>(items: readonly Item[]): Item | undefined {
    return items[Math.floor(this.random() * items.length)];
  }

  /** The port of a running replica, or an unused port if none runs. */
  port(): number {
    return this.pick(this.processes.filter((running) => running !== null))?.port ?? 1;
  }

  async person(): Promise<Person> {
    const id = `p${++this.people}`;
    const email = `${id}@example.com`;
    return { id, email, token: await this.issuer.issue({ id, email, emailVerified: true, name: id }, "6h") };
  }

  /** Another service, which may read the events of all organizations. */
  async service(): Promise<Person> {
    const id = `s${++this.people}`;
    return { id, email: "", token: await this.issuer.issueForService(id, ["events:read"]) };
  }

  /** Sends a request until a replica responds; the idempotency key makes it take effect once. Null: an error. */
  async ask(who: Person, query: string) {
    const key = crypto.randomUUID();
    for (const until = performance.now() + RETRY_FOR_MS; performance.now() < until; ) {
      try {
        const response = await fetch(`http://127.0.0.1:${this.port()}/graphql`, {
          method: "POST",
          signal: AbortSignal.timeout(5_000),
          headers: { "content-type": "application/json", authorization: `Bearer ${who.token}`, "idempotency-key": key },
          body: JSON.stringify({ query }),
        });
        const { data, errors } = (await response.json()) as {
          // biome-ignore lint/suspicious/noExplicitAny: the shape depends on the document
          data: any;
          errors?: Array<{ extensions: { code: string } }>;
        };
        if (!errors) return data;
        if (!RETRYABLE.includes(errors[0]?.extensions.code ?? "")) return null;
      } catch {
        // The replica was killed, restarts or has no database: try again.
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
    }
    throw new Error(`No replica answered ${query}: ${this.died.join(", ") || "all processes run"}.`);
  }

  /** Returns the rows of a query, once the database is up. */
  async rows<Row>(text: string, ...values: unknown[]): Promise<Row[]> {
    for (const until = performance.now() + RETRY_FOR_MS; ; ) {
      try {
        return (await this.pool.query(text, values)).rows as Row[];
      } catch (error) {
        if (performance.now() > until) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
    }
  }

  /** Kills and restarts a replica, or restarts the database. One causeFault at a time. */
  async causeFault(): Promise<void> {
    if (this.hasFault) return;
    this.hasFault = true;
    try {
      if (this.random() < 0.3) {
        this.proxy.cut();
        await this.postgres.stop();
        this.postgres = await startPostgres(this.directory);
        this.proxy.target = new URL(this.postgres.url);
      } else {
        const index = this.random() < 0.5 ? 0 : 1;
        const killed = this.processes[index];
        this.processes[index] = null;
        await killed?.end("SIGKILL");
        await this.startProcess(index);
      }
    } finally {
      this.hasFault = false;
    }
  }

  private async startProcess(index: number): Promise<void> {
    const url = this.proxy.url(this.postgres.url);
    const started = await ServiceProcess.start({
      DATABASE_URL: url,
      DATA_DIR: this.directory,
      SEED_DEMO: "false",
      LOG_LEVEL: "silent",
    });
    this.processes[index] = started;
    started.onExit((how) => {
      if (this.processes[index] === started) this.died.push(`replica ${index} ended by itself, ${how}`);
    });
  }
}

function startPostgres(directory: string): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({
    directory: path.join(directory, "pg"),
    settings: SETTINGS,
    report: () => undefined,
  });
}

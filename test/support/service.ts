import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type App, createApp, type Overrides } from "../../src/app";
import { readConfig } from "../../src/config/config";
import { type DevelopmentIssuer, openDevelopmentIssuer } from "../../src/development/issuer/development-issuer";
import { createLog, type Log } from "../../src/log";
import { FakeMailer } from "./fake-mailer";
import { cloneDatabase } from "./template-database";

/** A response of GraphQL. */
export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: the shape depends on the document
  data: any;
  errors?: Array<{ message: string; path?: string[]; extensions: { code: string; requestId?: string } }>;
}

/** Sends a viewer's requests. */
export type Ask = (query: string, variables?: object, headers?: Record<string, string>) => Promise<Answer>;

/** A person with a token. */
export interface Person {
  ask: Ask;
  id: string;
  email: string;
  token: string;
}

/** Below the time limit of a test, so that a missing mail has its own error. */
const MAIL_PATIENCE_MS = 120_000;

/** On a busy machine, the defaults end operations. Tests of these limits set their own. */
const PATIENT = { OPERATION_DEADLINE_MS: "60000", LOCK_TIMEOUT_MS: "60000" };

/** The whole service on its own port and a real database, with real HTTP. */
export class RunningService {
  readonly mailer = new FakeMailer();

  private constructor(
    private readonly database: { url: string; drop(): Promise<void> },
    readonly directory: string,
    readonly issuer: DevelopmentIssuer,
  ) {}

  private readonly apps: App[] = [];

  static async start(
    environment: Record<string, string> = {},
    overrides: Overrides = {},
    log?: Log,
  ): Promise<RunningService> {
    const directory = mkdtempSync(path.join(os.tmpdir(), "organizations-service-"));
    const service = new RunningService(await cloneDatabase(), directory, await openDevelopmentIssuer(directory));
    await service.replica(environment, overrides, log);
    return service;
  }

  /** Another replica on the same database, in this process. */
  async replica(environment: Record<string, string> = {}, overrides: Overrides = {}, log?: Log): Promise<App> {
    // The console's routes take a tenth of the start. Tests of the console set CONSOLE to "".
    const own = { PORT: "0", CONSOLE: "false", DATA_DIR: this.directory, LOG_LEVEL: "silent" };
    const variables = { ...own, ...PATIENT, ...this.addresses() };
    const config = readConfig({ ...variables, ...environment });
    // A task that starts at a full minute would change what a test is looking at.
    const defaults = { mailer: this.mailer, schedule: false };
    const app = await createApp(config, log ?? createLog(config.logLevel), { ...defaults, ...overrides });
    this.apps.push(app);
    return app;
  }

  /** `npm run test:pooler` runs the service behind PgBouncer. */
  private addresses(): Record<string, string> {
    const { TEST_POOLER_PORT: port } = process.env;
    if (port === undefined) return { DATABASE_URL: this.database.url };
    return {
      DATABASE_URL: Object.assign(new URL(this.database.url), { port }).toString(),
      DATABASE_DIRECT_URL: this.database.url,
      DATABASE_NAMED_STATEMENTS: "false",
    };
  }

  /** Closes the processes, and starts one on another database. */
  async restart(environment: Record<string, string>): Promise<void> {
    await this.close();
    await this.replica(environment);
  }

  async close(): Promise<void> {
    for (const app of this.apps.splice(0)) await app.close();
  }

  get databaseUrl(): string {
    return this.database.url;
  }

  get app(): App {
    const [app] = this.apps;
    if (!app) throw new Error("The service is not running.");
    return app;
  }

  async stop(): Promise<void> {
    await this.close();
    await this.database.drop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Sends a request with a token, or without one, to the first replica or another. */
  ask(token: string | null, app: App = this.app): Ask {
    return async (query, variables = {}, headers = {}) => {
      const authorization: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
      const response = await fetch(`http://127.0.0.1:${app.port}/graphql`, {
        method: "POST",
        headers: { "content-type": "application/json", ...authorization, ...headers },
        body: JSON.stringify({ query, variables }),
      });
      return { status: response.status, ...((await response.json()) as Omit<Answer, "status">) };
    };
  }

  /** A new person, who sends requests. */
  async person(name = "Somebody", emailVerified = true): Promise<Person> {
    const id = `test|${randomUUID()}`;
    const email = `${randomUUID()}@example.com`;
    const token = await this.issuer.issue({ id, email, emailVerified, name });
    return { ask: this.ask(token), id, email, token };
  }

  /** A service, which sends requests. */
  async service(...scopes: string[]): Promise<Ask> {
    return this.ask(await this.issuer.issueForService("tester", scopes));
  }

  /** Waits for the mail to an address. Returns its link's secret. */
  async tokenFor(address: string): Promise<string> {
    const patience = AbortSignal.timeout(MAIL_PATIENCE_MS);
    for (;;) {
      const token = this.mailer.tokenFor(address);
      if (token) return token;
      await this.mailer.next(patience).catch(() => {
        const addresses = this.mailer.sent.map(({ to }) => to).join(", ") || "nobody";
        throw new Error(`No mail with a link came to ${address}. Mail came to ${addresses}.`);
      });
    }
  }
}

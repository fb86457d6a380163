import { randomUUID } from "node:crypto";
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type App, createApp } from "../../src/app";
import { readConfig } from "../../src/config/config";
import { Context } from "../../src/context";
import { openDevelopmentIssuer } from "../../src/development/issuer/development-issuer";
import type { Viewer } from "../../src/domain/viewer";
import { createLog } from "../../src/log";
import type { AwsStandIn } from "../../test/support/aws-stand-in";
import type { Target } from "./measure";

type Who = "owner" | "guest" | "caller" | "meter" | "checker";

/**
 * The service on an embedded database of its own, with an owner who sends the requests, a guest who gets invited, and
 * the services that make and meter LLM calls.
 */
export class BenchedService {
  private constructor(
    readonly app: App,
    readonly databaseUrl: string,
    readonly directory: string,
    private readonly tokens: Record<Who, string>,
    readonly aws: AwsStandIn,
  ) {}

  /** `environment`: further variables. */
  static async start(aws: AwsStandIn, environment: Record<string, string> = {}): Promise<BenchedService> {
    const directory = mkdtempSync(path.join(os.tmpdir(), "organizations-bench-"));
    const variables = { PORT: "0", DATA_DIR: directory, SEED_DEMO: "false", LOG_LEVEL: "silent" };
    const config = readConfig({ ...variables, ...aws.environment, ...environment });
    // A line per operation, as in production.
    const log = createLog("info", createWriteStream("/dev/null"));
    const app = await createApp(config, log, { jobs: false });
    const issuer = await openDevelopmentIssuer(directory);
    const tokenOf = (id: string) => issuer.issue({ id, email: `${id}@example.com`, emailVerified: true, name: id });
    const { options } = app.services.database.dataSource;
    if (options.type !== "postgres" || !options.url) throw new Error("The benchmark needs the database's URL.");
    const caller = await issuer.issueForService("caller", ["credentials:read"]);
    const meter = await issuer.issueForService("meter", ["usage:write"]);
    const checker = await issuer.issueForService("checker", ["permissions:read", "events:read"]);
    const tokens = { owner: await tokenOf("owner"), guest: await tokenOf("guest"), caller, meter, checker };
    const service = new BenchedService(app, options.url, directory, tokens, aws);
    for (const who of ["owner", "guest"] as const) await service.ask("{ viewer { id } }", who);
    return service;
  }

  token(who: Who): string {
    return this.tokens[who];
  }

  target(query: string, { who = "owner", variables = {} }: { who?: Who; variables?: object } = {}): Target {
    const headers = { "content-type": "application/json", authorization: `Bearer ${this.tokens[who]}` };
    return { port: this.app.port, path: "/graphql", headers, body: JSON.stringify({ query, variables }) };
  }

  async ask<Data>(query: string, who: Who | { token: string } = "owner", variables: object = {}): Promise<Data> {
    const target = this.target(query, { who: typeof who === "string" ? who : "owner", variables });
    const { port, path: route, body } = target;
    const headers = { ...target.headers, ...(typeof who !== "string" && { authorization: `Bearer ${who.token}` }) };
    const response = await fetch(`http://127.0.0.1:${port}${route}`, { method: "POST", body, headers });
    const { data, errors } = (await response.json()) as { data: Data; errors?: unknown };
    if (errors) throw new Error(`${query} was answered ${JSON.stringify(errors)}`);
    return data;
  }

  sql<Row = unknown>(text: string, ...values: unknown[]): Promise<Row[]> {
    return this.app.services.database.dataSource.query(text, values);
  }

  /** An organization of the person, on the largest plan. */
  async organization(): Promise<string> {
    const created = await this.ask<{ createOrganization: { organization: { id: string } } }>(
      `mutation { createOrganization(input: { name: "Bench" }) {
        ... on CreateOrganizationSuccess { organization { id } } } }`,
    );
    const { id } = created.createOrganization.organization;
    // One person may create fewer organizations than the benchmarks need.
    await this.sql("UPDATE organization SET founded_by_id = NULL WHERE id = $1", id);
    await this.ask(
      `mutation { changePlan(input: { organizationId: "${id}", planCode: "ENTERPRISE" }) { __typename } }`,
    );
    return id;
  }

  /** Signs up another person and returns their token. */
  async signUp(id: string): Promise<string> {
    const issuer = await openDevelopmentIssuer(this.directory);
    const token = await issuer.issue({ id, email: `${id}@example.com`, emailVerified: true, name: id });
    await this.ask("{ viewer { id } }", { token });
    return token;
  }

  /** Invites an address of its own, because one address receives few invitations an hour. Returns the invitation's id. */
  async invite(organizationId: string): Promise<string> {
    const email = `${randomUUID()}@example.com`;
    const { inviteMembers } = await this.ask<{ inviteMembers: { invitations: Array<{ id: string }> } }>(
      `mutation { inviteMembers(input: { organizationId: "${organizationId}", emails: ["${email}"], role: VIEWER
        }) { ... on InviteMembersSuccess { invitations { id } } } }`,
    );
    return inviteMembers.invitations[0]?.id ?? "";
  }

  /** Fills an organization with Developers, two more workspaces, and everybody assigned to all of them. */
  async fill(organizationId: string, members: number): Promise<void> {
    await this.sql(
      `INSERT INTO user_account (id, name, email, email_verified, identity_at, created_at)
       SELECT $1::text || n, 'Member ' || n, 'm' || n || '@example.com', true, now(), now() FROM generate_series(2, $2::int) n`,
      organizationId,
      members,
    );
    await this.sql(
      `INSERT INTO member (id, organization_id, user_id, role, joined_at)
       SELECT gen_random_uuid(), $1::text::uuid, $1::text || n, 'DEVELOPER', now() FROM generate_series(2, $2::int) n`,
      organizationId,
      members,
    );
    await this.sql(
      `INSERT INTO workspace (id, organization_id, name, name_key, cloud_provider, is_default, created_at, updated_at)
       SELECT gen_random_uuid(), $1, 'W' || n, 'w' || n, 'AWS', false, now(), now() FROM generate_series(1, 2) n`,
      organizationId,
    );
    await this.sql(
      `INSERT INTO workspace_assignment (workspace_id, member_id, organization_id)
       SELECT w.id, m.id, $1 FROM workspace w JOIN member m ON m.organization_id = w.organization_id
       WHERE m.role = 'DEVELOPER' AND w.organization_id = $1`,
      organizationId,
    );
    await this.sql("ANALYZE");
  }

  /** The context of one operation. */
  context(viewer: Viewer): Context {
    const { services, live } = this.app;
    const trust = { fromGateway: true, knowsSecret: true };
    const caller = { requestId: "bench", viewer, expiresAt: null, idempotencyKey: null, ...trust };
    return new Context({ services, live, operationDeadlineMs: 60_000 }, { ...caller, onStalled: null });
  }

  async stop(): Promise<void> {
    await this.app.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { type App, createApp } from "../src/app";
import { readConfig } from "../src/config";
import { openDevelopmentIssuer } from "../src/embedded/development/development-issuer";
import { createLog } from "../src/log";
import type { Database, Statement } from "../src/store/database";

/**
 * `npm run bench`: the service's reads against a floor in the same run, the very same SQL sent by prepared statements
 * behind node:http with JSON.stringify. Rounds alternate; the table shows medians.
 */
const ROUNDS = 5;
const ROUND_MS = 2_000;
const WARM_UP_MS = 2_000;
const MEMBERS = 50;

interface Measured {
  perSecond: number;
  p50: number;
  p99: number;
}

interface Target {
  port: number;
  path: string;
  body: string;
  headers: Record<string, string>;
}

type Sent = Array<[Statement, readonly unknown[]]>;

async function main(): Promise<void> {
  const directory = mkdtempSync(path.join(os.tmpdir(), "organizations-bench-"));
  const config = readConfig({ PORT: "0", DATA_DIR: directory, SEED_DEMO: "false", LOG_LEVEL: "silent" });
  const app = await createApp(config, createLog("silent"), { jobs: false });
  const load = fork(path.join(__dirname, "load.js"));
  try {
    const { token, organizationId } = await prepare(app, directory);
    const floor = startFloor(app.services.database);
    process.stdout.write(
      "| read | requests/s | p50 ms | p99 ms | SQL | floor/s | ratio |\n|---|---|---|---|---|---|---|\n",
    );
    for (const [name, query] of Object.entries(reads(organizationId))) {
      const target = targetOf(app.port, "/graphql", JSON.stringify({ query }), token);
      const sent = await recordStatements(app.services.database, () => ask(target));
      floor.replay(sent);
      const row = await compare(load, target, targetOf(floor.port(), "/", "", token));
      process.stdout.write(`| ${name} | ${row(sent.length)} |\n`);
    }
    floor.close();
  } finally {
    load.kill();
    await app.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

function reads(id: string): Record<string, string> {
  return {
    "viewer page": "{ viewer { id name email memberships { role organization { id name viewerPermissions } } } }",
    "organization page, 50 members": `{ organization(id: "${id}") { id name viewerPermissions members(first: 50) { nodes {
      id role joinedAt user { id name email } workspaceAccess { role source workspace { id name } } } } } }`,
    "one permission check": `{ organizationPermissions(checks: [{ organizationId: "${id}", permission: EDIT_ORGANIZATION }]) { allowed reasons } }`,
  };
}

async function compare(load: ChildProcess, target: Target, floor: Target): Promise<(statements: number) => string> {
  for (const each of [target, floor]) await run(load, each, WARM_UP_MS);
  const ours: Measured[] = [];
  const theirs: Measured[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(await run(load, target, ROUND_MS));
    theirs.push(await run(load, floor, ROUND_MS));
  }
  const median = (all: Measured[], key: keyof Measured) =>
    all.map((one) => one[key]).sort((a, b) => a - b)[ROUNDS >> 1] ?? 0;
  const [mine, bare] = [median(ours, "perSecond"), median(theirs, "perSecond")];
  return (statements) =>
    [
      mine.toFixed(0),
      median(ours, "p50").toFixed(2),
      median(ours, "p99").toFixed(2),
      statements,
      bare.toFixed(0),
      (mine / bare).toFixed(2),
    ].join(" | ");
}

function run(load: ChildProcess, target: Target, milliseconds: number): Promise<Measured> {
  return new Promise((resolve) => {
    load.once("message", (measured) => resolve(measured as Measured));
    load.send({ target, milliseconds });
  });
}

/** A server that answers every request by sending the recorded statements again. */
function startFloor(database: Database) {
  let sent: Sent = [];
  const server = http.createServer(async (request, response) => {
    request.resume();
    const answers = [];
    for (const [statement, values] of sent) answers.push(await database.rows(statement, values));
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answers));
  });
  server.listen(0, "127.0.0.1");
  return {
    replay: (statements: Sent) => {
      sent = statements;
    },
    port: () => (server.address() as AddressInfo).port,
    close: () => server.close(),
  };
}

async function recordStatements(database: Database, work: () => Promise<unknown>): Promise<Sent> {
  const sent: Sent = [];
  const plain = database.rows;
  database.rows = (statement, values) => {
    sent.push([statement, values]);
    return plain(statement, values);
  };
  await work();
  database.rows = plain;
  return sent;
}

async function prepare(app: App, directory: string): Promise<{ token: string; organizationId: string }> {
  const issuer = await openDevelopmentIssuer(directory);
  const token = await issuer.issue({ id: "bench", email: "bench@example.com", emailVerified: true, name: "Bench" });
  const create = `mutation { createOrganization(input: { name: "Bench" }) { ... on CreateOrganizationSuccess { organization { id } } } }`;
  const created = await ask(targetOf(app.port, "/graphql", JSON.stringify({ query: create }), token));
  const organizationId = created.data.createOrganization.organization.id;
  const sql = (text: string, ...values: unknown[]) => app.services.database.dataSource.query(text, values);
  await sql(
    `INSERT INTO user_account (id, name, email, email_verified, identity_at, created_at)
     SELECT 'b' || n, 'Member ' || n, 'm' || n || '@example.com', true, now(), now() FROM generate_series(2, $1::int) n`,
    MEMBERS,
  );
  await sql(
    `INSERT INTO member (id, organization_id, user_id, role, joined_at)
     SELECT gen_random_uuid(), $1, 'b' || n, 'DEVELOPER', now() FROM generate_series(2, $2::int) n`,
    organizationId,
    MEMBERS,
  );
  await sql(
    `INSERT INTO workspace (id, organization_id, name, name_key, cloud_provider, is_default, created_at, updated_at)
     SELECT gen_random_uuid(), $1, 'W' || n, 'w' || n, 'AWS', false, now(), now() FROM generate_series(1, 2) n`,
    organizationId,
  );
  await sql(
    `INSERT INTO workspace_assignment (workspace_id, member_id, organization_id) SELECT w.id, m.id, $1 FROM workspace w
     JOIN member m ON m.organization_id = w.organization_id AND m.role = 'DEVELOPER' WHERE w.organization_id = $1`,
    organizationId,
  );
  await sql("ANALYZE");
  return { token, organizationId };
}

function targetOf(port: number, route: string, body: string, token: string): Target {
  const length = String(Buffer.byteLength(body));
  const headers = { "content-type": "application/json", "content-length": length, authorization: `Bearer ${token}` };
  return { port, path: route, body, headers };
}

async function ask({ port, path: route, body, headers }: Target) {
  const response = await fetch(`http://127.0.0.1:${port}${route}`, { method: "POST", body, headers });
  return (await response.json()) as { data: { createOrganization: { organization: { id: string } } } };
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});

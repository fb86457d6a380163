import { execFile } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { Client } from "pg";
import { openDevelopmentIssuer } from "../../src/development/issuer/development-issuer";
import { killRemainingProcesses, ServiceProcess } from "../support/process";
import { cloneDatabase } from "../support/template-database";

const execute = promisify(execFile);

/** The service as an operator runs it in production, tested only from outside. */
let directory: string;
let database: { url: string; drop(): Promise<void> };
let keys: http.Server;
let environment: Record<string, string>;
let running: ServiceProcess;
let tokenOf: (id: string) => Promise<string>;

beforeAll(async () => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), "organizations-production-"));
  database = await cloneDatabase();
  const { publicKey, privateKey } = await generateKeyPair("ES256");
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: "k", alg: "ES256" }] });
  keys = http.createServer((_request, response) => response.setHeader("content-type", "application/json").end(jwks));
  keys.listen(0, "127.0.0.1");
  await once(keys, "listening");
  environment = {
    NODE_ENV: "production",
    DATABASE_URL: database.url,
    DATA_DIR: path.join(directory, "data"),
    AUTH_ISSUER: "https://id.example",
    AUTH_AUDIENCE: "organizations",
    AUTH_JWKS_URL: `http://127.0.0.1:${(keys.address() as AddressInfo).port}/keys`,
    SMTP_URL: "smtp://127.0.0.1:1",
    ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString("base64")}`,
    LOG_LEVEL: "silent",
  };
  tokenOf = (id) =>
    new SignJWT({ sub: id, email: `${id}@example.com`, email_verified: true, name: id })
      .setProtectedHeader({ alg: "ES256", kid: "k" })
      .setIssuer("https://id.example")
      .setAudience("organizations")
      .setIssuedAt()
      .setExpirationTime("5m")
      .sign(privateKey);
  running = await ServiceProcess.start(environment);
});
afterAll(async () => {
  expect(await running.end("SIGTERM")).toEqual({ code: 0, signal: null });
  killRemainingProcesses();
  keys.close();
  await database.drop();
  fs.rmSync(directory, { recursive: true, force: true });
});

const at = (where: string, init?: RequestInit) =>
  fetch(`http://127.0.0.1:${running.port}${where}`, { redirect: "manual", ...init });

test.each([
  ["GET", "/dev"],
  ["GET", "/dev/"],
  ["POST", "/dev/tokens"],
  ["GET", "/dev/tokens"],
  ["GET", "/dev/explorer"],
  ["GET", "/dev/mailbox"],
  ["GET", "/dev/mailbox/0191e0a0-0000-7000-8000-000000000000"],
  ["GET", "/invitations/some-token"],
  ["GET", "/"],
])("%s %s does not exist", async (method, where) => {
  const body = method === "POST" ? JSON.stringify({ name: "N", email: "n@example.com" }) : undefined;
  const response = await at(where, { method, body, headers: body ? { "content-type": "application/json" } : {} });
  expect(response.status).toBe(404);
  expect(await response.text()).not.toMatch(/<html|token/i);
});

test("it accepts the identity provider's tokens and no development token", async () => {
  const { data } = await running.ask(await tokenOf("ada"), "{ viewer { name memberships { role } } }");
  expect(data.viewer).toEqual({ name: "ada", memberships: [{ role: "OWNER" }] });
  const issuer = await openDevelopmentIssuer(path.join(directory, "other"));
  const token = await issuer.issue({ id: "eve", email: "eve@example.com", emailVerified: true, name: "eve" });
  const { errors } = await running.ask(token, "{ viewer { name } }");
  expect(errors).toMatchObject([{ extensions: { code: "UNAUTHENTICATED" } }]);
  expect(fs.existsSync(path.join(directory, "data"))).toBe(false);
});

test("it does not expose its schema by introspection, suggestions or pages", async () => {
  const token = await tokenOf("ada");
  for (const document of ["{ __schema { types { name } } }", '{ __type(name: "User") { fields { name } } }']) {
    const { data, errors } = await running.ask(token, document);
    expect([data, errors?.length]).toEqual([undefined, expect.any(Number)]);
  }
  const misspelled = JSON.stringify(await running.ask(token, "{ viewr { nam } }"));
  expect(misspelled).not.toMatch(/did you mean|"viewer"/i);
  const page = await at("/graphql", { headers: { accept: "text/html" } });
  expect(await page.text()).not.toMatch(/<html/i);
  const foreign = await at("/graphql", {
    method: "OPTIONS",
    headers: { origin: "https://evil.example", "access-control-request-method": "POST" },
  });
  expect(foreign.headers.get("access-control-allow-origin")).toBeNull();
});

test("a client gets only an id for an internal error", async () => {
  const client = new Client(database.url);
  await client.connect();
  await client.query("ALTER TABLE organization_subscription RENAME TO hidden_subscription");
  const token = await tokenOf("ada");
  const document = "{ viewer { memberships { organization { subscription { plan { code } } } } } }";
  const answer = await running.ask(token, document);
  await client.query("ALTER TABLE hidden_subscription RENAME TO organization_subscription");
  await client.end();
  expect(answer.errors?.length).toBeGreaterThan(0);
  for (const { message, extensions } of answer.errors ?? []) {
    expect(extensions).toEqual({ code: "INTERNAL_SERVER_ERROR", requestId: expect.any(String) });
    expect(message).toBe(`Something went wrong on our side. Tell support this id: ${extensions?.requestId}`);
  }
  expect(JSON.stringify(answer)).not.toMatch(/relation|organization_subscription|stack|\.ts|\.js|node_modules/);
});

test.each([
  ["AUTH_ISSUER", ["AUTH_ISSUER", "AUTH_AUDIENCE", "AUTH_JWKS_URL"]],
  ["SMTP_URL", ["SMTP_URL"]],
  ["ENCRYPTION_KEYS", ["ENCRYPTION_KEYS"]],
])("without %s it does not start, with one line of output", async (named, missing) => {
  const without = Object.fromEntries(Object.entries(environment).filter(([name]) => !missing.includes(name)));
  const output = await ServiceProcess.fail(without);
  expect(output).toBe(`${named}: required when NODE_ENV is production.\n`);
});

test("with MIGRATE_ON_START=false, only `npm run migrate` changes tables", async () => {
  const empty = await cloneDatabase({ empty: true });
  const withoutTables = { ...environment, DATABASE_URL: empty.url, MIGRATE_ON_START: "false" };
  expect(await ServiceProcess.fail(withoutTables)).toMatch(
    /^MIGRATE_ON_START: \d+ migrations have not run on this database\. Run npm run migrate first, or unset [^\n]+\n$/,
  );
  expect(await tablesOf(empty.url)).toBe(0);
  const migrated = () => execute("npm", ["run", "-s", "migrate"], { env: { ...process.env, ...withoutTables } });
  expect((await migrated()).stdout).toMatch(/^Migrations that ran: \d+\.\n$/);
  expect((await migrated()).stdout).toBe("No migration was pending.\n");
  const service = await ServiceProcess.start(withoutTables);
  expect(await service.end("SIGTERM")).toEqual({ code: 0, signal: null });
  await empty.drop();
});

async function tablesOf(url: string): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(
    "SELECT count(*)::int AS n FROM information_schema.tables WHERE table_schema = 'public'",
  );
  await client.end();
  return rows[0].n;
}

import { once } from "node:events";
import http from "node:http";
import net, { type AddressInfo } from "node:net";
import { createClient } from "@redis/client";
import { addressFindings } from "../../src/cli/doctor/address-findings";
import { databaseFindings } from "../../src/cli/doctor/database-findings";
import type { Finding } from "../../src/cli/doctor/finding";
import { identityFindings } from "../../src/cli/doctor/identity-findings";
import { providerFindings } from "../../src/cli/doctor/provider-findings";
import { type Server, serverFindings } from "../../src/cli/doctor/server-findings";
import { readConfig } from "../../src/config/config";
import { clearIdentity, withClient } from "../../src/store/engine/database-identity";
import { hasPooler, Pooler } from "../support/pooler";
import { hasRedis, Redis } from "../support/redis";
import { cloneDatabase } from "../support/template-database";

const PRODUCTION = {
  NODE_ENV: "production",
  APP_URL: "https://app.example",
  AUTH_ISSUER: "https://id.example",
  AUTH_AUDIENCE: "organizations",
  AUTH_JWKS_URL: "https://id.example/jwks",
  SMTP_URL: "smtp://mail.example",
  ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString("base64")}`,
};
const UNNAMED = { DATABASE_NAMED_STATEMENTS: "false" };
const config = (variables: Record<string, string>) => readConfig({ ...PRODUCTION, ...variables });

/** The texts of warnings and problems, each of which has advice. */
function wrong(findings: readonly Finding[]): string[] {
  const found = findings.filter(({ level }) => level === "warning" || level === "problem");
  expect(found.filter(({ advice }) => !advice)).toEqual([]);
  return found.map(({ level, subject, text }) => `${level} ${subject}: ${text}`);
}

let database: { url: string; drop(): Promise<void> };
beforeAll(async () => {
  database = await cloneDatabase();
});
afterAll(() => database?.drop());

const FINE: Server = {
  ...{ version: "18.4", encoding: "UTF8", isReadOnly: false, mayCreateSchemas: true, mayCreateTables: true },
  ...{ lockedTables: 0, hasQueue: true, hasTrigrams: true, canHaveTrigrams: true, skewSeconds: 2, connections: 42 },
  ...{ isEncrypted: true, isDurable: true, walLevel: "replica" },
};
const ofServer = (server: Partial<Server>, host = "db.example", variables = {}) =>
  wrong(serverFindings("DATABASE_URL", { ...FINE, ...server }, host, config(variables)));

test.each<[string, Partial<Server>]>([
  ["problem DATABASE_URL: the encoding is LATIN1", { encoding: "LATIN1" }],
  ["problem DATABASE_URL: the server lacks the extension pg_trgm", { canHaveTrigrams: false, hasTrigrams: false }],
  ["warning DATABASE_URL: the server's clock differs from this machine's by 3 s", { skewSeconds: 2.6 }],
  ["warning DATABASE_URL: max_connections is 41; each replica opens up to 21", { connections: 41 }],
  ["warning DATABASE_URL: the connection is not encrypted", { isEncrypted: false }],
  ["warning DATABASE_URL: a crash of the server loses acknowledged changes", { isDurable: false }],
  [
    "warning DATABASE_URL: wal_level is minimal, which allows no standby and no point-in-time recovery",
    { walLevel: "minimal" },
  ],
])("a server is reported: %s", (text, server) => expect(ofServer(server)).toEqual([text]));

test("a server is not reported for what does no harm", () => {
  expect(ofServer({})).toEqual([]);
  for (const each of [{ mayCreateSchemas: false }, { hasTrigrams: false }]) expect(ofServer(each)).toEqual([]);
  expect(ofServer({ isEncrypted: false }, "127.0.0.1")).toEqual([]);
  expect(ofServer({ isEncrypted: false }, "db.example", { NODE_ENV: "development" })).toEqual([]);
});

test("every service that accepts connections and says nothing is reported in time, without a secret", async () => {
  const sockets: net.Socket[] = [];
  const silent = net.createServer((socket) => sockets.push(socket.on("error", () => undefined)));
  await once(silent.listen(0, "127.0.0.1"), "listening");
  const host = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const url = `http://${host}`;
  const found = await providerFindings(
    config({
      ...{ SMTP_URL: `smtp://mailer:s3cret@${host}`, REDIS_URL: `redis://:s3cret@${host}` },
      ...{ STRIPE_SECRET_KEY: "sk_live_s3cret", STRIPE_WEBHOOK_SECRET: "whsec_s3cret", STRIPE_API_URL: url },
      ...{ STS_ENDPOINT: url, BEDROCK_ENDPOINT: url },
    }),
    200,
  );
  expect(wrong(found.filter(({ subject }) => subject !== "ENCRYPTION_KEYS"))).toEqual(
    ["SMTP_URL", "STRIPE_SECRET_KEY", "REDIS_URL", "STS_ENDPOINT", "BEDROCK_ENDPOINT"].map(
      (subject) => `problem ${subject}: no response within 0.2 s`,
    ),
  );
  expect(JSON.stringify(found)).not.toContain("s3cret");
  for (const socket of sockets) socket.destroy();
  silent.close();
});

/** The findings on a database that these statements have changed, without those that all servers of tests have. */
async function after(changes: string, { url } = database, variables = {}): Promise<string[]> {
  await withClient(url, (client) => client.query(changes));
  const found = wrong(await databaseFindings(config({ DATABASE_URL: url, ...variables })));
  return found.filter((text) => !text.includes("acknowledged changes")).map((text) => text.replace(/^.*?: /, ""));
}

test("a role without rights is reported, each right by itself", async () => {
  const empty = await cloneDatabase({ empty: true });
  const name = new URL(empty.url).pathname.slice(1);
  expect(await after(`REVOKE CREATE ON DATABASE ${name} FROM CURRENT_USER`, empty)).toEqual([
    "this role may not create the schema of the job queue",
    "this role may not create the extension pg_trgm, which is missing",
  ]);
  await empty.drop();
  expect(await after("REVOKE DELETE ON member FROM CURRENT_USER")).toEqual([
    "this role may not read and write 1 tables",
  ]);
  const restored =
    "GRANT DELETE ON member TO CURRENT_USER; CREATE SCHEMA locked; REVOKE CREATE ON SCHEMA locked FROM CURRENT_USER";
  const search = `${database.url}?options=-c%20search_path%3Dlocked,public`;
  expect(await after(restored, { ...database, url: search })).toContain(
    "this role may not create tables, so migrations fail",
  );
});

test("a database of another encoding is reported", async () => {
  const name = `latin_${process.pid}`;
  const url = Object.assign(new URL(database.url), { pathname: `/${name}` }).toString();
  await withClient(database.url, (client) =>
    client.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C'`),
  );
  expect(await after("SELECT 1", { ...database, url })).toEqual(["the encoding is LATIN1"]);
  await withClient(database.url, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`));
});

test("a clock that differs from the database's is reported", async () => {
  const now = jest.spyOn(Date, "now").mockReturnValue(Date.now() + 3_600_000);
  expect(await after("SELECT 1")).toEqual([expect.stringMatching(/^the server's clock differs .* by 3\d{3} s$/)]);
  now.mockRestore();
});

test("a restored database that is not prepared is reported", async () => {
  const restored = await cloneDatabase();
  await withClient(restored.url, clearIdentity);
  expect(await after("SELECT 1", restored)).toEqual([
    "this database was restored from a backup, copied or moved, and is not prepared",
  ]);
  await restored.drop();
});

(hasPooler ? test : test.skip)("a pooler is reported for its mode, its statements and another database", async () => {
  const [pooler, sessions] = [await Pooler.start(database.url), await Pooler.start(database.url, { mode: "session" })];
  const other = await cloneDatabase();
  const pooled = pooler.url(database.url);
  const through = (url: string, direct = database.url, variables = {}) =>
    after("SELECT 1", database, { DATABASE_URL: url, DATABASE_DIRECT_URL: direct, ...variables });
  expect(await through(pooled)).toEqual(["the pooler does not support prepared statements"]);
  expect(await through(pooled, database.url, UNNAMED)).toEqual([]);
  expect(await through(sessions.url(database.url))).toEqual([
    "each connection has a session of its own, so the pooler saves none",
  ]);
  expect(await through(pooled, other.url, UNNAMED)).toEqual(["it leads to another database than DATABASE_DIRECT_URL"]);
  expect(await through(database.url, pooled)).toContainEqual(expect.stringContaining("this address is a pooler's"));
  await Promise.all([pooler.stop(), sessions.stop()]);
  await other.drop();
});

test("addresses of this machine, and addresses without encryption, are reported in production alone", () => {
  const of = (variables: Record<string, string>) => wrong(addressFindings(config(variables)));
  const local = "problem APP_URL: the links in mails lead to this machine";
  expect(of({})).toEqual([]);
  expect(of({ APP_URL: "" })).toEqual([local]);
  expect(of({ APP_URL: "https://localhost:4000" })).toEqual([local]);
  expect(of({ APP_URL: "", NODE_ENV: "development" })).toEqual([]);
  expect(of({ APP_URL: "http://app.example" })).toEqual(["warning APP_URL: the links in mails are not encrypted"]);
  expect(of({ AUTH_JWKS_URL: "http://127.0.0.1:1/jwks" })).toEqual([]);
  expect(of({ AUTH_JWKS_URL: "http://id.example/jwks" })).toEqual([
    "warning AUTH_JWKS_URL: the keys that verify tokens are read without encryption",
  ]);
});

test("metadata of the identity provider that disagrees with the configuration is reported", async () => {
  let metadata: Record<string, unknown> = {};
  const server = http.createServer((request, response) => {
    const keys = [{ kty: "OKP", crv: "Ed25519", x: Buffer.alloc(32, 1).toString("base64url"), alg: "EdDSA" }];
    response.end(JSON.stringify(request.url === "/jwks" ? { keys } : metadata));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const variables = { AUTH_ISSUER: `${issuer}/`, AUTH_JWKS_URL: `${issuer}/jwks` };
  metadata = { issuer, jwks_uri: `${issuer}/keys` };
  const findings = await identityFindings(config(variables));
  expect(findings).toContainEqual({
    ...{ level: "problem", subject: "AUTH_ISSUER", advice: "Set AUTH_ISSUER to exactly this value." },
    text: `the provider's metadata has the issuer "${issuer}"`,
  });
  expect(findings).toContainEqual({
    ...{ level: "problem", subject: "AUTH_JWKS_URL", advice: "Set AUTH_JWKS_URL to exactly this value." },
    text: `the provider's metadata has the jwks_uri "${issuer}/keys"`,
  });
  metadata = { issuer: `${issuer}/`, jwks_uri: `${issuer}/jwks` };
  expect(wrong(await identityFindings(config(variables))).join()).not.toContain("metadata");
  server.close();
  server.closeAllConnections();
});

(hasRedis ? test : test.skip)("a user of Redis who may not use the channel is reported", async () => {
  const redis = await Redis.start();
  const admin = createClient({ url: redis.url });
  await admin.connect();
  await admin.sendCommand(["ACL", "SETUSER", "limited", "on", ">pw", "+@all", "~*", "resetchannels"]);
  admin.destroy();
  const findings = async (url: string) => {
    const others = {
      SMTP_URL: "smtp://127.0.0.1:1",
      STS_ENDPOINT: "http://127.0.0.1:1",
      BEDROCK_ENDPOINT: "http://127.0.0.1:1",
    };
    const found = await providerFindings(config({ REDIS_URL: url, ...others }));
    return wrong(found.filter(({ subject }) => subject === "REDIS_URL"));
  };
  expect(await findings(redis.url)).toEqual([]);
  const limited = Object.assign(new URL(redis.url), { username: "limited", password: "pw" }).toString();
  expect(await findings(limited)).toEqual([expect.stringMatching(/^problem REDIS_URL: .*channel/i)]);
  redis.close();
});

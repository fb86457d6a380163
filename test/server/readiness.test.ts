import Fastify from "fastify";
import { Client } from "pg";
import { healthRoutes } from "../../src/server/operations/health";
import { DatabaseProxy } from "../support/database-proxy";
import { CREATE, OUT, post } from "../support/replies";
import { RunningService } from "../support/service";

let service: RunningService;
let proxy: DatabaseProxy;
let port: number;
let admin: Client;
beforeAll(async () => {
  service = await RunningService.start({}, { jobs: false });
  proxy = await DatabaseProxy.open();
  const app = await service.replica(
    { DATABASE_URL: proxy.url(service.databaseUrl), DATABASE_LANES: "0" },
    { jobs: false },
  );
  ({ port } = app);
  admin = new Client({ connectionString: service.databaseUrl });
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await service.stop();
  proxy.close();
});

async function readiness() {
  const response = await fetch(`http://127.0.0.1:${port}/readyz`);
  return [response.status, ((await response.json()) as { reason?: string }).reason];
}

/** Only new connections use the changed settings. */
async function reconnect(): Promise<void> {
  const { target } = proxy;
  proxy.cut();
  proxy.target = target;
  while ((await readiness())[1] === "the database cannot be reached");
}

test("it is ready", async () => {
  expect(await readiness()).toEqual([200, undefined]);
});

test("an unreachable database is reported", async () => {
  const { target } = proxy;
  proxy.cut();
  expect(await readiness()).toEqual([503, "the database cannot be reached"]);
  proxy.target = target;
  expect(await readiness()).toEqual([200, undefined]);
});

test("a database that does not answer is reported after three seconds", async () => {
  const start = setTimeout;
  jest
    .spyOn(globalThis, "setTimeout")
    .mockImplementation((tick, milliseconds, ...rest) =>
      start(tick, milliseconds === 3_000 ? 0 : milliseconds, ...rest),
    );
  const silent = { ...service.app.services.database, rows: () => new Promise<never>(() => undefined) };
  const { dataSource } = service.app.services.database;
  const http = Fastify();
  await healthRoutes(http, { database: { ...silent, dataSource }, isDraining: () => false });
  const { statusCode, body } = await http.inject("/readyz");
  jest.restoreAllMocks();
  expect([statusCode, JSON.parse(body).reason]).toEqual([503, "the database does not answer"]);
});

test("without the queue's numbers, a scrape of metrics has the others", async () => {
  await admin.query("ALTER SCHEMA graphile_worker RENAME TO hidden");
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  await admin.query("ALTER SCHEMA hidden RENAME TO graphile_worker");
  expect([/^sql_statements \d+$/m, /^jobs_due\{/m].map((line) => line.test(text))).toEqual([true, false]);
});

test("a read-only database is reported, and a change is UNAVAILABLE with 503", async () => {
  const { token, ask } = await service.person();
  await ask("{ viewer { id } }");
  const name = new URL(service.databaseUrl).pathname.slice(1);
  await admin.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
  await reconnect();
  expect(await readiness()).toEqual([503, "the database cannot be written to: it is read-only"]);
  const reply = await post(port, token, CREATE);
  await admin.query("SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE");
  await admin.query(`ALTER DATABASE ${name} RESET default_transaction_read_only`);
  await reconnect();
  expect(reply).toMatchObject({ status: 503, retryAfter: "5", error: { extensions: OUT } });
  expect(await readiness()).toEqual([200, undefined]);
});

test("a database that lacks a migration is reported as behind", async () => {
  const { rows } = await admin.query("DELETE FROM migrations WHERE id = (SELECT max(id) FROM migrations) RETURNING *");
  const [lost] = rows;
  expect(await readiness()).toEqual([503, "the database is behind: it lacks 1 migration"]);
  await admin.query("INSERT INTO migrations (id, timestamp, name) VALUES ($1, $2, $3)", [
    lost.id,
    lost.timestamp,
    lost.name,
  ]);
  expect(await readiness()).toEqual([200, undefined]);
});

test.each(["53100", "58030"])(
  "a disk that fails a write with %s makes it UNAVAILABLE and is reported",
  async (state) => {
    const { token, ask } = await service.person();
    await ask("{ viewer { id } }");
    await admin.query(`
    CREATE FUNCTION no_disk() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '${state}'; END $$;
    CREATE TRIGGER no_disk BEFORE INSERT ON workspace EXECUTE FUNCTION no_disk()`);
    const reply = await post(port, token, CREATE);
    await admin.query("DROP TRIGGER no_disk ON workspace; DROP FUNCTION no_disk");
    expect(reply).toMatchObject({ status: 503, retryAfter: "5", error: { extensions: OUT } });
    expect(await readiness()).toEqual([503, "the database cannot be written to: its disk is full or fails"]);
  },
);

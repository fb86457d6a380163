import { Client } from "pg";
import { Unavailable } from "../../src/domain/denial";
import { CUT_AFTER_MS } from "../../src/store/engine/connection";
import type { Database } from "../../src/store/engine/database";
import { Deadline } from "../../src/store/engine/deadline";
import { migrate } from "../../src/store/engine/migrate";
import { KeyedMutex } from "../../src/store/engine/mutex";
import { openDatabase } from "../../src/store/engine/open-database";
import { inTransaction } from "../../src/store/engine/transaction";
import { DatabaseProxy } from "../support/database-proxy";
import { aMoment } from "../support/moment";
import { cloneDatabase } from "../support/template-database";

let database: Database;
let proxy: DatabaseProxy;
let other: Client;
let direct: string;
let drop: () => Promise<void>;
beforeEach(async () => {
  const cloned = await cloneDatabase();
  drop = cloned.drop;
  direct = cloned.url;
  proxy = await DatabaseProxy.open();
  database = await openDatabase(proxy.url(cloned.url));
  other = new Client({ connectionString: cloned.url });
  await other.connect();
});
afterEach(async () => {
  await other.end();
  await database.close();
  proxy.close();
  await drop();
});

const WHO = { name: "who", text: "SELECT pg_backend_pid() AS pid" };
const SHORT = { ...WHO, name: "who-short", isShortRead: true as const };
const SLEEP = { name: "sleep", text: "SELECT pg_sleep($1)" };
const failure = (work: Promise<unknown>) =>
  work.then(
    () => "no failure",
    (error: unknown) => error,
  );

test("a request on a dead connection fails as soon as a new connection gets a response", async () => {
  await database.rows(WHO, []);
  proxy.freeze();
  expect(await failure(database.rows(WHO, []))).toBeInstanceOf(Unavailable);
  expect(await database.rows(WHO, [])).toHaveLength(1);
});

test("idle connections that were silent since are closed as well, and the next request succeeds", async () => {
  await Promise.all([1, 2, 3, 4, 5].map(() => database.rows(SLEEP, [0.05])));
  const before = proxy.connections;
  proxy.freeze();
  await failure(database.rows(WHO, []));
  const pids = await Promise.all([1, 2, 3, 4, 5].map(() => database.rows(WHO, [])));
  expect(pids).toHaveLength(5);
  expect(before).toBeGreaterThanOrEqual(7);
});

test("a short read is repeated on a working connection", async () => {
  await database.rows(SHORT, []);
  await database.rows(WHO, []);
  proxy.freeze();
  expect(await database.rows(SHORT, [])).toHaveLength(1);
});

test("slow statements, and transactions that pause between statements, are not cut off", async () => {
  const paused = inTransaction(database, async (transaction) => {
    const [first] = await transaction.rows<{ pid: number }>(WHO, []);
    await other.query("SELECT pg_sleep(2)");
    const [second] = await transaction.rows<{ pid: number }>(WHO, []);
    return [first?.pid, second?.pid];
  });
  expect(await database.rows(SLEEP, [2])).toHaveLength(1);
  const [first, second] = await paused;
  expect(second).toBe(first);
});

/** No connection gets a response, old or new. */
function hang(): void {
  proxy.freeze();
  proxy.isHanging = true;
}

test("without any response, a request is cut off two seconds after its deadline, and its connection is not reused", async () => {
  await database.rows(WHO, []);
  hang();
  const begunAt = performance.now();
  const deadline = new Deadline(300);
  await failure(database.withDeadline(deadline).rows(WHO, []));
  // It ends only because its connection is cut. Timers of Node may fire a millisecond early.
  expect(performance.now() - begunAt).toBeGreaterThanOrEqual(300 + CUT_AFTER_MS - 5);
  proxy.isHanging = false;
  expect(await database.rows(WHO, [])).toHaveLength(1);
});

test("a hanging transaction keeps its mutex only until its deadline", async () => {
  const mutex = new KeyedMutex();
  await database.rows(WHO, []);
  const deadline = new Deadline(400);
  const hanging = mutex.run(
    "a",
    () =>
      inTransaction(database.withDeadline(deadline), async (transaction) => {
        hang();
        await transaction.rows(WHO, []);
      }),
    deadline,
  );
  const order: string[] = [];
  const next = mutex.run(
    "a",
    async () => {
      expect(() => deadline.assert()).toThrow("took longer");
      order.push("next");
    },
    null,
  );
  await Promise.all([next, failure(hanging).then(() => order.push("hanging ended"))]);
  expect(order).toEqual(["next", "hanging ended"]);
});

test("work that waits for the mutex past its deadline does not run", async () => {
  const mutex = new KeyedMutex();
  let release = () => {};
  const first = mutex.run("a", () => new Promise<void>((resolve) => (release = resolve)), null);
  const deadline = new Deadline(20);
  let ran = false;
  const second = mutex.run("a", async () => (ran = true), deadline);
  await new Promise<void>((resolve) => deadline.onEnd(resolve));
  release();
  await first;
  await expect(second).rejects.toMatchObject({ extensions: { code: "DEADLINE_EXCEEDED" } });
  expect(ran).toBe(false);
});

test("the connection of a canceled statement is not reused", async () => {
  const [before] = await database.rows<{ pid: number }>(WHO, []);
  const deadline = new Deadline(200);
  const error = await failure(database.withDeadline(deadline).rows(SLEEP, [30]));
  expect(error).toMatchObject({ code: "57014" });
  const [after] = await database.rows<{ pid: number }>(WHO, []);
  expect(after?.pid).not.toBe(before?.pid);
  while ((await other.query("SELECT FROM pg_stat_activity WHERE pid = $1", [before?.pid])).rowCount !== 0)
    await aMoment();
});

test("a migration that waits for a lock is canceled when the process should end", async () => {
  const holder = new Client({ connectionString: direct });
  await holder.connect();
  await holder.query("BEGIN; LOCK TABLE migrations IN ACCESS EXCLUSIVE MODE");
  const ending = new AbortController();
  const migrating = failure(migrate(direct, ending.signal));
  const blocked = `SELECT FROM pg_stat_activity
    WHERE wait_event_type = 'Lock' AND datname = current_database() AND query LIKE '%migrations%'`;
  while ((await other.query(blocked)).rowCount === 0) await aMoment();
  ending.abort("SIGTERM");
  expect(await migrating).toBe("SIGTERM");
  while ((await other.query(blocked)).rowCount !== 0) await aMoment();
  await holder.end();
});

test("the server disconnects a client that is silent in a transaction or takes too long", async () => {
  const { rows } = await database.dataSource.manager
    .query("SHOW idle_in_transaction_session_timeout")
    .then(async (idle) => ({
      rows: [idle, await database.dataSource.manager.query("SHOW statement_timeout")],
    }));
  expect(rows).toEqual([[{ idle_in_transaction_session_timeout: "10s" }], [{ statement_timeout: "10min" }]]);
});

/** Silently breaks every connection. New ones work. */
function breakAll(): void {
  const { target } = proxy;
  proxy.cut();
  proxy.target = target;
}

async function running(column: "query" | "pid", value: string | number | undefined): Promise<number | null> {
  return (await other.query(`SELECT FROM pg_stat_activity WHERE ${column} = $1`, [value])).rowCount;
}

test("a connection that breaks fails its statements but not the process, and is replaced", async () => {
  const reads = [1, 2, 3].map(() => database.rows(SLEEP, [30]).catch((error: unknown) => error));
  while ((await running("query", SLEEP.text)) !== reads.length) await aMoment();
  breakAll();
  for (const error of await Promise.all(reads)) {
    expect(error).toBeInstanceOf(Unavailable);
    expect(error).toMatchObject({ cause: { message: "Connection terminated unexpectedly" } });
    expect(error).not.toHaveProperty("extensions.mayHaveHappened");
  }
  expect(await database.rows(WHO, [])).toHaveLength(1);
});

test("a statement that writes may have been executed when its connection breaks", async () => {
  const writing = failure(database.write(SLEEP, [30]));
  while ((await running("query", SLEEP.text)) !== 1) await aMoment();
  breakAll();
  expect(await writing).toMatchObject({ extensions: { code: "UNAVAILABLE", mayHaveHappened: true } });
});

test.each([
  ["fails at the second one", false],
  ["is not committed, even if its work ignores that", true],
])("a transaction whose connection breaks between two statements %s", async (_, isIgnored) => {
  const working = inTransaction(database, async (transaction) => {
    const [mine] = await transaction.rows<{ pid: number }>(WHO, []);
    breakAll();
    while ((await running("pid", mine?.pid)) !== 0) await aMoment();
    const second = transaction.rows(WHO, []);
    return isIgnored ? await second.catch(() => []) : await second;
  });
  const error = await failure(working);
  expect(error).toBeInstanceOf(Unavailable);
  expect(error).not.toHaveProperty("extensions.mayHaveHappened");
  expect(await database.rows(WHO, [])).toHaveLength(1);
});

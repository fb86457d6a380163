import { Socket } from "node:net";
import { Client } from "pg";
import type { Database } from "../../src/store/engine/database";
import { openDatabase } from "../../src/store/engine/open-database";
import type { Statement } from "../../src/store/engine/statement";
import { inTransaction } from "../../src/store/engine/transaction";
import { cloneDatabase } from "../support/template-database";

let database: Database;
let url: string;
let other: Client;
let drop: () => Promise<void>;
beforeEach(async () => {
  ({ url, drop } = await cloneDatabase());
  database = await openDatabase(url);
  other = new Client({ connectionString: url });
  await other.connect();
});
afterEach(async () => {
  await other.end();
  await database.close();
  await drop();
});

const read = (name: string, text: string): Statement => ({ name, text, isShortRead: true });
const ECHO = read("echo", "SELECT $1::int AS n, pg_backend_pid() AS pid");
const MEMBERS = read("members", "SELECT count(*)::int AS n FROM member");

const echoes = (count: number) =>
  Promise.all(Array.from({ length: count }, (_, n) => database.rows<{ n: number; pid: number }>(ECHO, [n])));

const numbers = (answers: Array<Array<{ n: number }>>) => answers.map(([row]) => row?.n);
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

test("many reads share few connections, and each gets its own result", async () => {
  const answers = await echoes(500);
  expect(numbers(answers)).toEqual(upTo(500));
  expect(new Set(answers.map(([row]) => row?.pid)).size).toBe(2);
});

test("the reads of one turn of the event loop are sent in one write to each connection", async () => {
  await echoes(2);
  const { _writev: plain } = Socket.prototype;
  const writev = jest.spyOn(Socket.prototype, "_writev" as never).mockImplementation(plain as never);
  const reads: Array<Promise<Array<{ n: number }>>> = [];
  for (const n of upTo(100)) {
    reads.push(database.rows(ECHO, [n]));
    await new Promise<void>((resolve) => process.nextTick(resolve));
  }
  expect(numbers(await Promise.all(reads))).toEqual(upTo(100));
  const sent = writev.mock.calls.length;
  writev.mockRestore();
  expect(sent).toBe(2);
});

test("an invalid read does not affect others", async () => {
  const wrong = database.rows(read("wrong", "SELECT 1 / $1::int"), [0]);
  const [failed, ...answers] = await Promise.allSettled([wrong, ...upTo(50).map((n) => database.rows(ECHO, [n]))]);
  expect(failed).toMatchObject({ status: "rejected", reason: { code: "22012" } });
  expect(answers.every(({ status }) => status === "fulfilled")).toBe(true);
});

test("reads after one that waits for a lock do not wait for it", async () => {
  await other.query("BEGIN; LOCK TABLE member IN ACCESS EXCLUSIVE MODE");
  const blocked = Promise.all(upTo(4).map(() => database.rows<{ n: number }>(MEMBERS, [])));
  expect(numbers(await echoes(200))).toEqual(upTo(200));
  await other.query("COMMIT");
  expect(numbers(await blocked)).toEqual([0, 0, 0, 0]);
});

test("no read is lost when its connection breaks, and the pipeline recovers", async () => {
  const [[first] = []] = await echoes(1);
  const pending = echoes(300);
  await other.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid = $1",
    [first?.pid],
  );
  expect(numbers(await pending)).toEqual(upTo(300));
  // Reads use the pool until the lane is open again. Then two lanes work.
  for (;;) {
    const pids = new Set((await echoes(50)).map(([row]) => row?.pid));
    if (pids.size === 2 && !pids.has(first?.pid)) break;
  }
});

test("the form for a distributed database is sent there only, and lanes plan it for its values", async () => {
  const select = (place: string) => `SELECT '${place}' AS place, current_setting('plan_cache_mode') AS plans`;
  const statement = { name: "place", text: select("one server"), distributed: select("nodes") };
  const read = { ...statement, name: "short-place", isShortRead: true } as const;
  const isDistributed = true;
  const distributed = await openDatabase(url, { connections: 1, lanes: 1, isDistributed });
  const rows = [distributed, database].map(async (each) => [
    ...(await each.rows(statement, [])),
    ...(await each.rows(read, [])),
    ...(await inTransaction(each, (transaction) => transaction.rows(statement, []))),
  ]);
  expect(await Promise.all(rows)).toEqual([
    ["auto", "auto", "auto"].map((plans) => ({ place: "nodes", plans })),
    ["auto", "force_generic_plan", "auto"].map((plans) => ({ place: "one server", plans })),
  ]);
  await distributed.close();
});

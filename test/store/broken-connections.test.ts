import { Client } from "pg";
import { Unavailable } from "../../src/domain/denial";
import { type Database, openDatabase } from "../../src/store/engine/database";
import { inTransaction } from "../../src/store/engine/transaction";
import { DatabaseProxy } from "../support/database-proxy";
import { cloneDatabase } from "../support/template-database";

let database: Database;
let proxy: DatabaseProxy;
let other: Client;
let drop: () => Promise<void>;
beforeEach(async () => {
  const cloned = await cloneDatabase();
  drop = cloned.drop;
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

const SLEEP = { name: "sleep", text: "SELECT pg_sleep(30)" };
const WHO = { name: "who", text: "SELECT pg_backend_pid() AS pid" };

/** Breaks every connection without a word, and lets new ones through. */
function breakAll(): void {
  const { target } = proxy;
  proxy.cut();
  proxy.target = target;
}

async function running(column: "query" | "pid", value: string | number | undefined): Promise<number | null> {
  return (await other.query(`SELECT FROM pg_stat_activity WHERE ${column} = $1`, [value])).rowCount;
}

test("a connection that breaks while it is in use fails what runs on it, ends no process, and is replaced", async () => {
  const reads = [1, 2, 3].map(() => database.rows(SLEEP, []).catch((error: unknown) => error));
  while ((await running("query", SLEEP.text)) !== reads.length);
  breakAll();
  for (const error of await Promise.all(reads)) {
    expect(error).toBeInstanceOf(Unavailable);
    expect(error).toMatchObject({ cause: { message: "Connection terminated unexpectedly" } });
    expect(error).not.toHaveProperty("extensions.mayHaveHappened");
  }
  expect(await database.rows(WHO, [])).toHaveLength(1);
});

test("a transaction whose connection breaks between two statements fails at the second", async () => {
  const working = inTransaction(database, async (transaction) => {
    const [mine] = await transaction.rows<{ pid: number }>(WHO, []);
    breakAll();
    while ((await running("pid", mine?.pid)) !== 0);
    return await transaction.rows(WHO, []);
  });
  const error = await working.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(Unavailable);
  expect(error).not.toHaveProperty("extensions.mayHaveHappened");
  expect(await database.rows(WHO, [])).toHaveLength(1);
});

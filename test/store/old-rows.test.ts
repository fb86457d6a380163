import type { Reader } from "../../src/store/engine/statement";
import { deleteOldResponses, RETENTION_MS } from "../../src/store/idempotency";
import { World } from "../support/world";

const [OLD, LIMIT] = [10_001, 5_000];

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.close());

const insert = (key: string, count: number, createdAt: Date) =>
  world.query(
    `INSERT INTO idempotent_answer (caller, key, request_hash, created_at)
     SELECT 'somebody', $1 || n, '', $3 FROM generate_series(1, $2::int) n`,
    ...[key, count, createdAt],
  );
const keys = async () =>
  (await world.query<{ key: string }>("SELECT key FROM idempotent_answer ORDER BY key")).map(({ key }) => key);

test("old rows are deleted in batches, to the millisecond, and a locked row in the next run", async () => {
  const now = world.clock.now();
  await insert("old", OLD, new Date(now.getTime() - RETENTION_MS));
  await insert("young", 1, new Date(now.getTime() - RETENTION_MS + 1));
  const batches: number[] = [];
  const reader: Reader = {
    rows: async (statement, values) => {
      const rows = await world.database.rows<never>(statement, values);
      batches.push(rows.length);
      return rows;
    },
  };
  const runner = world.database.dataSource.createQueryRunner();
  await runner.startTransaction();
  await runner.query("SELECT FROM idempotent_answer WHERE key = 'old1' FOR UPDATE");
  await deleteOldResponses(reader, now);
  expect(batches).toEqual([LIMIT, LIMIT, 0]);
  expect(await keys()).toEqual(["old1", "young1"]);
  await runner.rollbackTransaction();
  await runner.release();
  await deleteOldResponses(reader, now);
  expect(await keys()).toEqual(["young1"]);
});

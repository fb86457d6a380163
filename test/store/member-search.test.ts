import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { MemberOrder } from "../../src/domain/member-order";
import type { Reader, Statement } from "../../src/store/engine/statement";
import { memberPages, memberTotals } from "../../src/store/views/member-pages";
import { cloneDatabase } from "../support/template-database";

// The rows of members that a search reads, counted by PostgreSQL within the transaction.
const [SMALL, LARGE] = [1_000, 8_000];

let client: Client;
let drop: () => Promise<void>;
const [small, large] = [randomUUID(), randomUUID()];
beforeAll(async () => {
  const { url, ...database } = await cloneDatabase();
  drop = database.drop;
  client = new Client({ connectionString: url });
  await client.connect();
  await addMembers(small, SMALL, "s");
  await addMembers(large, LARGE, "l");
  await client.query("ANALYZE");
});
afterAll(async () => {
  await client.end();
  await drop();
});

/** Members with names of two random words. One in a hundred is a Quentin, and only the last one has "zyx". */
async function addMembers(id: string, count: number, prefix: string): Promise<void> {
  await client.query("INSERT INTO organization (id, name, created_at, updated_at) VALUES ($1, 'A', now(), now())", [
    id,
  ]);
  await client.query(
    `INSERT INTO user_account (id, name, email_verified, identity_at, created_at, search_text)
     SELECT $2 || n, 'x', false, now(), now(), substr(md5(n::text), 1, 8) || ' '
       || CASE WHEN n = $1::int THEN 'zyx' WHEN n % 100 = 50 THEN 'quentin' ELSE substr(md5(n::text), 9, 8) END || E'\\n'
     FROM generate_series(1, $1::int) n`,
    [count, prefix],
  );
  await client.query(
    `INSERT INTO member (id, organization_id, user_id, role, joined_at, last_seen_at)
     SELECT gen_random_uuid(), $1, $3 || n, (ARRAY['OWNER', 'ADMIN', 'DEVELOPER', 'VIEWER'])[1 + n / 7 % 4],
       now() + n * interval '1 second', now() - n % 365 * interval '1 day' FROM generate_series(1, $2::int) n`,
    [id, count, prefix],
  );
}

const reader: Reader = {
  rows: async <Row>({ text }: Statement, values: readonly unknown[]) =>
    (await client.query(text, values as unknown[])).rows as Row[],
};

/** The rows of members that this session has read. In a transaction, PostgreSQL does not reset the count. */
async function rowsRead(): Promise<number> {
  const { rows } = await client.query(
    `SELECT (coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::int AS read
     FROM pg_stat_xact_user_tables WHERE relname = 'member'`,
  );
  return Number(rows[0]?.read);
}

function literal(value: unknown): string {
  if (Array.isArray(value)) return `'{${value.join(",")}}'`;
  return `'${String(value).replaceAll("'", "''")}'`;
}

/** Runs a search. Returns the members and the number of rows read. */
async function search(id: string, text: string, order: MemberOrder, limit = 50) {
  await client.query("BEGIN");
  const before = await rowsRead();
  const visibility = { userId: "nobody", all: false, now: new Date() };
  const filter = { search: text, roles: null };
  const found = await memberPages(reader, visibility, [id], filter, order, { limit, after: null });
  const read = (await rowsRead()) - before;
  await client.query("COMMIT");
  return { found: found.length, ids: found.map((member) => member.id), read };
}

const NEEDLES: Array<[string, string]> = [
  ["nobody", "wwwwww"],
  ["nobody, by three frequent parts", "abc zz"],
  ["one member", "zyx"],
  ["most", "a"],
  ["one character of nobody", "ж"],
  ["two characters of nobody", "qx"],
  ["two characters of one member", "zy"],
];

test.each(Object.values(MemberOrder).flatMap((order) => NEEDLES.map(([what, text]) => [order, what, text] as const)))(
  "by %s, a search that finds %s reads the same number of rows among 8,000 members as among 1,000",
  async (order, _, text) => {
    const [few, many] = [await search(small, text, order), await search(large, text, order)];
    expect(many.found).toBe(few.found);
    expect(many.read).toBeLessThanOrEqual(few.read * 1.5);
    expect(many.read).toBeLessThanOrEqual(SMALL + 250);
  },
);

/** The members whose search text contains `text`, by a scan, in the order of a list. */
async function scan(id: string, text: string, sort: string, limit: number): Promise<string[]> {
  const all = `SELECT id FROM member WHERE organization_id = $1 AND strpos(search_text, $2) > 0 ORDER BY ${sort} LIMIT $3`;
  return (await client.query(all, [id, text, limit])).rows.map((row) => row.id);
}

const RANK = "array_position('{OWNER,ADMIN,DEVELOPER,VIEWER}'::text[], role::text)";
const SORTS: Record<MemberOrder, string> = {
  JOINED: "joined_at, id",
  NAME: 'name_key COLLATE "C", id',
  ROLE: `${RANK}, joined_at, id`,
  LAST_SEEN: "last_seen_at DESC, id DESC",
};

describe.each(Object.values(MemberOrder))("by %s, a search that finds one in a hundred", (order) => {
  test("reads all hits if they are few", async () => {
    const { ids, read } = await search(large, "quentin", order);
    expect(ids).toEqual(await scan(large, "quentin", SORTS[order], 51));
    expect(read).toBeLessThanOrEqual(1_000 + LARGE / 100);
    expect((await search(large, "QUENTIN ", order, 100)).found).toBe(LARGE / 100);
  });

  test("reads the members in order if there are many, and stops when the page is full", async () => {
    const count = "UPDATE organization_count SET viewers = viewers + $2 WHERE organization_id = $1";
    await client.query(count, [large, 1_000_000]);
    // Sorting these few is as cheap as reading them by index; sorting a million is not.
    await client.query("SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off");
    try {
      const { ids, read } = await search(large, "quentin", order);
      expect(ids).toEqual(await scan(large, "quentin", SORTS[order], 51));
      // Five thousand members have fifty hits; by name and by last use, slightly more or fewer.
      expect(read).toBeGreaterThan(1_000 + 3_000);
      expect(read).toBeLessThan(1_000 + 7_500);
      expect((await search(large, "quentin", order, 100)).ids).toEqual(await scan(large, "quentin", SORTS[order], 100));
    } finally {
      await client.query(count, [large, -1_000_000]);
      await client.query("RESET enable_seqscan; RESET enable_bitmapscan; RESET enable_sort");
    }
  });
});

test("the generic plan of a search reads only members with the text", async () => {
  const plans: string[] = [];
  const explaining: Reader = {
    rows: async <Row>({ text }: Statement, values: readonly unknown[]) => {
      const own = `(${values.map((value) => (value === null ? "NULL" : literal(value))).join(", ")})`;
      await client.query("SET plan_cache_mode = force_generic_plan");
      await client.query(`PREPARE planned AS ${text}`);
      const { rows } = await client.query(`EXPLAIN EXECUTE planned ${own}`);
      await client.query("DEALLOCATE planned; RESET plan_cache_mode");
      plans.push(rows.map((row) => row["QUERY PLAN"]).join("\n"));
      return [] as Row[];
    },
  };
  const visibility = { userId: "nobody", all: false, now: new Date() };
  for (const order of Object.values(MemberOrder)) {
    const filter = { search: "quentin", roles: null };
    await memberPages(explaining, visibility, [large], filter, order, { limit: 50, after: null });
  }
  expect(plans).toHaveLength(8);
  for (const [n, plan] of plans.entries()) {
    const indexes = plan.match(/\bmember_\w+_index\b/g);
    expect(indexes).toEqual([
      n % 2 === 0 ? expect.stringMatching(/^member_organization_id_/) : "member_search_keys_index",
    ]);
    expect(plan).not.toMatch(/Seq Scan on (member|user_account)|BitmapAnd/);
    expect(plan).toContain("user_account_pkey");
  }
});

test("a search finds and counts the same members as a scan", async () => {
  for (const text of ["a", "ab", "abc", "quent", "zyx", "e q", "7", "%", "_", "nobody"]) {
    const scan = "SELECT count(*)::int AS n FROM member WHERE organization_id = $1 AND strpos(search_text, $2) > 0";
    const { rows } = await client.query(scan, [large, text]);
    const filter = { search: text, roles: null };
    expect(await memberTotals(reader, [large], filter)).toEqual([{ parentId: large, total: rows[0]?.n }]);
    expect((await search(large, text, "JOINED", 100)).found).toBe(Math.min(101, rows[0]?.n));
  }
});

test("organizations in one search get their own hits", async () => {
  const visibility = { userId: "nobody", all: false, now: new Date() };
  const filter = { search: "zyx", roles: null };
  const found = await memberPages(reader, visibility, [small, large], filter, "NAME", { limit: 5, after: null });
  expect(found.map(({ organizationId }) => organizationId)).toEqual([small, large]);
  const roles = { search: "zyx", roles: ["ADMIN" as const] };
  expect(await memberPages(reader, visibility, [small, large], roles, "NAME", { limit: 5, after: null })).toEqual([]);
});

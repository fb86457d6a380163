import { Client } from "pg";
import {
  DIRECTORIES,
  DISTRIBUTED_TABLES,
  LOCAL_TABLES,
  OLD_KEYS,
  REFERENCE_TABLES,
} from "../../src/store/engine/distribution";
import { SPREAD } from "../support/sql/exceptions";
import { type Sharding, shardingOf } from "../support/sql/sharding";
import { type DeclaredStatement, declaredStatements, statementFiles } from "../support/sql/statements";
import { existsBehindOr, parse } from "../support/sql/syntax";
import { cloneDatabase, IS_PARTITIONED } from "../support/template-database";

const COLUMNS = new Map<string, string>(Object.entries(DISTRIBUTED_TABLES));

let client: Client;
let drop: () => Promise<void>;
beforeAll(async () => {
  const database = await cloneDatabase();
  drop = database.drop;
  client = new Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await drop();
});

const rows = async (sql: string): Promise<Array<Record<string, string>>> => (await client.query(sql)).rows;

describe("Every table", () => {
  test("has exactly one kind of placement in a distributed database", async () => {
    const tables = await rows(`
      SELECT relname FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition`);
    const placed = [...COLUMNS.keys(), ...REFERENCE_TABLES, ...LOCAL_TABLES];
    expect(tables.map(({ relname }) => relname).sort()).toEqual(placed.sort());
  });

  test("of organizations is distributed by the organization", async () => {
    const columns = await rows(`
      SELECT c.relname AS table, a.attname AS column FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND a.attname = 'organization_id'`);
    const expected = Object.entries(DISTRIBUTED_TABLES).filter(([, column]) => column === "organization_id");
    const scoped = columns.map(({ table, column }) => [table, column]);
    // These find an organization.
    const directories = [...DIRECTORIES, "provider_customer"];
    expect(scoped.sort()).toEqual([...expected, ...directories.map((table) => [table, "organization_id"])].sort());
  });

  test("of organizations has the organization in every unique key", async () => {
    const keys = await rows(`
      SELECT c.relname AS table, i.indexrelid::regclass AS key, (SELECT json_agg(a.attname) FROM pg_attribute a
        WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)) AS columns
      FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
      WHERE i.indisunique AND c.relnamespace = 'public'::regnamespace AND NOT c.relispartition ORDER BY 2`);
    const without = keys.filter(({ table = "", columns = [] }) => {
      const column = COLUMNS.get(table);
      return column !== undefined && !(columns as readonly string[]).includes(column);
    });
    expect(keys.length).toBeGreaterThan(COLUMNS.size);
    // Replicas of the earlier version need these in addition to the new ones.
    expect(without.map(({ key }) => key).sort()).toEqual(IS_PARTITIONED ? [] : OLD_KEYS);
  });
});

// Purges and recounts find the rows of an organization by it.
test("Every table of organizations has an index that begins with the organization", async () => {
  const first = await rows(`
    SELECT c.relname AS table, a.attname AS column FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
    WHERE c.relnamespace = 'public'::regnamespace AND i.indpred IS NULL AND NOT c.relispartition`);
  const found = new Set(first.map(({ table, column }) => `${table}.${column}`));
  const expected = Object.entries(DISTRIBUTED_TABLES).map(([table, column]) => `${table}.${column}`);
  expect(expected.filter((each) => !found.has(each))).toEqual([]);
});

describe("Every statement", () => {
  const found = new Map<DeclaredStatement, Sharding>();
  beforeAll(async () => {
    for (const statement of declaredStatements())
      found.set(statement, await shardingOf(statement.distributed, COLUMNS));
  });
  const namesWith = (part: keyof Sharding) =>
    [...found].filter(([, sharding]) => sharding[part].length > 0).map(([{ name }]) => name);

  test("is found by the check", () => {
    const files = new Set([...found.keys()].map(({ file }) => file));
    const without = statementFiles().filter((file) => file.startsWith("store/") && !files.has(file));
    // They notify, or declare statements for other files.
    expect(without).toEqual(["store/events/postgres-pubsub.ts", "store/link-key.ts"]);
    expect(found.size).toBeGreaterThan(200);
  });

  test("joins tables of organizations by the organization", () => expect(namesWith("apart")).toEqual([]));
  test("is one that Citus runs", () => expect(namesWith("refused")).toEqual([]));
  test("names its organizations, or has a reason to go to all of them", () => {
    expect(namesWith("spread")).toEqual(Object.values(SPREAD).flat().sort());
  });
});

// PostgreSQL may run the subquery once for all rows: it then reads all memberships of a person, from the index of each
// organization. With a million organizations, that took ten times as long as the rest of the statement.
test("No statement looks up a membership by EXISTS after OR, but by a join on the row", async () => {
  const found: string[] = [];
  for (const { name, text } of declaredStatements()) {
    if (existsBehindOr(await parse(text)).includes("member")) found.push(name);
  }
  // A job over all organizations.
  expect(found).toEqual(["organizations-with-void-invitations"]);
});

describe("The check of statements", () => {
  const OF_ONE = "m.organization_id = $1";
  const LIMITED: ReadonlyArray<[string, string]> = [
    ["a parameter", `SELECT 1 FROM member m WHERE ${OF_ONE} AND m.id = $2`],
    [
      "a parameter through a join",
      `SELECT 1 FROM member m JOIN organization o ON o.id = m.organization_id WHERE ${OF_ONE}`,
    ],
    [
      "a parameter through USING",
      "SELECT 1 FROM member JOIN workspace USING (organization_id) WHERE organization_id = $1",
    ],
    ["an array", "SELECT 1 FROM member m WHERE m.organization_id = ANY ($1::uuid[])"],
    ["a parameter in a change", "UPDATE member m SET role = $2 WHERE m.organization_id = $1 AND m.id = $3"],
    ["nothing, without a table of organizations", "SELECT 1 FROM user_account WHERE id = $1"],
  ];
  test.each(LIMITED)("accepts %s", async (_, sql) => {
    expect(await shardingOf(sql, COLUMNS)).toEqual({ spread: [], apart: [], refused: [] });
  });

  const WRONG: ReadonlyArray<[string, string, Partial<Sharding>]> = [
    ["an id alone", "DELETE FROM member WHERE id = $1", { spread: ["member"] }],
    [
      "a condition that OR weakens",
      "SELECT 1 FROM member WHERE organization_id = $1 OR id = $2",
      { spread: ["member"] },
    ],
    [
      "a join without the organization",
      `SELECT 1 FROM member m JOIN workspace w ON w.id = m.id WHERE ${OF_ONE}`,
      { spread: ["workspace"], apart: ["workspace"] },
    ],
    [
      "an array beside another table",
      "SELECT 1 FROM organization o JOIN member m ON m.organization_id = o.id WHERE o.id = ANY ($1::uuid[])",
      { spread: ["member"] },
    ],
    [
      "a parameter outside a subquery",
      "SELECT (SELECT count(*) FROM member m WHERE m.organization_id = o.id) FROM organization o WHERE o.id = $1",
      { spread: ["member"] },
    ],
    [
      "a subquery without the organization",
      "SELECT 1 FROM organization o WHERE o.id = $1 AND EXISTS (SELECT 1 FROM member WHERE user_id = $2)",
      { spread: ["member"], apart: ["member"] },
    ],
    [
      "a subquery for each row of a function",
      `SELECT 1 FROM unnest($1::uuid[]) AS o (id) CROSS JOIN LATERAL (
        SELECT 1 FROM member m WHERE m.organization_id = o.id LIMIT 1) p`,
      { spread: ["member"], refused: ["runs a subquery for each row of a function"] },
    ],
    [
      "EXISTS without a column",
      `SELECT 1 FROM user_account WHERE EXISTS (SELECT FROM member m WHERE ${OF_ONE})`,
      { refused: ["EXISTS without a column"] },
    ],
    [
      "a volatile function in a change",
      "UPDATE provider_lease SET held_until = clock_timestamp() WHERE organization_id = $1",
      { refused: ["calls a volatile function in a change of a distributed table"] },
    ],
    [
      "an insert within a CTE of the rows of another",
      "WITH e AS (SELECT 1 AS id), i AS (INSERT INTO member (id, organization_id) SELECT e.id, $1 FROM e) SELECT 1",
      { spread: ["member"] },
    ],
    ["an insert", "INSERT INTO member (id) VALUES ($1)", { refused: ["inserts into member without organization_id"] }],
    [
      "a conflict",
      "INSERT INTO member (id, organization_id) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING",
      { refused: ["finds conflicts in member without organization_id"] },
    ],
    [
      "locks of all shards",
      "SELECT 1 FROM organization WHERE id > $1 FOR NO KEY UPDATE",
      { spread: ["organization"], refused: ["locks rows of all shards"] },
    ],
  ];
  test.each(WRONG)("reports %s", async (_, sql, expected) => {
    expect(await shardingOf(sql, COLUMNS)).toEqual({ spread: [], apart: [], refused: [], ...expected });
  });
});

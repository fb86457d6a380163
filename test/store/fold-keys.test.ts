import { Client, type ClientBase } from "pg";
import { createDataSource } from "../../src/store/engine/data-source";
import { fillKeys } from "../../src/store/engine/fill-keys";
import { migrate } from "../../src/store/engine/migrate";
import type { Reader, Statement } from "../../src/store/engine/statement";
import { memberPages, memberTotals } from "../../src/store/views/member-pages";
import { workspacePages, workspaceTotals } from "../../src/store/views/workspaces";
import { cloneDatabase } from "../support/template-database";

let url: string;
let drop: () => Promise<void>;
let client: Client;
beforeEach(async () => {
  ({ url, drop } = await cloneDatabase());
  client = new Client({ connectionString: url });
  await client.connect();
});
afterEach(async () => {
  await client.end();
  await drop();
});

const ORGANIZATION = "01900000-0000-7000-8000-000000000001";
const OTHER = "01900000-0000-7000-8000-000000000002";
const idOf = (n: number) => `01900000-0000-7000-8000-${String(n).padStart(12, "0")}`;

async function addOrganization(id: string): Promise<void> {
  await client.query("INSERT INTO organization (id, name, created_at, updated_at) VALUES ($1, 'Acme', now(), now())", [
    id,
  ]);
}

/** A workspace from an earlier version. */
async function addWorkspace(n: number, name: string, { organization = ORGANIZATION, isDeleted = false } = {}) {
  await client.query(
    `INSERT INTO workspace (id, organization_id, name, name_key, cloud_provider, is_default, created_at, updated_at, deleted_at)
     VALUES ($1, $2, $3::text, lower($3::text), 'AWS', false, now() + $4::int * interval '1 s', now(), CASE WHEN $5::boolean THEN now() END)`,
    [idOf(n), organization, name, n, isDeleted],
  );
}

const workspaces = async () =>
  (await client.query("SELECT name, name_key AS key, name_looks AS looks FROM workspace ORDER BY id")).rows;

test("earlier rows get their keys at the next start, and names that were allowed stay", async () => {
  const dataSource = await createDataSource(url, 1).initialize();
  await dataSource.undoLastMigration();
  await dataSource.destroy();
  await addOrganization(ORGANIZATION);
  await addOrganization(OTHER);
  const names = ["Brexit", "Bre\u200Bxit", "Test 3", "Test  3", "Prod", "Рrоd", "ΣΊΣΥΦΟΣ"];
  for (const [n, name] of names.entries()) await addWorkspace(n + 10, name);
  await addWorkspace(30, "Test  3", { organization: OTHER });
  await addWorkspace(31, "Brexit", { isDeleted: true });
  await client.query(
    `INSERT INTO user_account (id, name, email, email_verified, identity_at, created_at)
     SELECT 'p' || n, 'ΣΊΣΥΦΟΣ ' || n, n || '@example.com', n % 2 = 0, now(), now() FROM generate_series(1, 2500) n`,
  );
  await migrate(url);
  expect(await workspaces()).toEqual([
    { name: "Brexit", key: "brexit", looks: "brexit" },
    { name: "Bre\u200Bxit", key: "bre\u200Bxit", looks: null },
    { name: "Test 3", key: "test 3", looks: "test 3" },
    { name: "Test  3", key: "test  3", looks: null },
    { name: "Prod", key: "prod", looks: "prod" },
    { name: "Рrоd", key: "рrоd", looks: null },
    { name: "ΣΊΣΥΦΟΣ", key: "σίσυφοσ", looks: expect.any(String) },
    { name: "Test  3", key: "test 3", looks: "test 3" },
    { name: "Brexit", key: "brexit", looks: null },
  ]);
  const { rows } = await client.query("SELECT id, search_text FROM user_account WHERE id IN ('p1', 'p2') ORDER BY id");
  expect(rows).toEqual([
    { id: "p1", search_text: "σίσυφοσ 1\n" },
    { id: "p2", search_text: "σίσυφοσ 2\n2@example.com" },
  ]);
  expect((await client.query("SELECT FROM user_account WHERE search_text IS NULL")).rowCount).toBe(0);
  const before = await workspaces();
  await migrate(url);
  expect(await workspaces()).toEqual(before);
});

test("rows beyond one batch, and rows of a replica of an earlier version, get their keys", async () => {
  await addOrganization(ORGANIZATION);
  await client.query(
    `INSERT INTO workspace (id, organization_id, name, name_key, cloud_provider, is_default, created_at, updated_at)
     SELECT gen_random_uuid(), $1, 'Name ' || n, 'name ' || n, 'AWS', false, now(), now() FROM generate_series(1, 2500) n`,
    [ORGANIZATION],
  );
  await fillKeys(client);
  expect((await client.query("SELECT FROM workspace WHERE name_looks = name_key")).rowCount).toBe(2500);
});

test("rows that change while their keys are filled in keep their own keys", async () => {
  await addOrganization(ORGANIZATION);
  await addWorkspace(1, "Old");
  await client.query(
    "INSERT INTO user_account (id, name, email_verified, identity_at, created_at) VALUES ('p', 'Old', false, now(), now())",
  );
  const renames = new Map([
    ["UPDATE", "UPDATE user_account SET search_text = 'new'"],
    ["WITH", "UPDATE workspace SET name = 'New', name_key = 'new', name_looks = 'new'"],
  ]);
  const query = async (text: string, values: unknown[]) => {
    const [verb = ""] = text.trim().split(/\s/);
    const rename = renames.get(verb);
    if (rename) await client.query(rename);
    renames.delete(verb);
    return await client.query(text, values);
  };
  await fillKeys({ query } as unknown as ClientBase);
  expect(await workspaces()).toEqual([{ name: "New", key: "new", looks: "new" }]);
  expect((await client.query("SELECT search_text AS text FROM user_account")).rows).toEqual([{ text: "new" }]);
});

test("a search reads an index for any number of people", async () => {
  await addOrganization(ORGANIZATION);
  await client.query(
    `INSERT INTO user_account (id, name, email, email_verified, identity_at, created_at, search_text)
     SELECT 'p' || n, 'Person ' || n, NULL, false, now(), now(), 'person ' || md5(n::text) FROM generate_series(1, 6000) n`,
  );
  await client.query(
    `INSERT INTO member (id, organization_id, user_id, role, joined_at)
     SELECT gen_random_uuid(), $1, 'p' || n, 'VIEWER', now() FROM generate_series(1, 3000) n`,
    [ORGANIZATION],
  );
  await client.query(
    `INSERT INTO workspace (id, organization_id, name, name_key, cloud_provider, is_default, created_at, updated_at)
     SELECT gen_random_uuid(), $1, 'W' || n, md5(n::text), 'AWS', false, now(), now() FROM generate_series(1, 6000) n`,
    [ORGANIZATION],
  );
  await client.query("ANALYZE");
  const plans: string[] = [];
  const explaining: Reader = {
    rows: async <Row>({ text }: Statement, values: readonly unknown[]) => {
      const { rows } = await client.query(`EXPLAIN ${text}`, values as unknown[]);
      plans.push(rows.map((row) => row["QUERY PLAN"]).join("\n"));
      return [] as Row[];
    },
  };
  const filter = { search: "C4CA4238A0B9", roles: null };
  const page = { limit: 50, after: null };
  const visibility = { userId: "p1", all: false, now: new Date() };
  await memberPages(explaining, visibility, [ORGANIZATION], filter, "JOINED", page);
  await memberTotals(explaining, [ORGANIZATION], filter);
  await workspacePages(explaining, visibility, [ORGANIZATION], filter.search, page);
  await workspaceTotals(explaining, visibility, [ORGANIZATION], filter.search);
  const indexes = [
    ...["member_organization_id_joined_at_id_index", "member_search_keys_index"],
    ...["workspace_name_key_search_index", "workspace_name_key_search_index"],
  ];
  for (const [n, plan] of plans.entries()) expect(plan).toContain(indexes[n]);
  expect(plans).toHaveLength(indexes.length);
});

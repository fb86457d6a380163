import type { MigrationInterface, QueryRunner } from "typeorm";
import { type Counting, dropCounting, keepCounters } from "./support/counting";
import { inBatches, withShortLocks } from "./support/online";

/**
 * The number of members that have access to each workspace by an assignment. Owners and Admins have access to all of
 * them, so their assignments are dormant and do not count. An assignment has a copy of when its member joined, by which
 * the members of a workspace are sorted. Triggers keep both, because a replica of an earlier version does not.
 */
export class CountAccess1764843200000 implements MigrationInterface {
  name = "CountAccess1764843200000";
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await withShortLocks(runner, COLUMNS);
    await inBatches(FIRST_ID, (after) => inOrganizations(runner, UNFILLED, FILL_COLUMNS, after));
    await withShortLocks(runner, [TABLE]);
    await withShortLocks(runner, keepCounters(COUNTED));
    // Last, so that a workspace with a counter has been counted completely.
    await withShortLocks(runner, START_COUNTING);
    await inBatches(FIRST_ID, (after) => inOrganizations(runner, UNCOUNTED, FILL_COUNTERS, after));
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of [...dropCounting(COUNTED), ...DOWN]) await runner.query(statement);
  }
}

const FIRST_ID = "00000000-0000-0000-0000-000000000000";
const COUNTED: Counting = {
  ...{ table: "workspace_assignment", counters: "workspace_count", key: ["organization_id", "workspace_id"] },
  columns: { members: "NOT r.is_dormant" },
};

const COLUMNS = [
  `ALTER TABLE workspace_assignment
    ADD COLUMN IF NOT EXISTS is_dormant boolean NOT NULL DEFAULT false,
    ADD COLUMN IF NOT EXISTS member_joined_at timestamptz(3)`,
  `CREATE OR REPLACE FUNCTION copy_member_to_assignment() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    SELECT role IN ('OWNER', 'ADMIN'), joined_at INTO NEW.is_dormant, NEW.member_joined_at
    FROM member WHERE organization_id = NEW.organization_id AND id = NEW.member_id;
    NEW.is_dormant := coalesce(NEW.is_dormant, false);
    RETURN NEW;
  END $$`,
  `CREATE OR REPLACE TRIGGER assignment_member BEFORE INSERT ON workspace_assignment
    FOR EACH ROW EXECUTE FUNCTION copy_member_to_assignment()`,
  // One statement for all members whose roles a statement changes. The settings are those of keepCounters.
  `CREATE OR REPLACE FUNCTION copy_roles_to_assignments() RETURNS trigger LANGUAGE plpgsql
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
  BEGIN
    UPDATE workspace_assignment a SET is_dormant = m.is_dormant
    FROM (
      SELECT organization_id, id, bool_or(is_new AND role IN ('OWNER', 'ADMIN')) AS is_dormant
      FROM (
        SELECT organization_id, id, role, true AS is_new FROM new_rows
        UNION ALL SELECT organization_id, id, role, false FROM old_rows
      ) changed
      GROUP BY organization_id, id HAVING min(role) <> max(role)
    ) m
    WHERE a.organization_id = m.organization_id AND a.member_id = m.id AND a.is_dormant <> m.is_dormant;
    RETURN NULL;
  END $$`,
  `CREATE OR REPLACE TRIGGER member_assignments AFTER UPDATE ON member
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION copy_roles_to_assignments()`,
];

const TABLE = `
  CREATE TABLE IF NOT EXISTS workspace_count (
    organization_id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    members integer NOT NULL DEFAULT 0,
    CONSTRAINT workspace_count_pkey PRIMARY KEY (organization_id, workspace_id),
    CONSTRAINT workspace_count_organization_id_workspace_id_fkey FOREIGN KEY (organization_id, workspace_id)
      REFERENCES workspace(organization_id, id) ON DELETE CASCADE
  ) WITH (fillfactor = 50)`;

const START_COUNTING = [
  `CREATE OR REPLACE FUNCTION start_counting_access() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO workspace_count (organization_id, workspace_id) SELECT organization_id, id FROM new_rows;
    RETURN NULL;
  END $$`,
  `CREATE OR REPLACE TRIGGER workspace_counters AFTER INSERT ON workspace
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION start_counting_access()`,
];

const DOWN = [
  "DROP TRIGGER workspace_counters ON workspace",
  "DROP FUNCTION start_counting_access()",
  "DROP TABLE workspace_count",
  "DROP TRIGGER member_assignments ON member",
  "DROP FUNCTION copy_roles_to_assignments()",
  "DROP TRIGGER assignment_member ON workspace_assignment",
  "DROP FUNCTION copy_member_to_assignment()",
  "ALTER TABLE workspace_assignment DROP COLUMN is_dormant, DROP COLUMN member_joined_at",
];

// Each finds the next workspaces with rows to fill in, after the id $1.
const UNFILLED = `
  SELECT id, organization_id FROM workspace w WHERE id > $1 AND EXISTS (
    SELECT 1 FROM workspace_assignment a WHERE a.workspace_id = w.id AND a.member_joined_at IS NULL)
  ORDER BY id LIMIT 100`;
const UNCOUNTED = `
  SELECT id, organization_id FROM workspace w WHERE id > $1 AND NOT EXISTS (
    SELECT 1 FROM workspace_count c WHERE c.organization_id = w.organization_id AND c.workspace_id = w.id)
  ORDER BY id LIMIT 500`;

const ROWS = 5_000;
// Returns one row per filled-in row.
const FILL_COLUMNS = `
  UPDATE workspace_assignment a SET is_dormant = m.role IN ('OWNER', 'ADMIN'), member_joined_at = m.joined_at
  FROM (SELECT workspace_id, member_id FROM workspace_assignment
    WHERE workspace_id = ANY ($1::uuid[]) AND member_joined_at IS NULL LIMIT ${ROWS}) b
  JOIN member m ON m.id = b.member_id
  WHERE a.workspace_id = b.workspace_id AND a.member_id = b.member_id RETURNING a.member_id`;
const FILL_COUNTERS = `
  INSERT INTO workspace_count (organization_id, workspace_id, members)
  SELECT w.organization_id, w.id,
    (SELECT count(*) FROM workspace_assignment a WHERE a.workspace_id = w.id AND NOT a.is_dormant)
  FROM workspace w WHERE w.id = ANY ($1::uuid[])
  ON CONFLICT DO NOTHING`;

/**
 * Fills in the next workspaces, under the locks of their organizations, which commands hold while they change roles and
 * assignments; at most ${ROWS} rows per transaction. Returns the last workspace's id, null when none is left.
 */
async function inOrganizations(runner: QueryRunner, find: string, fill: string, after: string): Promise<string | null> {
  const workspaces: Array<{ id: string; organization_id: string }> = await runner.query(find, [after]);
  const ids = workspaces.map(({ id }) => id);
  const organizationIds = workspaces.map((workspace) => workspace.organization_id);
  for (let isMore = ids.length > 0; isMore; ) {
    await runner.startTransaction();
    try {
      const lock = "SELECT FROM organization WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE";
      await runner.query(lock, [organizationIds]);
      const [rows = []] = await runner.query(fill, [ids]);
      await runner.commitTransaction();
      isMore = Array.isArray(rows) && rows.length === ROWS;
    } catch (error) {
      await runner.rollbackTransaction();
      throw error;
    }
  }
  return ids.at(-1) ?? null;
}

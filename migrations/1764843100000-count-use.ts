import type { MigrationInterface, QueryRunner } from "typeorm";
import { type Counting, dropCounting, keepCounters } from "./support/counting";
import { inBatches, withShortLocks } from "./support/online";

/**
 * Counters of each organization's members, invitations and workspaces. Counting rows takes a second in an organization
 * with a million members. Invitations are counted by their stored status; the few that are past their date and not yet
 * marked are counted by index and subtracted when the counters are read.
 */
export class CountUse1764843100000 implements MigrationInterface {
  name = "CountUse1764843100000";
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await withShortLocks(runner, [TABLE]);
    for (const counting of COUNTED) await withShortLocks(runner, keepCounters(counting));
    // Last, so that an organization with a row of counters has been counted completely.
    await withShortLocks(runner, [FUNCTION, TRIGGER]);
    await inBatches(FIRST_ID, (after) => fill(runner, after));
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const counting of COUNTED) for (const statement of dropCounting(counting)) await runner.query(statement);
    await runner.query("DROP TRIGGER organization_counters ON organization");
    await runner.query("DROP FUNCTION start_counting()");
    await runner.query("DROP TABLE organization_count");
  }
}

const FIRST_ID = "00000000-0000-0000-0000-000000000000";
const BATCH = 500;

const COUNTERS = [
  ...["owners", "admins", "developers", "viewers"],
  ...["pending_invitations", "accepted_invitations", "declined_invitations", "canceled_invitations"],
  ...["expired_invitations", "workspaces"],
];

// Room in each page keeps the frequent updates of a row within it.
const TABLE = `
  CREATE TABLE IF NOT EXISTS organization_count (
    organization_id uuid NOT NULL,
    ${COUNTERS.map((name) => `${name} integer NOT NULL DEFAULT 0`).join(", ")},
    CONSTRAINT organization_count_pkey PRIMARY KEY (organization_id),
    CONSTRAINT organization_count_organization_id_fkey
      FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE
  ) WITH (fillfactor = 50)`;

const FUNCTION = `
  CREATE OR REPLACE FUNCTION start_counting() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO organization_count (organization_id) SELECT id FROM new_rows;
    RETURN NULL;
  END $$`;
const TRIGGER = `
  CREATE OR REPLACE TRIGGER organization_counters AFTER INSERT ON organization
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION start_counting()`;

const key = ["organization_id"];
const counters = "organization_count";
const COUNTED: readonly Counting[] = [
  {
    ...{ table: "member", counters, key },
    columns: {
      owners: "r.role = 'OWNER'",
      admins: "r.role = 'ADMIN'",
      developers: "r.role = 'DEVELOPER'",
      viewers: "r.role = 'VIEWER'",
    },
  },
  {
    ...{ table: "invitation", counters, key },
    columns: {
      pending_invitations: "r.status = 'PENDING'",
      accepted_invitations: "r.status = 'ACCEPTED'",
      declined_invitations: "r.status = 'DECLINED'",
      canceled_invitations: "r.status = 'CANCELED'",
      expired_invitations: "r.status = 'EXPIRED'",
    },
  },
  { ...{ table: "workspace", counters, key }, columns: { workspaces: "r.deleted_at IS NULL" } },
];

// Under the locks of the organizations, which commands hold while they change what is counted.
const LOCK = `
  SELECT id FROM organization o WHERE id > $1
    AND NOT EXISTS (SELECT 1 FROM organization_count c WHERE c.organization_id = o.id)
  ORDER BY id LIMIT ${BATCH} FOR NO KEY UPDATE`;
const FILL = `
  INSERT INTO organization_count (organization_id, ${COUNTERS.join(", ")})
  SELECT o.id, m.*, i.*, w.* FROM organization o
  CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE role = 'OWNER'), count(*) FILTER (WHERE role = 'ADMIN'),
      count(*) FILTER (WHERE role = 'DEVELOPER'), count(*) FILTER (WHERE role = 'VIEWER')
    FROM member WHERE organization_id = o.id) m
  CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE status = 'PENDING'), count(*) FILTER (WHERE status = 'ACCEPTED'),
      count(*) FILTER (WHERE status = 'DECLINED'), count(*) FILTER (WHERE status = 'CANCELED'),
      count(*) FILTER (WHERE status = 'EXPIRED')
    FROM invitation WHERE organization_id = o.id) i
  CROSS JOIN LATERAL (
    SELECT count(*) FROM workspace WHERE organization_id = o.id AND deleted_at IS NULL) w
  WHERE o.id = ANY ($1::uuid[])
  ON CONFLICT (organization_id) DO NOTHING`;

/** Counts the next organizations that are not counted yet. Returns the last one's id, null when none is left. */
async function fill(runner: QueryRunner, after: string): Promise<string | null> {
  await runner.startTransaction();
  try {
    const ids = (await runner.query(LOCK, [after])).map(({ id }: { id: string }) => id);
    if (ids.length > 0) await runner.query(FILL, [ids]);
    await runner.commitTransaction();
    return ids.at(-1) ?? null;
  } catch (error) {
    await runner.rollbackTransaction();
    throw error;
  }
}

import type { MigrationInterface, QueryRunner } from "typeorm";
import { forbidNulls } from "./support/keys";
import { fillInBatches, withShortLocks } from "./support/online";

/**
 * The links and workspaces of an invitation name its organization, as every row does. A trigger fills the column in, because
 * replicas of the earlier version insert rows without it during a deployment.
 */
export class NameOrganizationsOfInvitations1796300000000 implements MigrationInterface {
  name = "NameOrganizationsOfInvitations1796300000000";
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await withShortLocks(runner, [FUNCTION]);
    for (const table of TABLES) {
      await withShortLocks(runner, addColumn(table));
      await fillInBatches(runner, fill(table));
      await forbidNulls(runner, table, "organization_id");
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) {
      await runner.query(`DROP TRIGGER ${table}_organization ON ${table}`);
      await runner.query(`ALTER TABLE ${table} DROP COLUMN organization_id`);
    }
    await runner.query("DROP FUNCTION copy_organization_of_invitation()");
  }
}

const TABLES = ["invitation_workspace", "invitation_token"];

const FUNCTION = `
  CREATE OR REPLACE FUNCTION copy_organization_of_invitation() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    SELECT organization_id INTO NEW.organization_id FROM invitation WHERE id = NEW.invitation_id;
    RETURN NEW;
  END $$`;

const addColumn = (table: string) => [
  `ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS organization_id uuid`,
  `CREATE OR REPLACE TRIGGER ${table}_organization BEFORE INSERT ON ${table}
    FOR EACH ROW WHEN (NEW.organization_id IS NULL) EXECUTE FUNCTION copy_organization_of_invitation()`,
];

// Some invitations at a time, by the index that begins with the invitation.
const fill = (table: string) => `
  WITH batch AS (
    SELECT DISTINCT invitation_id AS id FROM ${table} WHERE invitation_id > $1 ORDER BY 1 LIMIT 200
  ), filled AS (
    UPDATE ${table} t SET organization_id = i.organization_id FROM batch JOIN invitation i USING (id)
    WHERE t.invitation_id = i.id AND t.organization_id IS NULL
  )
  SELECT (SELECT id FROM batch ORDER BY id DESC LIMIT 1) AS last`;

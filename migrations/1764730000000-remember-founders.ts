import type { MigrationInterface, QueryRunner } from "typeorm";

/**
 * Stores who created each organization, to limit how many one person creates. Existing organizations take it from their
 * log.
 */
export class RememberFounders1764730000000 implements MigrationInterface {
  name = "RememberFounders1764730000000";

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE organization ADD COLUMN founded_by_id varchar(255);
      ALTER TABLE organization ADD CONSTRAINT organization_founded_by_id_fkey
        FOREIGN KEY (founded_by_id) REFERENCES user_account(id);
      UPDATE organization o SET founded_by_id = u.id
        FROM organization_event e JOIN user_account u ON u.id = e.actor_id
        WHERE e.organization_id = o.id AND e.sequence = 1 AND e.type = 'organization.created'
          AND o.personal_for_id IS NULL;
      CREATE INDEX organization_founded_by_id_created_at_index ON organization (founded_by_id, created_at)
        WHERE founded_by_id IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE organization DROP COLUMN founded_by_id");
  }
}

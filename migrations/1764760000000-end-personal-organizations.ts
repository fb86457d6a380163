import type { MigrationInterface, QueryRunner } from "typeorm";

/**
 * Ends the personal status of organizations that were transferred before the transfer did so. Their new Owners could
 * neither delete nor leave them. Their logs have the transfer itself.
 */
export class EndPersonalOrganizations1764760000000 implements MigrationInterface {
  name = "EndPersonalOrganizations1764760000000";

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      UPDATE organization o SET personal_for_id = NULL
      WHERE o.personal_for_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM member m
        WHERE m.organization_id = o.id AND m.user_id = o.personal_for_id AND m.role = 'OWNER')`);
  }

  async down(): Promise<void> {
    // There is nothing to undo: the log has the former owner.
  }
}

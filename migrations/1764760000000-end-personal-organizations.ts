import type { MigrationInterface, QueryRunner } from "typeorm";

/**
 * Personal organizations that were handed on before the transfer ended being personal: their new Owners could neither
 * delete nor leave them. The transfer itself stands in their logs.
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
    // Nothing to undo: whose an organization once was stands in its log.
  }
}

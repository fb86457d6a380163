import type { MigrationInterface, QueryRunner } from "typeorm";

/** Which sealing of an organization's key is the current one stands in its log, and is looked up when it is opened. */
export class IndexSealings1764761000000 implements MigrationInterface {
  name = "IndexSealings1764761000000";

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX organization_event_sealing_index ON organization_event (organization_id, sequence)
      WHERE type IN ('byok.configured', 'byok.rotated', 'byok.resealed', 'byok.removed')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DROP INDEX organization_event_sealing_index");
  }
}

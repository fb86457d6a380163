import type { MigrationInterface, QueryRunner } from "typeorm";

/** The log names the current sealing of an organization's key. It is looked up each time the key is opened. */
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

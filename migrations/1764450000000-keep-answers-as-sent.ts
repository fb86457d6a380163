import type { MigrationInterface, QueryRunner } from "typeorm";

/** jsonb reorders keys, so responses are stored as text: a repeat gets the same bytes. */
export class KeepAnswersAsSent1764450000000 implements MigrationInterface {
  name = "KeepAnswersAsSent1764450000000";

  async up(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE idempotent_answer ALTER COLUMN response TYPE json USING response::json");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE idempotent_answer ALTER COLUMN response TYPE jsonb USING response::jsonb");
  }
}

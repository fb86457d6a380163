import type { MigrationInterface, QueryRunner } from "typeorm";

/** CHANGED_MEANWHILE has 17 characters. */
export class WidenReviewOutcomes1764831000000 implements MigrationInterface {
  name = "WidenReviewOutcomes1764831000000";

  async up(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE access_review_item ALTER COLUMN outcome TYPE varchar(32)");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE access_review_item ALTER COLUMN outcome TYPE varchar(16)");
  }
}

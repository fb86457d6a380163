import type { MigrationInterface, QueryRunner } from "typeorm";

/**
 * Each item of a review is written, decided on and completed. With room left in its page, completing ten thousand of them
 * under the organization's lock updates no index.
 */
export class LeaveRoomInReviews1764844100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE access_review_item SET (fillfactor = 50)");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE access_review_item RESET (fillfactor)");
  }
}

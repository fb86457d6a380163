import type { MigrationInterface, QueryRunner } from "typeorm";

/**
 * The trigger that sets an event's position looks up the event before it. Planned while the table is small, it would scan
 * the table for each event, also once that has grown.
 */
export class FindPreviousEventByIndex1764840100000 implements MigrationInterface {
  name = "FindPreviousEventByIndex1764840100000";

  async up(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER FUNCTION set_feed_position() SET enable_seqscan = off");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER FUNCTION set_feed_position() RESET enable_seqscan");
  }
}

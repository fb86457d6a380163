import type { MigrationInterface, QueryRunner } from "typeorm";

/**
 * The trigger that sets an event's position looks up the event before it. If it is planned while the table is small, it
 * scans the table for each event, even after the table has grown.
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

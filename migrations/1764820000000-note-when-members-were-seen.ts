import type { MigrationInterface, QueryRunner } from "typeorm";

/** The day on which a member last used the platform. Null: not since this column exists. */
export class NoteWhenMembersWereSeen1764820000000 implements MigrationInterface {
  name = "NoteWhenMembersWereSeen1764820000000";

  async up(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE member ADD COLUMN last_seen_at timestamptz(3)");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE member DROP COLUMN last_seen_at");
  }
}

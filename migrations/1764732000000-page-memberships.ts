import type { MigrationInterface, QueryRunner } from "typeorm";

/** Pages of a person's memberships are read in order. This index replaces the one on only the person. */
export class PageMemberships1764732000000 implements MigrationInterface {
  name = "PageMemberships1764732000000";

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX member_user_id_joined_at_id_index ON member (user_id, joined_at, id);
      DROP INDEX member_user_id_index`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX member_user_id_index ON member (user_id);
      DROP INDEX member_user_id_joined_at_id_index`);
  }
}

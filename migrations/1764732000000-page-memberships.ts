import type { MigrationInterface, QueryRunner } from "typeorm";

/** A page of somebody's memberships is read in their order. The index takes the place of the one on the person alone. */
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

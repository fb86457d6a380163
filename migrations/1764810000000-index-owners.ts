import type { MigrationInterface, QueryRunner } from "typeorm";

/** Every read of an organization counts its Owners up to two. Without the index it would scan all members. */
export class IndexOwners1764810000000 implements MigrationInterface {
  name = "IndexOwners1764810000000";

  async up(runner: QueryRunner): Promise<void> {
    await runner.query("CREATE INDEX member_owners_index ON member (organization_id) WHERE role = 'OWNER'");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DROP INDEX member_owners_index");
  }
}

import type { MigrationInterface, QueryRunner } from "typeorm";

/** Members are searched by their own copy of the texts. No statement searches people now. */
export class DropSearchIndexOfPeople1764845100000 implements MigrationInterface {
  name = "DropSearchIndexOfPeople1764845100000";
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX CONCURRENTLY IF EXISTS ${INDEX}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX ${INDEX} ON user_account USING gin (search_text gin_trgm_ops)`);
  }
}

const INDEX = "user_account_search_text_index";

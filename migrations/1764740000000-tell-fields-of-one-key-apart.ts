import type { MigrationInterface, QueryRunner } from "typeorm";

/**
 * Several requests may carry one Idempotency-Key, because a gateway sends each mutation of a document separately. The
 * key belongs to an operation, each mutation is identified by its place in the operation, and each request has its own
 * response.
 */
export class TellFieldsOfOneKeyApart1764740000000 implements MigrationInterface {
  name = "TellFieldsOfOneKeyApart1764740000000";

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE idempotent_answer
        ADD COLUMN operation varchar(80),
        ADD COLUMN field_hashes jsonb NOT NULL DEFAULT '{}',
        ADD COLUMN other_responses jsonb NOT NULL DEFAULT '{}'
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE idempotent_answer DROP COLUMN operation, DROP COLUMN field_hashes, DROP COLUMN other_responses
    `);
  }
}

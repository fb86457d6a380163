import type { MigrationInterface, QueryRunner } from "typeorm";

/** Why an invitation's mail failed, for the inviter. */
export class ExplainDelivery1764811000000 implements MigrationInterface {
  name = "ExplainDelivery1764811000000";

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE invitation ADD delivery_problem varchar(16),
        ADD CONSTRAINT invitation_delivery_problem_check CHECK (delivery_problem IN ('REJECTED', 'UNREACHABLE'))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE invitation DROP COLUMN delivery_problem");
  }
}

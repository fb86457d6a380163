import type { MigrationInterface, QueryRunner } from "typeorm";

/**
 * Numbers the orders to the payment provider, so that a job notices whether it sent the latest one. A lease lets only
 * one process change an organization's billing at a time.
 */
export class TellProviderInTurn1764600000000 implements MigrationInterface {
  name = "TellProviderInTurn1764600000000";

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE organization_subscription ADD COLUMN provider_orders integer NOT NULL DEFAULT 0;
      CREATE TABLE provider_lease (
        organization_id uuid PRIMARY KEY REFERENCES organization (id) ON DELETE CASCADE,
        holder uuid NOT NULL,
        held_until timestamptz NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE provider_lease;
      ALTER TABLE organization_subscription DROP COLUMN provider_orders`);
  }
}

import type { MigrationInterface, QueryRunner } from "typeorm";

/** The state of an organization at the payment provider, and the provider's events that were processed. */
export class BillByProvider1764300000000 implements MigrationInterface {
  name = "BillByProvider1764300000000";

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE organization_subscription
        ADD COLUMN provider_customer_id varchar(255),
        ADD COLUMN provider_subscription_id varchar(255),
        ADD COLUMN provider_read_at timestamptz(3),
        ADD COLUMN provider_is_behind boolean NOT NULL DEFAULT false,
        ADD COLUMN payment_method jsonb
    `);
    await runner.query(`
      CREATE UNIQUE INDEX organization_subscription_provider_customer_id_index
        ON organization_subscription (provider_customer_id)
    `);
    await runner.query(`
      CREATE TABLE billing_event (
        id varchar(255) NOT NULL,
        received_at timestamptz(3) NOT NULL,
        CONSTRAINT billing_event_pkey PRIMARY KEY (id)
      )
    `);
    await runner.query("CREATE INDEX billing_event_received_at_index ON billing_event (received_at)");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DROP TABLE billing_event");
    await runner.query(`
      ALTER TABLE organization_subscription DROP COLUMN provider_customer_id, DROP COLUMN provider_subscription_id,
        DROP COLUMN provider_read_at, DROP COLUMN provider_is_behind, DROP COLUMN payment_method
    `);
  }
}

import type { MigrationInterface, QueryRunner } from "typeorm";

/**
 * Subscriptions that were paid for after their organization was deleted. Each is ended at the provider and refunded,
 * even if the organization is restored.
 */
export class RefusePaymentsForDeleted1764720000000 implements MigrationInterface {
  name = "RefusePaymentsForDeleted1764720000000";

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE refused_subscription (
        organization_id uuid NOT NULL,
        provider_subscription_id varchar(255) NOT NULL,
        refused_at timestamptz(3) NOT NULL,
        returns_since timestamptz(3),
        settled_at timestamptz(3),
        CONSTRAINT refused_subscription_pkey PRIMARY KEY (organization_id, provider_subscription_id),
        CONSTRAINT refused_subscription_organization_id_fkey FOREIGN KEY (organization_id)
          REFERENCES organization (id) ON DELETE CASCADE
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DROP TABLE refused_subscription");
  }
}

import type { MigrationInterface, QueryRunner } from "typeorm";
import { replaceUsageKey } from "./support/keys";

/**
 * The records of an organization are neighbours in the key, because ids are random: a batch then writes few places of a
 * large index, and a purge finds the records of an organization by the key.
 *
 * Replicas of the version before work with either order. Those that counted ids over all organizations read whole months
 * to find an id, until they are replaced.
 */
export class OrderUsageByOrganization1796900000000 implements MigrationInterface {
  name = "OrderUsageByOrganization1796900000000";
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await replaceUsageKey(runner, "(organization_id, id, month)");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE usage_ledger DROP CONSTRAINT usage_ledger_pkey");
    await runner.query(
      "ALTER TABLE usage_ledger ADD CONSTRAINT usage_ledger_pkey PRIMARY KEY (id, organization_id, month)",
    );
  }
}

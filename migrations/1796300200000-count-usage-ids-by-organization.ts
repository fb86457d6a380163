import type { MigrationInterface, QueryRunner } from "typeorm";
import { createIndexOnline, lockTables, withShortLocks } from "./support/online";

/**
 * The id of a record counts once per organization, so that one cannot use up the ids of another. Replicas of the earlier
 * version find conflicts by any key, and go on to refuse an id that any organization sent in an earlier month; the key
 * begins with the id because they look for it.
 */
export class CountUsageIdsByOrganization1796300200000 implements MigrationInterface {
  name = "CountUsageIdsByOrganization1796300200000";
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    const partitions: Array<{ name: string }> = await runner.query(
      "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'usage_ledger'::regclass",
    );
    for (const { name } of partitions) await createIndexOnline(runner, `${name}_new_key`, `${name} ${KEY}`, "UNIQUE");
    // Partitions take part with the indexes that they have.
    await withShortLocks(runner, [
      ...lockTables("usage_ledger"),
      "ALTER TABLE usage_ledger DROP CONSTRAINT IF EXISTS usage_ledger_pkey",
      ...partitions.map(
        ({ name }) => `ALTER TABLE ${name} ADD CONSTRAINT ${name}_pkey PRIMARY KEY USING INDEX ${name}_new_key`,
      ),
      `ALTER TABLE usage_ledger ADD CONSTRAINT usage_ledger_pkey PRIMARY KEY ${KEY}`,
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE usage_ledger DROP CONSTRAINT usage_ledger_pkey");
    await runner.query("ALTER TABLE usage_ledger ADD CONSTRAINT usage_ledger_pkey PRIMARY KEY (id, month)");
  }
}

const KEY = "(id, organization_id, month)";

import type { MigrationInterface, QueryRunner } from "typeorm";
import { replaceUsageKey } from "./support/keys";

/**
 * The id of a record counts once per organization, so that one cannot use up the ids of another. Replicas of the earlier
 * version find conflicts by any key, and go on to refuse an id that any organization sent in an earlier month; the key
 * begins with the id because they look for it.
 */
export class CountUsageIdsByOrganization1796300200000 implements MigrationInterface {
  name = "CountUsageIdsByOrganization1796300200000";
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await replaceUsageKey(runner, "(id, organization_id, month)");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE usage_ledger DROP CONSTRAINT usage_ledger_pkey");
    await runner.query("ALTER TABLE usage_ledger ADD CONSTRAINT usage_ledger_pkey PRIMARY KEY (id, month)");
  }
}

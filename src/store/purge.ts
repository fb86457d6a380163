import type { Reader, Statement } from "./statement";

// The roll-ups of usage have no foreign keys; the ledger's own rows go with its partitions.
const PURGE: Statement = {
  name: "purge-organizations",
  text: `
    WITH purged AS (
      DELETE FROM organization WHERE id IN (SELECT id FROM organization WHERE deleted_at <= $1 LIMIT $2) RETURNING id
    ), hours AS (
      DELETE FROM usage_hour USING purged WHERE organization_id = purged.id
    )
    DELETE FROM usage_day USING purged WHERE organization_id = purged.id`,
};

/** Deletes organizations that were deleted before `before` for good, with all that is theirs. */
export async function purgeOrganizations(reader: Reader, before: Date, limit: number): Promise<void> {
  await reader.rows(PURGE, [before, limit]);
}

import { forgetInDirectories } from "./directories";
import type { Database } from "./engine/database";
import type { Reader, Statement } from "./engine/statement";
import { inTransaction } from "./engine/transaction";
import { forgetCustomers } from "./provider-customer";

/** Rows that one statement deletes, to bound its locks and write-ahead log. */
const BATCH_SIZE = 5_000;

const DUE: Statement = {
  name: "organizations-to-purge",
  text: "SELECT id FROM organization WHERE deleted_at <= $1 AND id > $2 ORDER BY id LIMIT $3",
};

/** Organizations deleted by the time `before`, by id, after the id `after`. */
export async function organizationsToPurge(reader: Reader, before: Date, after: string, limit: number) {
  return (await reader.rows<{ id: string }>(DUE, [before, after, limit])).map(({ id }) => id);
}

const LOCK: Statement = {
  name: "lock-organization-to-purge",
  text: "SELECT id FROM organization WHERE id = $1 AND deleted_at <= $2 FOR UPDATE",
};
const OWNERS: Statement = {
  name: "purge-owners",
  text: "DELETE FROM member WHERE organization_id = $1 AND role = 'OWNER'",
};

/**
 * Begins to purge an organization; returns false if it was restored meanwhile. Without Owners nobody can restore it. The rest
 * is deleted in batches, by another process if this one is killed.
 */
export function beginPurge(database: Database, id: string, before: Date): Promise<boolean> {
  return inTransaction(database, async (transaction) => {
    if ((await transaction.rows(LOCK, [id, before])).length === 0) return false;
    await transaction.rows(OWNERS, [id]);
    return true;
  });
}

function batchOf(table: string): Statement {
  const batch = `SELECT ctid FROM ${table} WHERE organization_id = $1 LIMIT $2`;
  return {
    name: `purge-${table}`,
    text: `DELETE FROM ${table} WHERE organization_id = $1 AND ctid = ANY (ARRAY(${batch})) RETURNING 1`,
  };
}

// Its partitions have rows with the same ctid.
const LEDGER: Statement = {
  name: "purge-usage-ledger",
  text: `
    DELETE FROM usage_ledger WHERE organization_id = $1 AND (id, month) IN (
      SELECT id, month FROM usage_ledger WHERE organization_id = $1 LIMIT $2) RETURNING 1`,
};

/**
 * Tables that keep growing with an organization. Each has an index that begins with organization_id. Assignments go before
 * members, whose deletion would delete and count the assignments of one after the other. Without workspaces no usage is
 * recorded, so they go before it.
 */
const BATCHES = [
  ...["workspace_assignment", "member", "workspace"].map(batchOf),
  LEDGER,
  ...["organization_event", "usage_hour", "usage_day", "invitation", "access_review_item"].map(batchOf),
];

// Deletes the rows of all other tables too (ON DELETE CASCADE).
const ORGANIZATION: Statement = {
  name: "purge-organization",
  text: "DELETE FROM organization WHERE id = $1 AND deleted_at IS NOT NULL",
};

/**
 * Deletes organizations with all their data, after `beginPurge`. May be repeated after a failure. Continues with the next
 * organization after an error, and returns the errors.
 */
export async function purgeOrganizations(reader: Reader, ids: readonly string[]): Promise<unknown[]> {
  const errors: unknown[] = [];
  for (const id of ids) await purge(reader, id).catch((error: unknown) => errors.push(error));
  return errors;
}

async function purge(reader: Reader, id: string): Promise<void> {
  for (const batch of BATCHES) while ((await reader.rows(batch, [id, BATCH_SIZE])).length === BATCH_SIZE);
  await forgetCustomers(reader, id);
  await forgetInDirectories(reader, id);
  await reader.rows(ORGANIZATION, [id]);
}

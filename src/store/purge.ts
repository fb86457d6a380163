import type { Database } from "./engine/database";
import type { Reader, Statement } from "./engine/statement";
import { inTransaction } from "./engine/transaction";

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
// Before the members, whose deletion would delete and count the assignments of one after the other.
const ASSIGNMENTS: Statement = {
  name: "purge-assignments",
  text: "DELETE FROM workspace_assignment WHERE organization_id = $1",
};
const MEMBERS: Statement = { name: "purge-members", text: "DELETE FROM member WHERE organization_id = $1" };
const WORKSPACES: Statement = { name: "purge-workspaces", text: "DELETE FROM workspace WHERE organization_id = $1" };

/**
 * Begins to purge an organization; returns false if it was restored meanwhile. Without members nobody can restore it, and
 * without workspaces no usage is recorded for it. The rest is deleted in batches, by another process if this one is killed.
 */
export function beginPurge(database: Database, id: string, before: Date): Promise<boolean> {
  return inTransaction(database, async (transaction) => {
    if ((await transaction.rows(LOCK, [id, before])).length === 0) return false;
    await transaction.rows(ASSIGNMENTS, [id]);
    await transaction.rows(MEMBERS, [id]);
    await transaction.rows(WORKSPACES, [id]);
    return true;
  });
}

// The ledger has no index by organization, because it would slow down recording. So this scans the whole ledger, once for
// many organizations.
const LEDGER: Statement = {
  name: "purge-usage-ledger",
  text: `
    DELETE FROM usage_ledger WHERE organization_id = ANY ($1::uuid[]) AND (id, month) IN (
      SELECT id, month FROM usage_ledger WHERE organization_id = ANY ($1::uuid[]) LIMIT $2) RETURNING 1`,
};

/** Tables that keep growing with an organization. Each has an index that begins with organization_id. */
const GROWING_TABLES = ["organization_event", "usage_hour", "usage_day", "invitation", "access_review_item"];
const BATCHES = GROWING_TABLES.map((table): Statement => {
  const batch = `SELECT ctid FROM ${table} WHERE organization_id = $1 LIMIT $2`;
  return {
    name: `purge-${table}`,
    text: `DELETE FROM ${table} WHERE organization_id = $1 AND ctid = ANY (ARRAY(${batch})) RETURNING 1`,
  };
});

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
  if (ids.length > 0) await deleteInBatches(reader, LEDGER, ids);
  for (const id of ids) {
    try {
      for (const batch of BATCHES) await deleteInBatches(reader, batch, id);
      await reader.rows(ORGANIZATION, [id]);
    } catch (error) {
      errors.push(error);
    }
  }
  return errors;
}

async function deleteInBatches(reader: Reader, statement: Statement, key: string | readonly string[]): Promise<void> {
  while ((await reader.rows(statement, [key, BATCH_SIZE])).length === BATCH_SIZE);
}

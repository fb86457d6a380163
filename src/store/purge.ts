import type { Database } from "./engine/database";
import type { Reader, Statement } from "./engine/statement";
import { inTransaction } from "./engine/transaction";

/** How many rows of the long tables one statement deletes: locks and the write-ahead log stay small. */
const ROWS = 5_000;

const DUE: Statement = {
  name: "organizations-to-purge",
  text: "SELECT id FROM organization WHERE deleted_at <= $1 AND id > $2 ORDER BY id LIMIT $3",
};

/** Organizations that were deleted at a moment or before it, by id, after one of them. */
export async function organizationsToPurge(reader: Reader, before: Date, after: string, limit: number) {
  return (await reader.rows<{ id: string }>(DUE, [before, after, limit])).map(({ id }) => id);
}

const LOCK: Statement = {
  name: "lock-organization-to-purge",
  text: "SELECT id FROM organization WHERE id = $1 AND deleted_at <= $2 FOR UPDATE",
};
const MEMBERS: Statement = { name: "purge-members", text: "DELETE FROM member WHERE organization_id = $1" };
const WORKSPACES: Statement = { name: "purge-workspaces", text: "DELETE FROM workspace WHERE organization_id = $1" };

/**
 * Begins to purge an organization, unless it was restored meanwhile: without members nobody can restore it any more, and
 * without workspaces no call is recorded for it. What is left can then be deleted bit by bit, and by another process
 * where this one is killed in between. Returns whether it is to be purged.
 */
export function beginPurge(database: Database, id: string, before: Date): Promise<boolean> {
  return inTransaction(database, async (transaction) => {
    if ((await transaction.rows(LOCK, [id, before])).length === 0) return false;
    await transaction.rows(MEMBERS, [id]);
    await transaction.rows(WORKSPACES, [id]);
    return true;
  });
}

// No index of the ledger starts with the organization, because recording would pay for it: it is read from end to end,
// once for many organizations.
const LEDGER: Statement = {
  name: "purge-usage-ledger",
  text: `
    DELETE FROM usage_ledger WHERE organization_id = ANY ($1::uuid[]) AND (id, month) IN (
      SELECT id, month FROM usage_ledger WHERE organization_id = ANY ($1::uuid[]) LIMIT $2) RETURNING 1`,
};

/** The tables that grow for as long as an organization lives; each has an index that starts with it. */
const LONG_TABLES = ["organization_event", "usage_hour", "usage_day", "invitation"];
const PARTS = LONG_TABLES.map((table): Statement => {
  const some = `SELECT ctid FROM ${table} WHERE organization_id = $1 LIMIT $2`;
  return {
    name: `purge-${table}`,
    text: `DELETE FROM ${table} WHERE organization_id = $1 AND ctid = ANY (ARRAY(${some})) RETURNING 1`,
  };
});

// Whatever else is theirs goes with the row (ON DELETE CASCADE).
const ORGANIZATION: Statement = {
  name: "purge-organization",
  text: "DELETE FROM organization WHERE id = $1 AND deleted_at IS NOT NULL",
};

/**
 * Deletes organizations for good, with all that is theirs, after `beginPurge`. Can be repeated at any point. One that
 * fails does not keep the others; the errors are returned.
 */
export async function purgeOrganizations(reader: Reader, ids: readonly string[]): Promise<unknown[]> {
  const errors: unknown[] = [];
  if (ids.length > 0) await deleteInParts(reader, LEDGER, ids);
  for (const id of ids) {
    try {
      for (const part of PARTS) await deleteInParts(reader, part, id);
      await reader.rows(ORGANIZATION, [id]);
    } catch (error) {
      errors.push(error);
    }
  }
  return errors;
}

async function deleteInParts(reader: Reader, statement: Statement, key: string | readonly string[]): Promise<void> {
  while ((await reader.rows(statement, [key, ROWS])).length === ROWS);
}

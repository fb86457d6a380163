import { ByokConfig } from "../../entities/byok-config";
import type { Reader, Statement } from "./engine/statement";
import { insertRows, type Transaction } from "./engine/transaction";

/** The configuration of an organization whose lock is held; null where there is none. */
export async function byokConfigOf({ manager }: Transaction, organizationId: string): Promise<ByokConfig | null> {
  return await manager.findOneBy(ByokConfig, { organizationId });
}

/** Adds an organization's configuration. */
export async function insertByokConfig(transaction: Transaction, config: ByokConfig): Promise<void> {
  await insertRows(transaction, ByokConfig, [config]);
}

/** Changes a configuration. */
export async function updateByokConfig(
  { manager }: Transaction,
  id: string,
  patch: Partial<Omit<ByokConfig, "id" | "organizationId">>,
): Promise<void> {
  // TypeORM's type for patches does not know plain objects in jsonb columns.
  await manager.update(ByokConfig, { id }, patch as object);
}

/** Deletes a configuration, and the only copy of what it sealed. */
export async function deleteByokConfig({ manager }: Transaction, id: string): Promise<void> {
  await manager.delete(ByokConfig, { id });
}

/** What a rotation of master keys works on. */
export interface WrappedRow {
  id: string;
  organizationId: string;
  masterKeyId: string;
  wrapped: Buffer;
}

const STALE: Statement = {
  name: "stale-wrapped-keys",
  text: `
    SELECT id, organization_id AS "organizationId", master_key_id AS "masterKeyId", wrapped_key AS wrapped
    FROM byok_config WHERE master_key_id <> $1 AND id > $2 ORDER BY id LIMIT $3`,
};

/** Data keys that another master key than this one wraps, by id, after one of them. */
export function staleKeys(reader: Reader, masterKeyId: string, after: string, limit: number): Promise<WrappedRow[]> {
  return reader.rows<WrappedRow>(STALE, [masterKeyId, after, limit]);
}

const REWRAP: Statement = {
  name: "rewrap-key",
  text: `
    UPDATE byok_config SET master_key_id = $2, wrapped_key = $3 WHERE id = $1 AND wrapped_key = $4 RETURNING id`,
};

/** Puts a data key under another master key, unless it was replaced meanwhile. What it seals stays as it is. */
export async function rewrapKey(
  reader: Reader,
  { id, wrapped }: WrappedRow,
  now: { masterKeyId: string; wrapped: Buffer },
): Promise<boolean> {
  return (await reader.rows(REWRAP, [id, now.masterKeyId, now.wrapped, wrapped])).length > 0;
}

const ENDING: Statement = {
  name: "ending-byok-configs",
  text: `
    SELECT c.organization_id AS id FROM byok_config c
    JOIN organization o ON o.id = c.organization_id AND o.deleted_at IS NULL
    WHERE c.session_token_expires_at <= $1 AND c.expiry_notices < $2
    ORDER BY c.session_token_expires_at LIMIT $3`,
};

/** Organizations whose temporary key ends before a moment, and who have not had so many notices of it. */
export async function organizationsWithEndingKeys(reader: Reader, before: Date, notices: number, limit: number) {
  return (await reader.rows<{ id: string }>(ENDING, [before, notices, limit])).map(({ id }) => id);
}

const CONFIGURED: Statement = {
  name: "byok-organizations",
  text: `
    SELECT c.organization_id AS id FROM byok_config c
    JOIN organization o ON o.id = c.organization_id AND o.deleted_at IS NULL
    WHERE c.enabled AND c.organization_id > $1 ORDER BY c.organization_id LIMIT $2`,
};

/** Organizations whose key is in use, by id, after one of them. */
export async function organizationsOnOwnKeys(reader: Reader, after: string, limit: number): Promise<string[]> {
  return (await reader.rows<{ id: string }>(CONFIGURED, [after, limit])).map(({ id }) => id);
}

const OF_WORKSPACE: Statement = {
  name: "organization-of-workspace",
  text: "SELECT organization_id AS id FROM workspace WHERE id = $1 AND deleted_at IS NULL",
};

/** The organization of a workspace that is there. */
export async function organizationOfWorkspace(reader: Reader, workspaceId: string): Promise<string | undefined> {
  return (await reader.rows<{ id: string }>(OF_WORKSPACE, [workspaceId]))[0]?.id;
}

import { ByokConfig } from "../../entities/byok-config";
import { located } from "./engine/directories";
import type { Reader, Statement } from "./engine/statement";
import { insertRows, type Transaction } from "./engine/transaction";

/** An organization's configuration, or null. The caller holds the organization's lock. */
export async function byokConfigOf({ manager }: Transaction, organizationId: string): Promise<ByokConfig | null> {
  return await manager.findOneBy(ByokConfig, { organizationId });
}

export async function insertByokConfig(transaction: Transaction, config: ByokConfig): Promise<void> {
  await insertRows(transaction, ByokConfig, [config]);
}

export async function updateByokConfig(
  { manager }: Transaction,
  organizationId: string,
  patch: Partial<Omit<ByokConfig, "id" | "organizationId">>,
): Promise<void> {
  // TypeORM's patch type does not accept plain objects in jsonb columns.
  await manager.update(ByokConfig, { organizationId }, patch as object);
}

/** Deletes an organization's configuration, and with it the only copy of the sealed key. */
export async function deleteByokConfig({ manager }: Transaction, organizationId: string): Promise<void> {
  await manager.delete(ByokConfig, { organizationId });
}

/** A wrapped data key, for the rotation of master keys. */
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

/** Data keys that are not wrapped by this master key, by id, after the id `after`. */
export function staleKeys(reader: Reader, masterKeyId: string, after: string, limit: number): Promise<WrappedRow[]> {
  return reader.rows<WrappedRow>(STALE, [masterKeyId, after, limit]);
}

const REWRAP: Statement = {
  name: "rewrap-key",
  text: `
    UPDATE byok_config SET master_key_id = $2, wrapped_key = $3
    WHERE organization_id = $5 AND id = $1 AND wrapped_key = $4 RETURNING id`,
};

/** Stores a data key under a new master key; false if the data key has been replaced. The sealed key is unchanged. */
export async function rewrapKey(
  reader: Reader,
  { id, organizationId, wrapped }: WrappedRow,
  rewrapped: { masterKeyId: string; wrapped: Buffer },
): Promise<boolean> {
  const values = [id, rewrapped.masterKeyId, rewrapped.wrapped, wrapped, organizationId];
  return (await reader.rows(REWRAP, values)).length > 0;
}

const ENDING: Statement = {
  name: "ending-byok-configs",
  text: `
    SELECT c.organization_id AS id FROM byok_config c
    JOIN organization o ON o.id = c.organization_id AND o.deleted_at IS NULL
    WHERE c.session_token_expires_at <= $1 AND c.expiry_notices < $2
    ORDER BY c.session_token_expires_at LIMIT $3`,
};

/** Organizations whose temporary key expires by a time, and whose Owners got fewer than `notices` notices about it. */
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

/** Organizations with an enabled key, by id, after the id `after`. */
export async function organizationsOnOwnKeys(reader: Reader, after: string, limit: number): Promise<string[]> {
  return (await reader.rows<{ id: string }>(CONFIGURED, [after, limit])).map(({ id }) => id);
}

const OF_WORKSPACE = located(
  { name: "organization-of-workspace" },
  { directory: "workspace", parameter: 1 },
  (within) =>
    `SELECT organization_id AS id FROM workspace WHERE id = $1 AND deleted_at IS NULL ${within("organization_id")}`,
);

/** The organization of a workspace; undefined if it does not exist or is deleted. */
export async function organizationOfWorkspace(reader: Reader, workspaceId: string): Promise<string | undefined> {
  return (await reader.rows<{ id: string }>(OF_WORKSPACE, [workspaceId]))[0]?.id;
}

import { randomUUID } from "node:crypto";
import type { World } from "./world";

/** Adds an own key with a good last check, without AWS. */
export async function addKeyRow(world: World, organizationId: string): Promise<void> {
  await world.query(
    `INSERT INTO byok_config (id, organization_id, access_key_id_hint, is_temporary, region, inference_profile, fallback,
       enabled, version, master_key_id, wrapped_key, sealed_access_key_id, sealed_secret_access_key, created_at,
       updated_at, last_verification)
     VALUES ($2, $1, 'AKIA…AAAA', false, 'us-east-1', 'GLOBAL', 'DENY', true, $2, 'test', '', '', '', now(), now(),
       '{"ok": true, "checkedAt": "2026-03-01T00:00:00Z", "checks": []}')`,
    ...[organizationId, randomUUID()],
  );
}

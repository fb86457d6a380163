import type { ReviewedGrant } from "../domain/access-review";
import { isActiveGrant } from "./active-grant";

/** A grant as JSON, with its end in ISO 8601. */
export interface GrantJson extends Omit<ReviewedGrant, "expiresAt"> {
  expiresAt: string | null;
}

/**
 * SQL of a JSON list: the workspaces that member `m` is assigned to, oldest first, without deleted ones and without
 * access that has ended by `now`. `organizationId` is a parameter. Uses workspace_assignment_member_id_index.
 */
export function grantsOf(m: string, now: string, organizationId: string): string {
  return `coalesce((
    SELECT jsonb_agg(jsonb_build_object('workspaceId', w.id, 'workspaceName', w.name, 'roleOverride', a.role_override,
      'expiresAt', to_char(a.expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) ORDER BY w.created_at, w.id)
    FROM workspace_assignment a
    JOIN workspace w ON w.organization_id = a.organization_id AND w.id = a.workspace_id AND w.deleted_at IS NULL
    WHERE a.organization_id = ${organizationId} AND a.member_id = ${m}.id
      AND ${isActiveGrant("a", now)}), '[]')`;
}

/** Revives grants from JSON. */
export function grantsFromJson(grants: readonly GrantJson[]): ReviewedGrant[] {
  return grants.map((grant) => ({ ...grant, expiresAt: grant.expiresAt === null ? null : new Date(grant.expiresAt) }));
}

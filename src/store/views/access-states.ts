import type { OrganizationRole, WorkspaceRole } from "../../domain/role";
import type { Reader, Statement } from "../engine/statement";

/** What a person's permissions in an organization depend on. */
export interface OrganizationAccessState {
  organizationId: string;
  organizationName: string;
  role: OrganizationRole;
  planCode: string;
}

const IN_ORGANIZATIONS: Statement = {
  name: "access-in-organizations",
  isShortRead: true,
  text: `
    SELECT m.organization_id AS "organizationId", o.name AS "organizationName", m.role, s.plan_code AS "planCode"
    FROM member m
    JOIN organization o ON o.id = m.organization_id AND o.deleted_at IS NULL
    JOIN organization_subscription s ON s.organization_id = m.organization_id
    WHERE m.user_id = $1 AND m.organization_id = ANY ($2::uuid[])`,
};

/** Reads the state for the ones of these organizations in which the person is a member. */
export function organizationAccessStates(reader: Reader, userId: string, ids: readonly string[]) {
  return reader.rows<OrganizationAccessState>(IN_ORGANIZATIONS, [userId, ids]);
}

/** What a person's permissions in a workspace depend on. */
export interface WorkspaceAccessState {
  workspaceId: string;
  workspaceName: string;
  organizationName: string;
  role: OrganizationRole;
  isAssigned: boolean;
  roleOverride: WorkspaceRole | null;
}

const IN_WORKSPACES: Statement = {
  name: "access-in-workspaces",
  isShortRead: true,
  text: `
    SELECT w.id AS "workspaceId", w.name AS "workspaceName", o.name AS "organizationName", m.role,
      a.member_id IS NOT NULL AS "isAssigned", a.role_override AS "roleOverride"
    FROM workspace w
    JOIN organization o ON o.id = w.organization_id AND o.deleted_at IS NULL
    JOIN member m ON m.organization_id = w.organization_id AND m.user_id = $1
    LEFT JOIN workspace_assignment a ON a.workspace_id = w.id AND a.member_id = m.id
    WHERE w.id = ANY ($2::uuid[]) AND w.deleted_at IS NULL`,
};

/** Reads the state for the ones of these workspaces in whose organization the person is a member. */
export function workspaceAccessStates(reader: Reader, userId: string, ids: readonly string[]) {
  return reader.rows<WorkspaceAccessState>(IN_WORKSPACES, [userId, ids]);
}

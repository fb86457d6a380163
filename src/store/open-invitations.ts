import type { GrantedByInvitation } from "../domain/accepting";
import type { OrganizationRole } from "../domain/role";
import { isActiveGrant } from "./active-grant";
import { located } from "./engine/directories";
import type { Reader, Statement } from "./engine/statement";
import type { WorkspaceGrant } from "./workspace-assignment";

const INVITER: Statement = {
  name: "role-of-inviter",
  text: "SELECT role FROM member WHERE organization_id = $1 AND user_id = $2",
};

/** The inviter's current role in the organization; null if the inviter has left or is unknown. */
export async function inviterRole(reader: Reader, organizationId: string, userId: string | null) {
  const [row] = await reader.rows<{ role: OrganizationRole }>(INVITER, [organizationId, userId]);
  return row?.role ?? null;
}

/** A pending invitation, with the data that decides whether it is still valid. */
export interface OpenInvitation extends GrantedByInvitation {
  id: string;
  email: string;
  inviteeIsMember: boolean;
}

// Only a member with the verified address makes an invitation superfluous: an unverified address may be anybody's.
// Not EXISTS for the grants: for it, a plan could read all grants of the organization, even for one invitation.
const OPEN: Statement = {
  name: "open-invitations",
  text: `
    SELECT i.id, i.email, i.role, m.role AS "inviterRole",
      (SELECT true FROM invitation_workspace g
        JOIN workspace w ON w.organization_id = g.organization_id AND w.id = g.workspace_id AND w.deleted_at IS NULL
        WHERE g.organization_id = $1 AND g.invitation_id = i.id AND ${isActiveGrant("g", "$2")} LIMIT 1
      ) IS NOT NULL AS "hasWorkspaces",
      EXISTS (SELECT 1 FROM user_account u JOIN member j ON j.user_id = u.id
        WHERE u.email = i.email AND u.email_verified AND j.organization_id = $1) AS "inviteeIsMember"
    FROM invitation i LEFT JOIN member m ON m.organization_id = i.organization_id AND m.user_id = i.invited_by_id
    WHERE i.organization_id = $1 AND i.status = 'PENDING' AND i.expires_at > $2
      AND ($3::text[] IS NULL OR i.invited_by_id = ANY ($3)) AND ($4::text IS NULL OR i.email = $4)
    ORDER BY i.created_at, i.id`,
};

/** An organization's pending invitations: all, or those by some inviters or to one address. The caller holds its lock. */
export function openInvitations(
  reader: Reader,
  organizationId: string,
  now: Date,
  of: { inviterIds?: readonly string[]; email?: string } = {},
): Promise<OpenInvitation[]> {
  return reader.rows<OpenInvitation>(OPEN, [organizationId, now, of.inviterIds ?? null, of.email ?? null]);
}

const WITH_WORKSPACE: Statement = {
  name: "open-invitations-with-workspace",
  text: `
    SELECT i.id, i.email, g.workspace_id AS "workspaceId", g.role_override AS "roleOverride", g.expires_at AS "expiresAt"
    FROM invitation i JOIN invitation_workspace g
      ON g.organization_id = $1 AND g.invitation_id = i.id AND g.workspace_id = $2
    WHERE i.organization_id = $1 AND i.status = 'PENDING' AND i.expires_at > $3 AND ${isActiveGrant("g", "$3")}
    ORDER BY i.created_at, i.id`,
};

/** The pending invitations that give access to a workspace. */
export function openInvitationsWith(
  reader: Reader,
  workspace: { id: string; organizationId: string },
  now: Date,
): Promise<Array<WorkspaceGrant & { id: string; email: string }>> {
  return reader.rows(WITH_WORKSPACE, [workspace.organizationId, workspace.id, now]);
}

const VOID: Statement = {
  name: "organizations-with-void-invitations",
  text: `
    SELECT DISTINCT i.organization_id AS "organizationId" FROM invitation i
    LEFT JOIN member m ON m.organization_id = i.organization_id AND m.user_id = i.invited_by_id
    WHERE i.status = 'PENDING' AND i.expires_at > $1 AND i.organization_id > $3
      AND (m.role IS NULL OR m.role <> ALL ($2::text[]) OR EXISTS (
        SELECT 1 FROM user_account u JOIN member j ON j.user_id = u.id
        WHERE u.email = i.email AND u.email_verified AND j.organization_id = i.organization_id))
    ORDER BY 1 LIMIT $4`,
};

/** Organizations with pending invitations by inviters without these roles, or to members; by id, after the id `after`. */
export async function organizationsWithVoidInvitations(
  reader: Reader,
  now: Date,
  inviterRoles: readonly OrganizationRole[],
  { after, limit }: { after: string; limit: number },
): Promise<string[]> {
  const rows = await reader.rows<{ organizationId: string }>(VOID, [now, inviterRoles, after, limit]);
  return rows.map(({ organizationId }) => organizationId);
}

const INVITING_MEMBER = located(
  { name: "organizations-inviting-their-member" },
  { directory: "person", parameter: 1 },
  (within) => `
    SELECT i.organization_id AS "organizationId" FROM invitation i
    JOIN member m ON m.organization_id = i.organization_id AND m.user_id = $1
      ${within("m.organization_id")}
    WHERE i.email = $2 AND i.status = 'PENDING' ${within("i.organization_id")} ORDER BY i.organization_id`,
);

/** Organizations of a member with a pending invitation to their address, in the order in which locks are taken. */
export async function organizationsInvitingMember(reader: Reader, userId: string, email: string): Promise<string[]> {
  const rows = await reader.rows<{ organizationId: string }>(INVITING_MEMBER, [userId, email]);
  return rows.map(({ organizationId }) => organizationId);
}

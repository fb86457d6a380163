import type { OrganizationRole } from "../../domain/role";
import { isActiveGrant } from "../active-grant";
import type { Reader, Statement } from "../engine/statement";

/** The contents of an invitation e-mail. */
export interface InvitationMailState {
  email: string;
  role: OrganizationRole;
  expiresAt: Date;
  organizationName: string;
  invitedByName: string | null;
  workspaceNames: string[];
}

const STATE: Statement = {
  name: "invitation-mail-state",
  isShortRead: true,
  text: `
    SELECT i.email, i.role, i.expires_at AS "expiresAt", o.name AS "organizationName", u.name AS "invitedByName",
      ARRAY(SELECT w.name FROM invitation_workspace g
        JOIN workspace w ON w.id = g.workspace_id AND w.deleted_at IS NULL
        WHERE g.invitation_id = i.id AND ${isActiveGrant("g", "$2")} ORDER BY w.created_at, w.id) AS "workspaceNames"
    FROM invitation i
    JOIN organization o ON o.id = i.organization_id
    LEFT JOIN user_account u ON u.id = i.invited_by_id
    WHERE i.id = $1`,
};

/** Reads the contents of an invitation e-mail; undefined if the invitation is deleted. */
export async function readInvitationMailState(
  reader: Reader,
  invitationId: string,
  now: Date,
): Promise<InvitationMailState | undefined> {
  const [state] = await reader.rows<InvitationMailState>(STATE, [invitationId, now]);
  return state;
}

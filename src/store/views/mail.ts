import type { OrganizationRole } from "../../domain/role";
import type { Viewer } from "../../domain/viewer";
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
        JOIN workspace w ON w.organization_id = g.organization_id AND w.id = g.workspace_id AND w.deleted_at IS NULL
        WHERE g.organization_id = $1 AND g.invitation_id = $2 AND ${isActiveGrant("g", "$3")} ORDER BY w.created_at, w.id) AS "workspaceNames"
    FROM invitation i
    JOIN organization o ON o.id = i.organization_id
    LEFT JOIN user_account u ON u.id = i.invited_by_id
    WHERE i.organization_id = $1 AND i.id = $2`,
};

/** Reads the contents of an invitation e-mail; undefined if the invitation is deleted. */
export async function readInvitationMailState(
  reader: Reader,
  { organizationId, id }: { organizationId: string; id: string },
  now: Date,
): Promise<InvitationMailState | undefined> {
  const [state] = await reader.rows<InvitationMailState>(STATE, [organizationId, id, now]);
  return state;
}

const NAMES: Statement = {
  name: "invitation-names",
  isShortRead: true,
  text: `
    SELECT o.name AS "organizationName", u.name AS "invitedByName" FROM organization o
    LEFT JOIN user_account u ON u.id = $2 WHERE o.id = $1`,
};

/** Reads the names in the subject of an invitation mail from this viewer. */
export async function readInvitationNames(
  reader: Reader,
  organizationId: string,
  viewer: Viewer,
): Promise<Pick<InvitationMailState, "organizationName" | "invitedByName"> | undefined> {
  const userId = viewer.kind === "person" ? viewer.id : null;
  const [names] = await reader.rows<Pick<InvitationMailState, "organizationName" | "invitedByName">>(NAMES, [
    organizationId,
    userId,
  ]);
  return names;
}

const ADDRESSES: Statement = {
  name: "verified-addresses",
  isShortRead: true,
  text: "SELECT id, email FROM user_account WHERE id = ANY ($1::text[]) AND email_verified",
};

/** The verified addresses of people, by their ids. */
export async function addressesOfPeople(reader: Reader, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await reader.rows<{ id: string; email: string }>(ADDRESSES, [ids]);
  return new Map(rows.map(({ id, email }) => [id, email]));
}

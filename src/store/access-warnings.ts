import { isActiveGrant } from "./active-grant";
import type { Reader, Statement } from "./engine/statement";

/** Access that ends soon: one member's, to workspaces with the same end. */
export interface EndingAccess {
  memberId: string;
  workspaceIds: string[];
  expiresAt: Date;
}

// $1 is the current time. Owners and Admins do not depend on grants; they get the mail if their role changes in time.
const IS_DUE = `a.warning_due_at <= $1 AND ${isActiveGrant("a", "$1")} AND m.role NOT IN ('OWNER', 'ADMIN')`;

// Uses workspace_assignment_warning_due_at_index, and reads only due warnings.
const ORGANIZATIONS: Statement = {
  name: "organizations-with-ending-access",
  text: `
    SELECT DISTINCT a.organization_id AS "organizationId" FROM workspace_assignment a
    JOIN member m ON m.id = a.member_id AND m.organization_id = a.organization_id
    JOIN organization o ON o.id = a.organization_id AND o.deleted_at IS NULL
    WHERE ${IS_DUE} AND a.organization_id > $2 ORDER BY 1 LIMIT $3`,
};

/** Organizations with members whose access ends soon and who must be warned, by id, after the id `after`. */
export async function organizationsWithEndingAccess(
  reader: Reader,
  now: Date,
  { after, limit }: { after: string; limit: number },
): Promise<string[]> {
  const rows = await reader.rows<{ organizationId: string }>(ORGANIZATIONS, [now, after, limit]);
  return rows.map(({ organizationId }) => organizationId);
}

const TAKE: Statement = {
  name: "take-access-warnings",
  text: `
    WITH taken AS (
      UPDATE workspace_assignment t SET warning_due_at = NULL
      WHERE t.organization_id = $2 AND (t.workspace_id, t.member_id) IN (
        SELECT a.workspace_id, a.member_id FROM workspace_assignment a
        JOIN member m ON m.id = a.member_id AND m.organization_id = a.organization_id
        WHERE a.organization_id = $2 AND ${IS_DUE} ORDER BY a.member_id, a.expires_at LIMIT $3)
      RETURNING t.member_id, t.workspace_id, t.expires_at
    )
    SELECT member_id AS "memberId", expires_at AS "expiresAt", array_agg(workspace_id ORDER BY workspace_id) AS "workspaceIds"
    FROM taken GROUP BY member_id, expires_at ORDER BY expires_at, member_id`,
};

/**
 * Returns up to `limit` due warnings of an organization and marks them as sent, so that each is sent once. The caller
 * holds its lock.
 */
export function takeWarnings(
  reader: Reader,
  organizationId: string,
  now: Date,
  limit: number,
): Promise<EndingAccess[]> {
  return reader.rows<EndingAccess>(TAKE, [now, organizationId, limit]);
}

const MAIL: Statement = {
  name: "access-warning-mail",
  text: `
    SELECT u.email, o.name AS "organizationName", array_agg(w.name ORDER BY w.created_at, w.id) AS "workspaceNames"
    FROM workspace_assignment a
    JOIN workspace w ON w.organization_id = a.organization_id AND w.id = a.workspace_id AND w.deleted_at IS NULL
    JOIN member m ON m.organization_id = a.organization_id AND m.id = a.member_id AND m.role NOT IN ('OWNER', 'ADMIN')
    JOIN user_account u ON u.id = m.user_id AND u.email_verified
    JOIN organization o ON o.id = a.organization_id AND o.deleted_at IS NULL
    WHERE a.organization_id = $2 AND a.member_id = $3 AND a.workspace_id = ANY ($4::uuid[]) AND a.expires_at = $5
      AND ${isActiveGrant("a", "$1")}
    GROUP BY u.email, o.name`,
};

/**
 * The member to warn, with the workspaces; undefined if all of the access has since been extended, removed or ended, or
 * if the member has no verified address.
 */
export async function warningMail(
  reader: Reader,
  organizationId: string,
  { memberId, workspaceIds, expiresAt }: EndingAccess,
  now: Date,
) {
  type Row = { email: string; organizationName: string; workspaceNames: string[] };
  const [mail] = await reader.rows<Row>(MAIL, [now, organizationId, memberId, workspaceIds, expiresAt]);
  return mail;
}

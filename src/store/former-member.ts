import type { OrganizationRole } from "../domain/role";
import { isActiveGrant } from "./active-grant";
import { located } from "./engine/directories";
import type { Reader, Statement } from "./engine/statement";
import { deleteOld, oldRows } from "./old-rows";
import type { WorkspaceGrant } from "./workspace-assignment";

const KEEP: Statement = {
  name: "keep-former-members",
  text: `
    INSERT INTO former_member
      (organization_id, id, user_id, role, grants, joined_at, invited_by_id, last_seen_at, ended_at, has_left)
    SELECT m.organization_id, m.id, m.user_id, m.role, coalesce((
        SELECT jsonb_agg(jsonb_build_object(
          'workspaceId', a.workspace_id, 'roleOverride', a.role_override, 'expiresAt', a.expires_at))
        FROM workspace_assignment a
        WHERE a.organization_id = $1 AND a.member_id = m.id AND ${isActiveGrant("a", "$3")}), '[]'),
      m.joined_at, m.invited_by_id, m.last_seen_at, $3, $4
    FROM member m WHERE m.organization_id = $1 AND m.id = ANY ($2::uuid[])`,
};

/** Stores members before they are deleted. */
export async function keepFormerMembers(
  reader: Reader,
  organizationId: string,
  ids: readonly string[],
  { now, hasLeft }: { now: Date; hasLeft: boolean },
): Promise<void> {
  await reader.rows(KEEP, [organizationId, ids, now, hasLeft]);
}

/** A former member, with the grants whose workspaces still exist. */
export interface FormerMemberState {
  userId: string;
  userName: string;
  email: string | null;
  role: OrganizationRole;
  grants: WorkspaceGrant[];
  joinedAt: Date;
  invitedById: string | null;
  lastSeenAt: Date | null;
  endedAt: Date;
  /** Whether the person left on their own, from this membership or a later one. */
  hasLeft: boolean;
  isMember: boolean;
}

const FIND: Statement = {
  name: "former-member",
  text: `
    SELECT f.user_id AS "userId", u.name AS "userName", CASE WHEN u.email_verified THEN u.email END AS email, f.role,
      f.joined_at AS "joinedAt", f.invited_by_id AS "invitedById", f.ended_at AS "endedAt",
      f.last_seen_at AS "lastSeenAt",
      EXISTS (SELECT 1 FROM former_member l WHERE l.organization_id = $1 AND l.user_id = f.user_id
        AND l.ended_at >= f.ended_at AND l.has_left) AS "hasLeft",
      EXISTS (SELECT 1 FROM member m WHERE m.organization_id = $1 AND m.user_id = f.user_id) AS "isMember",
      coalesce((SELECT jsonb_agg(g.kept ORDER BY w.id) FROM jsonb_array_elements(f.grants) AS g (kept)
        JOIN workspace w ON w.id = (g.kept ->> 'workspaceId')::uuid AND w.organization_id = $1 AND w.deleted_at IS NULL
        WHERE g.kept ->> 'expiresAt' IS NULL OR (g.kept ->> 'expiresAt')::timestamptz > $3), '[]') AS grants
    FROM former_member f JOIN user_account u ON u.id = f.user_id
    WHERE f.organization_id = $1 AND f.id = $2`,
};

// A statement of its own, because a distributed database asks several nodes for it, and one for the rest.
const SEEN = located(
  { name: "last-seen-anywhere" },
  { directory: "person", parameter: 1 },
  (within) => `SELECT max(last_seen_at) AS "lastSeenAt" FROM member WHERE user_id = $1 ${within("organization_id")}`,
);

/** A former member of the organization; undefined if there is none. Grants that have ended are left out. */
export async function findFormerMember(reader: Reader, organizationId: string, id: string, now: Date) {
  type Row = FormerMemberState & { grants: Array<Omit<WorkspaceGrant, "expiresAt"> & { expiresAt: string | null }> };
  const [row] = await reader.rows<Row>(FIND, [organizationId, id, now]);
  if (!row) return undefined;
  // A person who is a member elsewhere may have been seen since, so the newest day counts.
  const [seen] = await reader.rows<{ lastSeenAt: Date | null }>(SEEN, [row.userId]);
  const lastSeenAt = later(row.lastSeenAt, seen?.lastSeenAt ?? null);
  const grants = row.grants.map((grant) => ({ ...grant, expiresAt: grant.expiresAt && new Date(grant.expiresAt) }));
  return { ...row, lastSeenAt, grants } as FormerMemberState;
}

const later = (one: Date | null, other: Date | null) => (one !== null && (other === null || one > other) ? one : other);

const DELETE_OLD: Statement = {
  name: "delete-old-former-members",
  ...oldRows("former_member", "ended_at <= $1", { key: ["organization_id", "id"] }),
};

/** Deletes former members whose membership ended at or before a time. */
export async function deleteOldFormerMembers(reader: Reader, before: Date): Promise<void> {
  await deleteOld(reader, DELETE_OLD, [before]);
}

const FORGET: Statement = {
  name: "forget-former-member",
  text: "DELETE FROM former_member WHERE organization_id = $1 AND id = $2",
};

/** Deletes a former member who is a member again. */
export async function forgetFormerMember(reader: Reader, organizationId: string, id: string): Promise<void> {
  await reader.rows(FORGET, [organizationId, id]);
}

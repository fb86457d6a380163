import { WorkspaceAssignment } from "../../entities/workspace-assignment";
import type { WorkspaceRole } from "../domain/role";
import { warningTime } from "../domain/temporary-access";
import { isActiveGrant } from "./active-grant";
import type { Reader, Statement } from "./engine/statement";
import type { Transaction } from "./engine/transaction";

/** Access to one workspace, as stored. */
export interface WorkspaceGrant {
  workspaceId: string;
  roleOverride: WorkspaceRole | null;
  /** Null: it does not end by itself. */
  expiresAt: Date | null;
}

/** The same, with the workspace's name. */
export interface NamedAssignment extends WorkspaceGrant {
  workspaceName: string;
}

/** Identifies a member, with the organization that every statement carries. */
interface MemberKey {
  id: string;
  organizationId: string;
}

const ASSIGNMENTS: Statement = {
  name: "assignments-of-member",
  text: `
    SELECT a.workspace_id AS "workspaceId", a.role_override AS "roleOverride", a.expires_at AS "expiresAt"
    FROM workspace_assignment a
    WHERE a.organization_id = $1 AND a.member_id = $2 AND ${isActiveGrant("a", "$3")} ORDER BY a.workspace_id`,
};

/** A member's assignments that have not ended. */
export function assignmentsOf(reader: Reader, member: MemberKey, now: Date): Promise<WorkspaceGrant[]> {
  return reader.rows<WorkspaceGrant>(ASSIGNMENTS, [member.organizationId, member.id, now]);
}

const NAMED_ASSIGNMENTS: Statement = {
  name: "named-assignments-of-member",
  text: `
    SELECT a.workspace_id AS "workspaceId", w.name AS "workspaceName", a.role_override AS "roleOverride",
      a.expires_at AS "expiresAt"
    FROM workspace_assignment a
    JOIN workspace w ON w.organization_id = a.organization_id AND w.id = a.workspace_id AND w.deleted_at IS NULL
    WHERE a.organization_id = $1 AND a.member_id = $2 AND ${isActiveGrant("a", "$3")} ORDER BY w.created_at, w.id`,
};

/** A member's assignments that have not ended, with the workspaces' names. */
export function namedAssignmentsOf(reader: Reader, member: MemberKey, now: Date) {
  const values = [member.organizationId, member.id, now];
  return reader.rows<NamedAssignment>(NAMED_ASSIGNMENTS, values);
}

// An assignment with an unchanged end keeps its warning, so that the member does not get the mail twice.
const SAVE: Statement = {
  name: "save-assignments",
  text: `
    INSERT INTO workspace_assignment AS a
      (organization_id, member_id, workspace_id, role_override, expires_at, warning_due_at)
    SELECT $1, g."memberId", g."workspaceId", g."roleOverride", g."expiresAt", g."warningDueAt"
    FROM jsonb_to_recordset($2::jsonb)
      AS g ("memberId" uuid, "workspaceId" uuid, "roleOverride" text, "expiresAt" timestamptz, "warningDueAt" timestamptz)
    ON CONFLICT (organization_id, workspace_id, member_id) DO UPDATE SET
      role_override = excluded.role_override, expires_at = excluded.expires_at,
      warning_due_at = CASE WHEN a.expires_at = excluded.expires_at THEN a.warning_due_at ELSE excluded.warning_due_at END`,
};

/** Gives a member access to workspaces, or changes the access that they have. Other assignments stay. */
export async function saveAssignments(
  reader: Reader,
  member: MemberKey,
  grants: readonly WorkspaceGrant[],
  now: Date,
): Promise<void> {
  await saveAll(reader, member.organizationId, [{ memberId: member.id, grants }], now);
}

/** The workspaces of one of several members. */
export interface MemberGrants {
  memberId: string;
  grants: readonly WorkspaceGrant[];
}

async function saveAll(
  reader: Reader,
  organizationId: string,
  members: readonly MemberGrants[],
  now: Date,
): Promise<void> {
  const rows = members.flatMap(({ memberId, grants }) =>
    grants.map(({ workspaceId, roleOverride, expiresAt }) => ({
      ...{ memberId, workspaceId, roleOverride, expiresAt },
      warningDueAt: warningTime(expiresAt, now),
    })),
  );
  if (rows.length > 0) await reader.rows(SAVE, [organizationId, JSON.stringify(rows)]);
}

const DELETE_OTHERS: Statement = {
  name: "delete-other-assignments",
  text: `
    DELETE FROM workspace_assignment a
    WHERE a.organization_id = $1 AND a.member_id = ANY ($2::uuid[]) AND NOT EXISTS (
      SELECT 1 FROM unnest($3::uuid[], $4::uuid[]) AS kept (member_id, workspace_id)
      WHERE kept.member_id = a.member_id AND kept.workspace_id = a.workspace_id)`,
};

/** Replaces all of a member's assignments. */
export async function replaceAssignments(
  reader: Reader,
  member: MemberKey,
  grants: readonly WorkspaceGrant[],
  now: Date,
): Promise<void> {
  await replaceAssignmentsOf(
    reader,
    member.organizationId,
    [{ memberId: member.id, grants, unchanged: new Set() }],
    now,
  );
}

/** All workspaces of one of several members. `unchanged`: those grants that are stored as they are. */
export interface ReplacedGrants extends MemberGrants {
  unchanged: ReadonlySet<WorkspaceGrant>;
}

/** Replaces all assignments of several members, in two statements. */
export async function replaceAssignmentsOf(
  reader: Reader,
  organizationId: string,
  members: readonly ReplacedGrants[],
  now: Date,
): Promise<void> {
  const kept = members.flatMap(({ memberId, grants }) => grants.map(({ workspaceId }) => ({ memberId, workspaceId })));
  await reader.rows(DELETE_OTHERS, [
    organizationId,
    members.map(({ memberId }) => memberId),
    kept.map(({ memberId }) => memberId),
    kept.map(({ workspaceId }) => workspaceId),
  ]);
  const changed = members.map(({ memberId, grants, unchanged }) => ({
    ...{ memberId, grants: grants.filter((grant) => !unchanged.has(grant)) },
  }));
  await saveAll(reader, organizationId, changed, now);
}

export async function deleteAssignment({ manager }: Transaction, member: MemberKey, workspaceId: string) {
  await manager.delete(WorkspaceAssignment, {
    organizationId: member.organizationId,
    memberId: member.id,
    workspaceId,
  });
}

// Uses workspace_assignment_organization_id_expires_at_index, and reads only ended assignments.
const DELETE_ENDED: Statement = {
  name: "delete-ended-assignments",
  text: `
    WITH ended AS (
      DELETE FROM workspace_assignment a
      WHERE a.organization_id = $1 AND (a.workspace_id, a.member_id) IN (
        SELECT e.workspace_id, e.member_id FROM workspace_assignment e
        WHERE e.organization_id = $1 AND e.expires_at <= $2 AND ($3::uuid IS NULL OR e.member_id = $3)
          AND ($4::uuid IS NULL OR e.workspace_id = $4)
        ORDER BY e.expires_at LIMIT $5)
      RETURNING a.*
    )
    SELECT a.member_id AS "memberId", m.user_id AS "userId", u.name AS "userName", a.workspace_id AS "workspaceId",
      w.name AS "workspaceName", a.role_override AS "roleOverride", a.expires_at AS "expiresAt"
    FROM ended a JOIN member m ON m.organization_id = $1 AND m.id = a.member_id JOIN user_account u ON u.id = m.user_id
    JOIN workspace w ON w.organization_id = $1 AND w.id = a.workspace_id
    ORDER BY a.expires_at, a.member_id, a.workspace_id`,
};

/** An assignment that has ended. */
export interface EndedAssignment extends WorkspaceGrant {
  memberId: string;
  userId: string;
  userName: string;
  workspaceName: string;
  expiresAt: Date;
}

/**
 * Deletes assignments of an organization that have ended, and returns them in the order of their ends: all, or those of
 * one member or to one workspace; at most `limit` of them, null: without limit. The caller holds the organization's lock.
 */
export function deleteEndedAssignments(
  reader: Reader,
  organizationId: string,
  now: Date,
  of: { memberId?: string; workspaceId?: string },
  limit: number | null,
): Promise<EndedAssignment[]> {
  const values = [organizationId, now, of.memberId ?? null, of.workspaceId ?? null, limit];
  return reader.rows<EndedAssignment>(DELETE_ENDED, values);
}

// Uses workspace_assignment_expires_at_index, and reads only ended assignments.
const WITH_ENDED: Statement = {
  name: "organizations-with-ended-access",
  text: `
    SELECT DISTINCT organization_id AS "organizationId" FROM workspace_assignment
    WHERE expires_at <= $1 AND organization_id > $2 ORDER BY 1 LIMIT $3`,
};

/** Organizations with assignments that have ended, by id, after the id `after`. */
export async function organizationsWithEndedAccess(
  reader: Reader,
  now: Date,
  { after, limit }: { after: string; limit: number },
): Promise<string[]> {
  const rows = await reader.rows<{ organizationId: string }>(WITH_ENDED, [now, after, limit]);
  return rows.map(({ organizationId }) => organizationId);
}

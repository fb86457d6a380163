import type { WorkspaceRole } from "../../domain/role";
import { type Assignment, type EffectiveAccess, effectiveAccess } from "../../domain/workspace-access";
import { isActiveGrant } from "../active-grant";
import { located } from "../engine/directories";
import { groupBy } from "../engine/group-by";
import type { Reader, Statement } from "../engine/statement";
import { cursorValues, isAfter, orderOf } from "../lists";
import type { PageRequest } from "../page";
import { visibleAddress } from "./members";
import type { MemberView } from "./people";
import { accessValues, type WorkspaceVisibility } from "./visibility";
import { type WorkspaceView, workspacePages } from "./workspaces";

/** A member's effective access to a workspace. */
export interface WorkspaceAccessView extends EffectiveAccess {
  member: MemberView;
  workspace: WorkspaceView;
}

const ASSIGNMENTS: Statement = {
  name: "assignments-of-members",
  isShortRead: true,
  onStandby: { logsIn: 0 },
  text: `
    SELECT a.member_id AS "memberId", a.workspace_id AS "workspaceId", a.role_override AS "roleOverride",
      a.expires_at AS "expiresAt"
    FROM workspace_assignment a
    WHERE a.organization_id = ANY ($1::uuid[]) AND a.member_id = ANY ($2::uuid[]) AND ${isActiveGrant("a", "$3")}`,
};

/**
 * The access of each member to the workspaces that the viewer may access too, in the order of workspaces. Reads two
 * statements for any number of members and organizations.
 */
export async function accessOfMembers(
  reader: Reader,
  visibility: WorkspaceVisibility,
  members: readonly MemberView[],
): Promise<WorkspaceAccessView[][]> {
  const organizationIds = [...new Set(members.map(({ organizationId }) => organizationId))];
  const everything = { limit: null, after: null };
  const [workspaces, assignments] = await Promise.all([
    workspacePages(reader, visibility, organizationIds, null, everything),
    reader.rows<AssignmentRow>(ASSIGNMENTS, [organizationIds, members.map(({ id }) => id), visibility.now]),
  ]);
  const workspacesOf = groupBy(workspaces, ({ organizationId }) => organizationId);
  const assignmentsOf = groupBy(assignments, ({ memberId }) => memberId);
  return members.map((member) => {
    const assigned = new Map(assignmentsOf.get(member.id)?.map((row) => [row.workspaceId, row]));
    const found: WorkspaceAccessView[] = [];
    for (const workspace of workspacesOf.get(member.organizationId) ?? []) {
      const access = effectiveAccess(member.role, assigned.get(workspace.id) ?? null);
      if (!access) continue;
      // Copied field by field: see viewOf in workspaces.ts.
      const { role, source, roleOverride, dormantOverride, expiresAt } = access;
      found.push({ role, source, roleOverride, dormantOverride, expiresAt, member, workspace });
    }
    return found;
  });
}

interface AssignmentRow extends Assignment {
  memberId: string;
  workspaceId: string;
}

const ASSIGNED_LIST: ReadonlyArray<[string, string]> = [
  ["m.joined_at", "a.member_joined_at"],
  ["m.id", "a.member_id"],
];
/** Rewrites SQL about members into SQL about their assignments `a`, which have copies of the sort columns. */
const onAssignments = (sql: string) => ASSIGNED_LIST.reduce((text, [from, to]) => text.replaceAll(from, to), sql);

// One page per workspace in one statement: the first members with access to all workspaces, by member_managers_index,
// and the first members assigned to this one, by workspace_assignment_members_index. The page takes the first of both.
const PAGE = located(
  { name: "workspace-access-pages", isShortRead: true, onStandby: "everything" },
  { directory: "workspace", parameter: 1 },
  (within) => `
    SELECT page.* FROM workspace w CROSS JOIN LATERAL (
      SELECT w.id AS "workspaceId", m.id, m.organization_id AS "organizationId", m.user_id AS "userId", m.role,
        m.joined_at AS "joinedAt", m.invited_by_id AS "invitedById", u.name AS "userName",
        ${visibleAddress("$5", "$6::bool")} AS "userEmail",
        a.member_id IS NOT NULL AS "isAssigned", a.role_override AS "roleOverride",
        a.expires_at AS "expiresAt"
      FROM (
        (SELECT m.* FROM member m
          WHERE m.organization_id = w.organization_id ${within("m.organization_id")} AND m.role IN ('OWNER', 'ADMIN') AND ${isAfter("access", 2)}
          ORDER BY ${orderOf("access")} LIMIT $4)
        UNION ALL
        (SELECT m.* FROM (
            SELECT a.organization_id, a.member_id FROM workspace_assignment a
            WHERE a.organization_id = w.organization_id AND a.workspace_id = w.id AND NOT a.is_dormant
              ${within("a.organization_id")} AND ${isActiveGrant("a", "$7")}
              AND ${onAssignments(isAfter("access", 2))}
            ORDER BY ${onAssignments(orderOf("access"))} LIMIT $4
          ) a JOIN member m ON m.organization_id = a.organization_id AND m.id = a.member_id
            ${within("m.organization_id")})
        ORDER BY joined_at, id LIMIT $4
      ) m
      JOIN user_account u ON u.id = m.user_id
      LEFT JOIN workspace_assignment a ON a.organization_id = w.organization_id AND a.workspace_id = w.id
        AND a.member_id = m.id AND ${isActiveGrant("a", "$7")} ${within("a.organization_id")}
      ORDER BY ${orderOf("access")}
    ) AS page
    WHERE w.id = ANY ($1::uuid[]) ${within("w.organization_id")}`,
);

interface Row extends Omit<MemberView, "user" | "organization"> {
  workspaceId: string;
  userName: string;
  userEmail: string | null;
  isAssigned: boolean;
  roleOverride: WorkspaceRole | null;
  expiresAt: Date | null;
}

/** Pages of the members with access to several workspaces, oldest first. */
export async function workspaceAccessPages(
  reader: Reader,
  visibility: WorkspaceVisibility,
  workspaceIds: readonly string[],
  { limit, after }: PageRequest,
): Promise<Array<EffectiveAccess & { workspaceId: string; member: MemberView }>> {
  const values = [workspaceIds, ...cursorValues("access", after), limit + 1, ...accessValues(visibility)];
  const rows = await reader.rows<Row>(PAGE, values);
  return rows.flatMap(({ workspaceId, userName, userEmail, isAssigned, roleOverride, expiresAt, ...member }) => {
    const access = effectiveAccess(member.role, isAssigned ? { roleOverride, expiresAt } : null);
    const user = { id: member.userId, name: userName, email: userEmail };
    return access ? [{ ...access, workspaceId, member: { ...member, user } }] : [];
  });
}

// The counter includes access that has ended until a job deletes it. It is found by workspace_assignment_ended_index
// and subtracted.
const TOTAL = located(
  { name: "workspace-access-totals", isShortRead: true, onStandby: "everything" },
  { directory: "workspace", parameter: 1 },
  (within) => `
    SELECT w.id AS "parentId", c.owners + c.admins + n.members - (
        SELECT count(*)::int FROM workspace_assignment a
        WHERE a.organization_id = w.organization_id AND a.workspace_id = w.id AND NOT a.is_dormant
          ${within("a.organization_id")} AND a.expires_at <= $2) AS total
    FROM workspace w
    JOIN organization_count c ON c.organization_id = w.organization_id ${within("c.organization_id")}
    JOIN workspace_count n ON n.organization_id = w.organization_id AND n.workspace_id = w.id ${within("n.organization_id")}
    WHERE w.id = ANY ($1::uuid[]) ${within("w.organization_id")}`,
);

/** Counts the members with access, by workspace. */
export function workspaceAccessTotals(reader: Reader, now: Date, workspaceIds: readonly string[]) {
  return reader.rows<{ parentId: string; total: number }>(TOTAL, [workspaceIds, now]);
}

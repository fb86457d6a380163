import type { OrganizationRole } from "../../domain/role";
import type { Reader, Statement } from "../engine/statement";
import type { PageRequest } from "../page";
import type { OrganizationView } from "./people";
import { type Visibility, visibilityValues } from "./visibility";

interface Row extends Omit<OrganizationView, "viewerMember"> {
  memberId: string | null;
  memberRole: OrganizationRole;
  memberJoinedAt: Date;
  memberInvitedById: string | null;
}

const COLUMNS = `
  o.id, o.name, o.description, o.personal_for_id AS "personalForId", o.created_at AS "createdAt",
  o.updated_at AS "updatedAt", s.plan_code AS "planCode",
  s.scheduled_plan_code AS "scheduledPlanCode", v.id AS "memberId", v.role AS "memberRole",
  v.joined_at AS "memberJoinedAt", v.invited_by_id AS "memberInvitedById"`;

const BY_ID: Statement = {
  name: "organizations-in-sight",
  isShortRead: true,
  text: `
    SELECT ${COLUMNS} FROM organization o
    JOIN organization_subscription s ON s.organization_id = o.id
    LEFT JOIN member v ON v.organization_id = o.id AND v.user_id = $1
    WHERE o.id = ANY ($3::uuid[]) AND o.deleted_at IS NULL AND (v.id IS NOT NULL OR $2)`,
};

/** Organizations by id, as far as they are in sight. */
export async function visibleOrganizations(reader: Reader, visibility: Visibility, ids: readonly string[]) {
  const rows = await reader.rows<Row>(BY_ID, [...visibilityValues(visibility), ids]);
  return rows.map((row) => viewOf(row, visibility.userId));
}

// The personal organization by its own index, and a page of the others in the order of theirs: however many there are,
// no more is read than is shown.
const OF_PERSON: Statement = {
  name: "organizations-of-person",
  isShortRead: true,
  text: `
    SELECT * FROM (
      (SELECT ${COLUMNS} FROM organization o
        JOIN organization_subscription s ON s.organization_id = o.id
        JOIN member v ON v.organization_id = o.id AND v.user_id = $1
        WHERE o.personal_for_id = $1 AND o.deleted_at IS NULL AND $2)
      UNION ALL
      (SELECT ${COLUMNS} FROM member v
        JOIN organization o ON o.id = v.organization_id AND o.deleted_at IS NULL
          AND o.personal_for_id IS DISTINCT FROM v.user_id
        JOIN organization_subscription s ON s.organization_id = o.id
        WHERE v.user_id = $1 AND (v.joined_at, v.id) > ($3::timestamptz, $4::uuid)
        ORDER BY v.joined_at, v.id LIMIT $5)
    ) AS page
    ORDER BY ("personalForId" IS NOT DISTINCT FROM $1) DESC, "memberJoinedAt", "memberId" LIMIT $5`,
};

const BEFORE_ALL = ["-infinity", "00000000-0000-0000-0000-000000000000"] as const;

/** A page of a person's organizations: the personal one first, then the oldest membership first. */
export async function organizationsOfPerson(
  reader: Reader,
  userId: string,
  { limit, after }: PageRequest,
): Promise<OrganizationView[]> {
  const isAmongOthers = after !== null && after[0] !== 0;
  const from = isAmongOthers ? [new Date(Number(after[1])), after[2]] : BEFORE_ALL;
  const rows = await reader.rows<Row>(OF_PERSON, [userId, after === null, ...from, limit + 1]);
  return rows.map((row) => viewOf(row, userId));
}

const TOTAL_OF_PERSON: Statement = {
  name: "total-organizations-of-person",
  isShortRead: true,
  text: `
    SELECT count(*)::int AS total FROM member v
    JOIN organization o ON o.id = v.organization_id AND o.deleted_at IS NULL WHERE v.user_id = $1`,
};

/** How many organizations somebody is in. */
export async function totalOfPerson(reader: Reader, userId: string): Promise<number> {
  const [row] = await reader.rows<{ total: number }>(TOTAL_OF_PERSON, [userId]);
  return row?.total ?? 0;
}

/** Where a membership stands in the list of a person's memberships. */
export function membershipKey({ viewerMember, personalForId }: OrganizationView): [number, number, string] {
  if (!viewerMember) throw new Error("An organization of a person without their membership.");
  const isPersonal = personalForId === viewerMember.userId;
  return [isPersonal ? 0 : 1, viewerMember.joinedAt.getTime(), viewerMember.id];
}

function viewOf(row: Row, userId: string | null): OrganizationView {
  const { memberId, memberRole, memberJoinedAt, memberInvitedById, ...organization } = row;
  const view: OrganizationView = { ...organization, viewerMember: null };
  if (memberId && userId !== null) {
    view.viewerMember = {
      id: memberId,
      organizationId: row.id,
      userId,
      role: memberRole,
      joinedAt: memberJoinedAt,
      invitedById: memberInvitedById,
      organization: view,
    };
  }
  return view;
}

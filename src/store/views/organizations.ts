import type { OrganizationRole } from "../../domain/role";
import type { Reader, Statement } from "../statement";
import type { OrganizationView } from "./people";
import { type Sight, sightValues } from "./scope";

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
export async function organizationsInSight(reader: Reader, sight: Sight, ids: readonly string[]) {
  const rows = await reader.rows<Row>(BY_ID, [...sightValues(sight), ids]);
  return rows.map((row) => viewOf(row, sight.userId));
}

// Led by the person's memberships, so that it reads no more than those.
const OF_PERSON: Statement = {
  name: "organizations-of-person",
  isShortRead: true,
  text: `
    SELECT ${COLUMNS} FROM member v
    JOIN organization o ON o.id = v.organization_id AND o.deleted_at IS NULL
    JOIN organization_subscription s ON s.organization_id = o.id
    WHERE v.user_id = $1
    ORDER BY (o.personal_for_id IS NOT DISTINCT FROM v.user_id) DESC, v.joined_at, v.id`,
};

/** All of a person's organizations: the personal one first, then the oldest membership first. */
export async function organizationsOfPerson(reader: Reader, userId: string): Promise<OrganizationView[]> {
  const rows = await reader.rows<Row>(OF_PERSON, [userId]);
  return rows.map((row) => viewOf(row, userId));
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

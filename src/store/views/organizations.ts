import { RESTORABLE_MS } from "../../domain/organization";
import { rolesWith } from "../../domain/permission";
import type { OrganizationRole } from "../../domain/role";
import { located, onNodes, type Within } from "../engine/directories";
import type { Reader } from "../engine/statement";
import { cursorValues, orderOf } from "../lists";
import { MAX_PAGE_SIZE, type PageRequest } from "../page";
import type { OrganizationView } from "./people";
import { type Visibility, visibilityValues } from "./visibility";

interface Row extends Omit<OrganizationView, "viewerMember"> {
  memberId: string | null;
  memberRole: OrganizationRole;
  memberJoinedAt: Date;
  memberInvitedById: string | null;
}

// Counting to two is enough to know that one Owner may leave. The partial index member_owners_index has only Owners.
const owners = (within: Within) => `
  (SELECT count(*)::int FROM (
    SELECT FROM member w WHERE w.organization_id = o.id ${within("w.organization_id")} AND w.role = 'OWNER' LIMIT 2) AS few)`;

const columns = (within: Within) => `
  o.id, o.name, o.description, o.personal_for_id AS "personalForId", o.created_at AS "createdAt",
  o.updated_at AS "updatedAt", s.plan_code AS "planCode",
  s.scheduled_plan_code AS "scheduledPlanCode", s.status AS "subscriptionStatus", ${owners(within)} AS owners, v.id AS "memberId", v.role AS "memberRole",
  v.joined_at AS "memberJoinedAt", v.invited_by_id AS "memberInvitedById"`;

const byId = (within: Within) => `
    SELECT ${columns(within)} FROM organization o
    JOIN organization_subscription s ON s.organization_id = o.id AND s.organization_id = ANY ($3::uuid[])
    LEFT JOIN member v ON v.organization_id = o.id AND v.organization_id = ANY ($3::uuid[]) AND v.user_id = $1
    WHERE o.id = ANY ($3::uuid[]) AND o.deleted_at IS NULL AND (v.id IS NOT NULL OR $2)`;
const BY_ID = onNodes({ name: "visible-organizations", isShortRead: true }, 3, byId);

/** Those of these organizations that are visible. */
export async function visibleOrganizations(reader: Reader, visibility: Visibility, ids: readonly string[]) {
  const rows = await reader.rows<Row>(BY_ID, [...visibilityValues(visibility), ids]);
  return rows.map((row) => viewOf(row, visibility.userId));
}

// The personal organization comes from its own index, the others in the order of member's (user_id, joined_at, id)
// index. So only one page is read, however many organizations the person has.
const OF_PERSON = located(
  { name: "organizations-of-person", isShortRead: true },
  { directory: "person", parameter: 1 },
  (within) => `
    SELECT * FROM (
      (SELECT ${columns(within)} FROM organization o
        JOIN organization_subscription s ON s.organization_id = o.id ${within("s.organization_id")}
        JOIN member v ON v.organization_id = o.id AND v.user_id = $1 ${within("v.organization_id")}
        WHERE o.personal_for_id = $1 AND o.deleted_at IS NULL AND $2 ${within("o.id")})
      UNION ALL
      (SELECT ${columns(within)} FROM member v
        JOIN organization o ON o.id = v.organization_id AND o.deleted_at IS NULL
          AND o.personal_for_id IS DISTINCT FROM v.user_id ${within("o.id")}
        JOIN organization_subscription s ON s.organization_id = o.id ${within("s.organization_id")}
        WHERE v.user_id = $1 AND (v.joined_at, v.id) > ($3::timestamptz, $4::uuid) ${within("v.organization_id")}
        ORDER BY v.joined_at, v.id LIMIT $5)
    ) AS page
    ORDER BY ${orderOf("memberships")} LIMIT $5`,
);

const BEFORE_FIRST = ["-infinity", "00000000-0000-0000-0000-000000000000"] as const;

/** A page of a person's organizations: the personal one, then the others by the age of the membership. */
export async function organizationsOfPerson(
  reader: Reader,
  userId: string,
  { limit, after }: PageRequest,
): Promise<OrganizationView[]> {
  const isAfterPersonal = after === null || after[0] === 0;
  const from = isAfterPersonal ? BEFORE_FIRST : cursorValues("memberships", after).slice(1);
  const rows = await reader.rows<Row>(OF_PERSON, [userId, after === null, ...from, limit + 1]);
  return rows.map((row) => viewOf(row, userId));
}

const TOTAL_OF_PERSON = located(
  { name: "total-organizations-of-person", isShortRead: true },
  { directory: "person", parameter: 1 },
  (within) => `
    SELECT count(*)::int AS total FROM member v
    JOIN organization o ON o.id = v.organization_id AND o.deleted_at IS NULL ${within("o.id")}
    WHERE v.user_id = $1 ${within("v.organization_id")}`,
);

/** Counts a person's organizations. */
export async function totalOfPerson(reader: Reader, userId: string): Promise<number> {
  const [row] = await reader.rows<{ total: number }>(TOTAL_OF_PERSON, [userId]);
  return row?.total ?? 0;
}

const RESTORABLE = located(
  { name: "restorable-organizations", isShortRead: true },
  { directory: "person", parameter: 1 },
  (within) => `
    SELECT o.id, o.name, o.deleted_at AS "deletedAt" FROM member v
    JOIN organization o ON o.id = v.organization_id AND o.deleted_at > $3 ${within("o.id")}
    WHERE v.user_id = $1 AND v.role = ANY ($2::text[]) ${within("v.organization_id")}
    ORDER BY o.deleted_at DESC, o.id DESC LIMIT $4`,
);

/** The deleted organizations that a person may restore, newest deletion first; at most MAX_PAGE_SIZE. */
export function restorableOrganizations(reader: Reader, userId: string, now: Date) {
  const since = new Date(now.getTime() - RESTORABLE_MS);
  const values = [userId, rolesWith("DELETE_ORGANIZATION"), since, MAX_PAGE_SIZE];
  return reader.rows<{ id: string; name: string; deletedAt: Date }>(RESTORABLE, values);
}

// Copied field by field: see viewOf in workspaces.ts.
function viewOf(row: Row, userId: string | null): OrganizationView {
  const { memberId, memberRole, memberJoinedAt, memberInvitedById } = row;
  const view: OrganizationView = {
    id: row.id,
    name: row.name,
    description: row.description,
    personalForId: row.personalForId,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    planCode: row.planCode,
    scheduledPlanCode: row.scheduledPlanCode,
    subscriptionStatus: row.subscriptionStatus,
    owners: row.owners,
    viewerMember: null,
  };
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

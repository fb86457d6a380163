import type { Invitation } from "../../../entities/invitation";
import { type InvitationStatus } from "../../domain/invitation";
import type { WorkspaceRole } from "../../domain/role";
import { isActiveGrant } from "../active-grant";
import { overdueIn } from "../counts";
import { located, onNodes, type Within } from "../engine/directories";
import type { Reader, Statement } from "../engine/statement";
import { cursorValues, isAfter, orderOf } from "../lists";
import type { PageRequest } from "../page";
import { likePattern } from "./members";
import { type Visibility, visibilityValues } from "./visibility";

/** An invitation, with the names that its readers may see of the organization and its workspaces. */
export interface InvitationView extends Omit<Invitation, "sendNumber" | "cancellationReason"> {
  organizationName: string;
  /** Null if a loader reads them on demand. */
  workspaceGrants: WorkspaceGrantView[] | null;
}

/** A workspace that an invitation grants. */
export interface WorkspaceGrantView {
  workspaceId: string;
  workspaceName: string;
  roleOverride: WorkspaceRole | null;
  /** An instant in JSON; see `grantFromJson`. */
  expiresAt: string | null;
}

// $1 is now. A PENDING invitation past its date reads as EXPIRED. Deleted workspaces and ended access are left out.
const STATUS = `CASE WHEN i.status = 'PENDING' AND i.expires_at <= $1 THEN 'EXPIRED' ELSE i.status END`;

/**
 * SQL; `mayManage` says whether the viewer manages the organization's invitations. Other viewers do not see the
 * delivery problem.
 */
const ownColumns = (mayManage: string) => `
  i.id, i.organization_id AS "organizationId", i.email, i.role, ${STATUS} AS status, i.delivery,
  i.invited_by_id AS "invitedById", i.created_at AS "createdAt", i.queued_at AS "queuedAt", i.last_sent_at AS "lastSentAt",
  i.expires_at AS "expiresAt", i.responded_at AS "respondedAt", o.name AS "organizationName",
  CASE WHEN ${mayManage} AND i.delivery = 'FAILED' THEN coalesce(i.delivery_problem, 'UNKNOWN') END AS "deliveryProblem"`;

/**
 * `now`: the parameter with the current time. Looks up one workspace per grant: as a plain join, a plan could read all
 * workspaces of the organization, and the grants anew for each.
 */
const grantsAt = (now: string, within: Within = () => "") => `
  (SELECT jsonb_agg(jsonb_build_object(
      'workspaceId', w.id, 'workspaceName', w.name, 'roleOverride', g.role_override, 'expiresAt', g.expires_at)
      ORDER BY w.created_at, w.id)
    FROM invitation_workspace g
    CROSS JOIN LATERAL (
      SELECT * FROM workspace w
      WHERE w.organization_id = g.organization_id ${within("w.organization_id")} AND w.id = g.workspace_id
        AND w.deleted_at IS NULL LIMIT 1) w
    WHERE g.organization_id = i.organization_id AND g.invitation_id = i.id AND ${isActiveGrant("g", now)}
      ${within("g.organization_id")})`;

const columns = (mayManage: string, within?: Within) =>
  `${ownColumns(mayManage)}, coalesce(${grantsAt("$1", within)}, '[]') AS "workspaceGrants"`;
/** SQL columns for an invitee. */
export const inviteesColumns = (within?: Within) => columns("false", within);

export const FROM = `invitation i JOIN organization o ON o.id = i.organization_id AND o.deleted_at IS NULL`;

/**
 * SQL of a person's verified address, by which invitations belong to them. It is the stored address, which an older token
 * does not change; null while it is unverified.
 */
export function verifiedAddressOf(userId: string): string {
  return `(SELECT email FROM user_account WHERE id = ${userId} AND email_verified)`;
}

/** Narrows a list of invitations. Null: no restriction. */
export interface InvitationFilter {
  statuses: readonly InvitationStatus[] | null;
  /** Part of the invited address. */
  search: string | null;
}

const HAS_STATUS = `($3::text[] IS NULL OR ${STATUS} = ANY ($3))`;

// One page per organization in one statement, newest first: a backward scan of the (…, created_at, id) index.
const pageOf = (matches: string) => (within: Within) =>
  `
    SELECT page.* FROM organization parent CROSS JOIN LATERAL (
      SELECT ${columns("true", within)} FROM ${FROM}
      WHERE i.organization_id = parent.id AND i.organization_id = ANY ($2::uuid[]) AND o.id = ANY ($2::uuid[])
        AND ${HAS_STATUS} AND ${isAfter("invitations", 4)}${matches}
      ORDER BY ${orderOf("invitations")} LIMIT $6
    ) AS page WHERE parent.id = ANY ($2::uuid[])`;
const PAGE = onNodes({ name: "invitation-pages", isShortRead: true, onStandby: { logsIn: 1 } }, 2, pageOf(""));
// A rare address is found by the trigrams of invitation_email_search_index, a common one by scanning the organization's.
const FOUND = onNodes(
  { name: "invitations-found", isPlannedAnew: true, onStandby: { logsIn: 1 } },
  2,
  pageOf(" AND i.email LIKE $7"),
);

/** Pages of several organizations' invitations, newest first. The caller has checked that the viewer may see them. */
export function invitationPages(
  reader: Reader,
  now: Date,
  organizationIds: readonly string[],
  { statuses, search }: InvitationFilter,
  { limit, after }: PageRequest,
): Promise<InvitationView[]> {
  const pattern = likePattern(search);
  const values = [now, organizationIds, statuses, ...cursorValues("invitations", after), limit + 1];
  return pattern === null
    ? reader.rows<InvitationView>(PAGE, values)
    : reader.rows<InvitationView>(FOUND, [...values, pattern]);
}

// Expired invitations that are not marked yet move from one counter to the other, as in STATUS.
const counters = (within: Within): Readonly<Record<InvitationStatus, string>> => ({
  PENDING: `c.pending_invitations - ${overdueIn("c.organization_id", "$1", within)}`,
  ACCEPTED: "c.accepted_invitations",
  DECLINED: "c.declined_invitations",
  CANCELED: "c.canceled_invitations",
  EXPIRED: `c.expired_invitations + ${overdueIn("c.organization_id", "$1", within)}`,
});
const TOTAL = onNodes(
  { name: "invitation-totals", isShortRead: true, onStandby: "everything" },
  2,
  (within) => `
    SELECT c.organization_id AS "parentId", ${Object.entries(counters(within))
      .map(([status, sql]) => `CASE WHEN $3::text[] IS NULL OR '${status}' = ANY ($3) THEN ${sql} ELSE 0 END`)
      .join(" + ")} AS total
    FROM organization_count c WHERE c.organization_id = ANY ($2::uuid[])`,
);
const FOUND_TOTAL: Statement = {
  name: "invitations-found-total",
  isPlannedAnew: true,
  onStandby: { logsIn: 1 },
  text: `
    SELECT i.organization_id AS "parentId", count(*)::int AS total FROM invitation i
    WHERE i.organization_id = ANY ($2::uuid[]) AND ${HAS_STATUS} AND i.email LIKE $4
    GROUP BY i.organization_id`,
};

/** Counts the invitations that a filter matches, by organization. */
export function invitationTotals(
  reader: Reader,
  now: Date,
  ids: readonly string[],
  { statuses, search }: InvitationFilter,
) {
  const pattern = likePattern(search);
  const values = [now, ids, statuses];
  return pattern === null
    ? reader.rows<{ parentId: string; total: number }>(TOTAL, values)
    : reader.rows<{ parentId: string; total: number }>(FOUND_TOTAL, [...values, pattern]);
}

const BY_ID = located(
  { name: "visible-invitations", isShortRead: true },
  { directory: "invitation", parameter: 4 },
  (within) => `
    SELECT ${columns("($3 OR v.id IS NOT NULL)", within)} FROM ${FROM}
    LEFT JOIN member v ON v.organization_id = i.organization_id AND v.user_id = $2 AND v.role IN ('OWNER', 'ADMIN')
      ${within("v.organization_id")}
    WHERE i.id = ANY ($4::uuid[]) AND ($3 OR v.id IS NOT NULL OR i.email = ${verifiedAddressOf("$2")})
      ${within("i.organization_id")} ${within("o.id")}`,
);

/** Invitations by id. Owners and Admins of the organization see them, and the person invited. */
export function visibleInvitations(reader: Reader, now: Date, visibility: Visibility, ids: readonly string[]) {
  return reader.rows<InvitationView>(BY_ID, [now, ...visibilityValues(visibility), ids]);
}

/**
 * SQL of one invitation of the organization in row `o` as JSON, without its grants. `$1` is now. The caller has checked
 * that the viewer may see the organization's invitations.
 */
export function invitationAsJson(id: string): string {
  return `(SELECT to_json(i) FROM (
    SELECT ${ownColumns("true")}, NULL AS "workspaceGrants" FROM invitation i
    WHERE i.id = ${id} AND i.organization_id = $2 AND o.deleted_at IS NULL) i)`;
}

/** Revives an invitation from JSON. */
export function invitationFromJson(json: InvitationView): InvitationView {
  return {
    ...json,
    createdAt: new Date(json.createdAt),
    queuedAt: new Date(json.queuedAt),
    lastSentAt: json.lastSentAt && new Date(json.lastSentAt),
    expiresAt: new Date(json.expiresAt),
    respondedAt: json.respondedAt && new Date(json.respondedAt),
  };
}

/** Revives a grant from JSON. */
export function grantFromJson(grant: WorkspaceGrantView) {
  return { ...grant, expiresAt: grant.expiresAt === null ? null : new Date(grant.expiresAt) };
}

const GRANTS_BY_INVITATION = located(
  { name: "workspace-grants", isShortRead: true, onStandby: "everything" },
  { directory: "invitation", parameter: 1 },
  (within) => `
    SELECT i.id AS "invitationId", ${grantsAt("$2", within)} AS grants FROM invitation i
    WHERE i.id = ANY ($1::uuid[]) ${within("i.organization_id")}`,
);

/** The workspace grants of each invitation. The caller has checked that the invitations are visible. */
export async function grantsOfInvitations(
  reader: Reader,
  now: Date,
  ids: readonly string[],
): Promise<WorkspaceGrantView[][]> {
  type Row = { invitationId: string; grants: WorkspaceGrantView[] | null };
  const rows = await reader.rows<Row>(GRANTS_BY_INVITATION, [ids, now]);
  const found = new Map(rows.map(({ invitationId, grants }) => [invitationId, grants]));
  return ids.map((id) => found.get(id) ?? []);
}

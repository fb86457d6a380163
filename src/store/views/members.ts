import { searchText } from "../../domain/text";
import { located } from "../engine/directories";
import type { Reader } from "../engine/statement";
import type { MemberView } from "./people";
import { type Visibility, visibilityValues } from "./visibility";

/** A member as the statements return it. The texts for cursors are present in some lists only. */
export interface MemberRow extends Omit<MemberView, "user" | "organization"> {
  userName: string;
  userEmail: string | null;
}

/** `viewer` and `isService` are SQL. */
export const columnsFor = (viewer: string, isService: string) => `
  m.id, m.organization_id AS "organizationId", m.user_id AS "userId", m.role, m.joined_at AS "joinedAt",
  m.invited_by_id AS "invitedById", u.name AS "userName",
  ${visibleAddress(viewer, isService)} AS "userEmail"`;

/**
 * SQL of the e-mail address of `user_account u`, for a viewer of the same organization. Only the person sees an
 * unverified address, and services see none. Null if it is hidden.
 */
export function visibleAddress(viewer: string, isService: string): string {
  return `CASE WHEN NOT ${isService} AND (u.email_verified OR u.id = ${viewer}) THEN u.email END`;
}

const BY_ID = located(
  { name: "visible-members", isShortRead: true },
  { directory: "person", parameter: 1 },
  (within) => `
    SELECT ${columnsFor("$1", "$2")} FROM member m
    JOIN user_account u ON u.id = m.user_id
    JOIN organization o ON o.id = m.organization_id AND o.deleted_at IS NULL ${within("o.id")}
    LEFT JOIN member v ON v.organization_id = m.organization_id AND v.user_id = $1 ${within("v.organization_id")}
    WHERE m.id = ANY ($3::uuid[]) AND ($2 OR v.id IS NOT NULL) ${within("m.organization_id")}`,
);

/** Members by id, of visible organizations. */
export async function visibleMembers(
  reader: Reader,
  visibility: Visibility,
  ids: readonly string[],
): Promise<MemberView[]> {
  const rows = await reader.rows<MemberRow>(BY_ID, [...visibilityValues(visibility), ids]);
  return rows.map(memberView);
}

/** SQL of one member as JSON, with the fields that all members of the organization may see. */
export function memberAsJson(organizationId: string, id: string): string {
  return `(SELECT to_json(m) FROM (
    SELECT ${columnsFor("NULL", "false")} FROM member m JOIN user_account u ON u.id = m.user_id
    WHERE m.id = ${id} AND m.organization_id = ${organizationId}) m)`;
}

/** Revives a member from JSON. */
export function memberFromJson(json: unknown): MemberView {
  const row = json as MemberRow;
  return memberView({ ...row, joinedAt: new Date(row.joinedAt) });
}

/** The LIKE pattern that finds `search` literally anywhere in folded text; null for an empty search. */
export function likePattern(search: string | null): string | null {
  const text = searchText(search);
  return text === null ? null : `%${text.replace(/[\\%_]/g, "\\$&")}%`;
}

// Copied field by field: see viewOf in workspaces.ts.
export function memberView(row: MemberRow): MemberView {
  const { id, organizationId, userId, role, joinedAt, invitedById, userName, userEmail } = row;
  const user = { id: userId, name: userName, email: userEmail };
  return { id, organizationId, userId, role, joinedAt, invitedById, user };
}

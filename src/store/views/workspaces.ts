import type { Workspace } from "../../../entities/workspace";
import type { OrganizationRole, WorkspaceRole } from "../../domain/role";
import { effectiveAccess } from "../../domain/workspace-access";
import { isActiveGrant } from "../active-grant";
import { located } from "../engine/directories";
import type { Reader, Statement } from "../engine/statement";
import { cursorValues, isAfter, orderOf } from "../lists";
import type { PageRequest } from "../page";
import { likePattern } from "./members";
import { accessValues, type WorkspaceVisibility } from "./visibility";

/** A workspace with its viewer's effective role and organization role, which are null for a service. */
export interface WorkspaceView
  extends Pick<
    Workspace,
    "id" | "organizationId" | "name" | "description" | "cloudProvider" | "isDefault" | "createdAt" | "updatedAt"
  > {
  viewerRole: WorkspaceRole | null;
  viewerOrganizationRole: OrganizationRole | null;
}

interface Row extends Omit<WorkspaceView, "viewerRole"> {
  isAssigned: boolean;
  roleOverride: WorkspaceRole | null;
  expiresAt: Date | null;
}

const COLUMNS = `
  w.id, w.organization_id AS "organizationId", w.name, w.description, w.cloud_provider AS "cloudProvider",
  w.is_default AS "isDefault", w.created_at AS "createdAt", w.updated_at AS "updatedAt",
  v.role AS "viewerOrganizationRole", a.member_id IS NOT NULL AS "isAssigned", a.role_override AS "roleOverride",
  a.expires_at AS "expiresAt"`;

// A viewer has access by the organization role or by an assignment that has not ended.
const accessible = (isWithin: (table: string) => string) => `
  LEFT JOIN member v ON v.organization_id = w.organization_id AND v.user_id = $1 ${isWithin("v")}
  LEFT JOIN workspace_assignment a ON a.organization_id = w.organization_id ${isWithin("a")}
    AND a.workspace_id = w.id AND a.member_id = v.id AND ${isActiveGrant("a", "$3")}
  WHERE w.deleted_at IS NULL AND ($2 OR v.role IN ('OWNER', 'ADMIN') OR a.member_id IS NOT NULL)`;
// A distributed database reads the array beside each table to find the nodes to ask.
const ACCESSIBLE_WITHIN = accessible((table) => `AND ${table}.organization_id = ANY ($4::uuid[])`);

const BY_ID = located(
  { name: "visible-workspaces", isShortRead: true },
  { directory: "workspace", parameter: 4 },
  (within) => `
    SELECT ${COLUMNS} FROM workspace w
    JOIN organization o ON o.id = w.organization_id AND o.deleted_at IS NULL ${within("o.id")}
    ${accessible((table) => within(`${table}.organization_id`))} AND w.id = ANY ($4::uuid[]) ${within("w.organization_id")}`,
);

/** Those of these workspaces that are visible. */
export async function visibleWorkspaces(reader: Reader, visibility: WorkspaceVisibility, ids: readonly string[]) {
  return (await reader.rows<Row>(BY_ID, [...accessValues(visibility), ids])).map(viewOf);
}

// As for members, a search is planned with its pattern: by workspace_name_key_search_index, or among the organization's.
const MATCHES = { all: "$5::text IS NULL", search: "w.name_key LIKE $5" } as const;

// One page per organization in one statement: the default workspace first, then by creation.
const pageOf = (matches: string) => `
    SELECT page.* FROM organization parent CROSS JOIN LATERAL (
      SELECT ${COLUMNS} FROM workspace w
      ${ACCESSIBLE_WITHIN} AND w.organization_id = parent.id AND w.organization_id = ANY ($4::uuid[]) AND ${matches}
        AND ${isAfter("workspaces", 6)}
      ORDER BY ${orderOf("workspaces")} LIMIT $9
    ) AS page WHERE parent.id = ANY ($4::uuid[])`;
const PAGE: Statement = { name: "workspace-pages", isShortRead: true, text: pageOf(MATCHES.all) };
const FOUND: Statement = { name: "workspaces-found", isPlannedAnew: true, text: pageOf(MATCHES.search) };

/** Pages of several organizations' visible workspaces. A null limit: all of them. */
export async function workspacePages(
  reader: Reader,
  visibility: WorkspaceVisibility,
  organizationIds: readonly string[],
  search: string | null,
  { limit, after }: { limit: number | null; after: PageRequest["after"] },
): Promise<WorkspaceView[]> {
  const from = cursorValues("workspaces", after);
  const like = likePattern(search);
  const values = [...accessValues(visibility), organizationIds, like, ...from, limit === null ? null : limit + 1];
  return (await reader.rows<Row>(like === null ? PAGE : FOUND, values)).map(viewOf);
}

const totalOf = (matches: string) => `
    SELECT w.organization_id AS "parentId", count(*)::int AS total FROM workspace w
    ${ACCESSIBLE_WITHIN} AND w.organization_id = ANY ($4::uuid[]) AND ${matches}
    GROUP BY w.organization_id`;
const TOTAL: Statement = { name: "workspace-totals", isShortRead: true, text: totalOf(MATCHES.all) };
const FOUND_TOTAL: Statement = { name: "workspaces-found-total", isPlannedAnew: true, text: totalOf(MATCHES.search) };

/** Counts the visible workspaces, by organization. */
export function workspaceTotals(
  reader: Reader,
  visibility: WorkspaceVisibility,
  ids: readonly string[],
  search: string | null,
) {
  const like = likePattern(search);
  const statement = like === null ? TOTAL : FOUND_TOTAL;
  return reader.rows<{ parentId: string; total: number }>(statement, [...accessValues(visibility), ids, like]);
}

// Copied field by field: destructuring and spreading the rest costs more than reading the row, and a result has
// hundreds of rows.
function viewOf(row: Row): WorkspaceView {
  const { viewerOrganizationRole: role } = row;
  const access = role && effectiveAccess(role, row.isAssigned ? row : null);
  return {
    id: row.id,
    organizationId: row.organizationId,
    name: row.name,
    description: row.description,
    cloudProvider: row.cloudProvider,
    isDefault: row.isDefault,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    viewerRole: access?.role ?? null,
    viewerOrganizationRole: role,
  };
}

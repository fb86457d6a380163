import type { PageRequest } from "../store/page";
import { workspaceAccessPages, workspaceAccessTotals } from "../store/views/workspace-access";
import { visibleWorkspaces, type WorkspaceView, workspacePages, workspaceTotals } from "../store/views/workspaces";
import {
  byId,
  idOf,
  type ListLoader,
  type LoaderContext,
  organizationOf,
  pagesByParent,
  type RowLoader,
  totalsByParent,
} from "./batch";

type WorkspaceArgs = { search: string | null; page: PageRequest };
type AccessRow = Awaited<ReturnType<typeof workspaceAccessPages>>[number];

/** Workspaces by id. */
export function loadWorkspace(context: LoaderContext): RowLoader<WorkspaceView> {
  return byId(context, "workspace", ({ reader, visibility }, ids) => visibleWorkspaces(reader, visibility, ids), idOf);
}

/** Pages of an organization's workspaces that the viewer may access. */
export function loadWorkspaces(context: LoaderContext): ListLoader<WorkspaceArgs, WorkspaceView[]> {
  return pagesByParent(
    context,
    "workspaces",
    ({ reader, visibility }, ids, { search, page }) => workspacePages(reader, visibility, ids, search, page),
    organizationOf,
  );
}

/** The number of an organization's workspaces that the viewer may access and a search finds. */
export function loadWorkspaceTotal(context: LoaderContext): ListLoader<string | null, number> {
  return totalsByParent(context, "workspaceTotal", ({ reader, visibility }, ids, search) =>
    workspaceTotals(reader, visibility, ids, search),
  );
}

/** Pages of the members with access to a workspace. */
export function loadAccess(context: LoaderContext): ListLoader<PageRequest, AccessRow[]> {
  return pagesByParent(
    context,
    "access",
    ({ reader, visibility }, ids, page) => workspaceAccessPages(reader, visibility, ids, page),
    ({ workspaceId }) => workspaceId,
  );
}

/** The number of members with access to a workspace. */
export function loadAccessTotal(context: LoaderContext): ListLoader<null, number> {
  return totalsByParent(context, "accessTotal", ({ reader, now }, ids) => workspaceAccessTotals(reader, now, ids));
}

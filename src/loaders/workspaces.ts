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
export function loadWorkspace({ reader, visibility }: LoaderContext): RowLoader<WorkspaceView> {
  return byId((ids) => visibleWorkspaces(reader, visibility, ids), idOf);
}

/** Pages of an organization's workspaces that the viewer may access. */
export function loadWorkspaces({ reader, visibility }: LoaderContext): ListLoader<WorkspaceArgs, WorkspaceView[]> {
  return pagesByParent(
    (ids, { search, page }) => workspacePages(reader, visibility, ids, search, page),
    organizationOf,
  );
}

/** The number of an organization's workspaces that the viewer may access and a search finds. */
export function loadWorkspaceTotal({ reader, visibility }: LoaderContext): ListLoader<string | null, number> {
  return totalsByParent((ids, search) => workspaceTotals(reader, visibility, ids, search));
}

/** Pages of the members with access to a workspace. */
export function loadAccess({ reader, visibility }: LoaderContext): ListLoader<PageRequest, AccessRow[]> {
  return pagesByParent(
    (ids, page) => workspaceAccessPages(reader, visibility, ids, page),
    ({ workspaceId }) => workspaceId,
  );
}

/** The number of members with access to a workspace. */
export function loadAccessTotal({ reader, now }: LoaderContext): ListLoader<null, number> {
  return totalsByParent((ids) => workspaceAccessTotals(reader, now, ids));
}

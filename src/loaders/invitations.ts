import DataLoader from "dataloader";
import type { PageRequest } from "../store/page";
import {
  grantsOfInvitations,
  type InvitationFilter,
  type InvitationView,
  invitationPages,
  invitationTotals,
  visibleInvitations,
  type WorkspaceGrantView,
} from "../store/views/invitations";
import {
  byId,
  idOf,
  inBatch,
  type ListLoader,
  type LoaderContext,
  organizationOf,
  pagesByParent,
  type RowLoader,
  totalsByParent,
} from "./batch";

type InvitationArgs = InvitationFilter & { page: PageRequest };

/** Invitations by id. */
export function loadInvitation(context: LoaderContext): RowLoader<InvitationView> {
  return byId(
    context,
    "invitation",
    ({ reader, visibility, now }, ids) => visibleInvitations(reader, now, visibility, ids),
    idOf,
  );
}

/** Pages of an organization's invitations. */
export function loadInvitations(context: LoaderContext): ListLoader<InvitationArgs, InvitationView[]> {
  return pagesByParent(
    context,
    "invitations",
    ({ reader, now }, ids, { page, ...filter }) => invitationPages(reader, now, ids, filter, page),
    organizationOf,
  );
}

/** The number of an organization's invitations that a filter matches. */
export function loadInvitationTotal(context: LoaderContext): ListLoader<InvitationFilter, number> {
  return totalsByParent(context, "invitationTotal", ({ reader, now }, ids, filter) =>
    invitationTotals(reader, now, ids, filter),
  );
}

/** The workspaces that an invitation grants. */
export function loadWorkspaceGrants(context: LoaderContext): DataLoader<string, WorkspaceGrantView[]> {
  return new DataLoader((ids) =>
    inBatch(context, "workspaceGrants", ids, ({ reader, now }) => grantsOfInvitations(reader, now, ids)),
  );
}

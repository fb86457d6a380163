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
  type ListLoader,
  type LoaderContext,
  organizationOf,
  pagesByParent,
  type RowLoader,
  totalsByParent,
} from "./batch";

type InvitationArgs = InvitationFilter & { page: PageRequest };

/** Invitations by id. */
export function loadInvitation({ reader, visibility, now }: LoaderContext): RowLoader<InvitationView> {
  return byId((ids) => visibleInvitations(reader, now, visibility, ids), idOf);
}

/** Pages of an organization's invitations. */
export function loadInvitations({ reader, now }: LoaderContext): ListLoader<InvitationArgs, InvitationView[]> {
  return pagesByParent((ids, { page, ...filter }) => invitationPages(reader, now, ids, filter, page), organizationOf);
}

/** The number of an organization's invitations that a filter matches. */
export function loadInvitationTotal({ reader, now }: LoaderContext): ListLoader<InvitationFilter, number> {
  return totalsByParent((ids, filter) => invitationTotals(reader, now, ids, filter));
}

/** The workspaces that an invitation grants. */
export function loadWorkspaceGrants({ reader, now }: LoaderContext): DataLoader<string, WorkspaceGrantView[]> {
  return new DataLoader((ids) => grantsOfInvitations(reader, now, ids));
}

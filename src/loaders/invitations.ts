import DataLoader from "dataloader";
import type { InvitationStatus } from "../domain/invitation";
import type { PageRequest } from "../store/page";
import {
  grantsOfInvitations,
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

type Statuses = readonly InvitationStatus[] | null;
type InvitationArgs = { statuses: Statuses; page: PageRequest };

/** Invitations by id. */
export function loadInvitation({ reader, visibility, now }: LoaderContext): RowLoader<InvitationView> {
  return byId((ids) => visibleInvitations(reader, now, visibility, ids), idOf);
}

/** Pages of an organization's invitations. */
export function loadInvitations({ reader, now }: LoaderContext): ListLoader<InvitationArgs, InvitationView[]> {
  return pagesByParent((ids, { statuses, page }) => invitationPages(reader, now, ids, statuses, page), organizationOf);
}

/** The number of an organization's invitations with one of the statuses. */
export function loadInvitationTotal({ reader, now }: LoaderContext): ListLoader<Statuses, number> {
  return totalsByParent((ids, statuses) => invitationTotals(reader, now, ids, statuses));
}

/** The workspaces that an invitation grants. */
export function loadWorkspaceGrants({ reader, now }: LoaderContext): DataLoader<string, WorkspaceGrantView[]> {
  return new DataLoader((ids) => grantsOfInvitations(reader, now, ids));
}

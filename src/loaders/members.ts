import DataLoader from "dataloader";
import { isSubject } from "../domain/identifier";
import type { MemberOrder } from "../domain/member-order";
import type { PageRequest } from "../store/page";
import { type FormerMemberView, formerMembers } from "../store/views/former-members";
import { visibleLastSeen } from "../store/views/last-seen";
import { type MemberFilter, memberPages, memberTotals } from "../store/views/member-pages";
import { visibleMembers } from "../store/views/members";
import type { MemberView } from "../store/views/people";
import { type UserView, visibleUsers } from "../store/views/users";
import { accessOfMembers, type WorkspaceAccessView } from "../store/views/workspace-access";
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

/** Members by id. */
export function loadMember(context: LoaderContext): RowLoader<MemberView> {
  return byId(context, "member", ({ reader, visibility }, ids) => visibleMembers(reader, visibility, ids), idOf);
}

/** People by id. */
export function loadUser(context: LoaderContext): RowLoader<UserView> {
  return byId(
    context,
    "user",
    ({ reader, visibility }, ids) => visibleUsers(reader, visibility.userId, ids),
    idOf,
    isSubject,
  );
}

/** The days on which members were last seen, for members whose day the viewer may read. */
export function loadLastSeen(context: LoaderContext): RowLoader<{ lastSeenAt: Date | null }> {
  return byId(context, "lastSeen", ({ reader, visibility }, ids) => visibleLastSeen(reader, visibility, ids), idOf);
}

type MemberListArgs = MemberFilter & { order: MemberOrder; page: PageRequest };

/** Pages of an organization's members. */
export function loadMembers(context: LoaderContext): ListLoader<MemberListArgs, MemberView[]> {
  return pagesByParent(
    context,
    "members",
    ({ reader, visibility }, ids, { page, order, ...filter }) =>
      memberPages(reader, visibility, ids, filter, order, page),
    organizationOf,
  );
}

/** The number of an organization's members that a filter matches. */
export function loadMemberTotal(context: LoaderContext): ListLoader<MemberFilter, number> {
  return totalsByParent(context, "memberTotal", ({ reader }, ids, filter) => memberTotals(reader, ids, filter));
}

/** The workspaces that a member may access, of those that the viewer may access. */
export function loadMemberAccess(context: LoaderContext): DataLoader<MemberView, WorkspaceAccessView[], string> {
  const read = (members: readonly MemberView[]) =>
    inBatch(context, "memberAccess", members, ({ reader, visibility }) => accessOfMembers(reader, visibility, members));
  return new DataLoader(read, { cacheKeyFn: idOf });
}

interface Membership {
  id: string;
  organizationId: string;
}

/** Memberships that have ended; null if one is not stored. */
export function loadFormerMember(context: LoaderContext): DataLoader<Membership, FormerMemberView | null, string> {
  const read = async (keys: readonly Membership[]) => {
    const [organizationIds, ids] = [[...new Set(keys.map(organizationOf))], keys.map(idOf)];
    const views = await inBatch(context, "formerMember", keys, ({ reader, now }) =>
      formerMembers(reader, organizationIds, ids, now),
    );
    const found = new Map(views.map((view) => [view.id, view]));
    return ids.map((id) => found.get(id) ?? null);
  };
  return new DataLoader(read, { cacheKeyFn: idOf });
}

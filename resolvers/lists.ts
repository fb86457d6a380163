import type {
  AccessReviewArgs,
  AccessReviewItemArgs,
  AuditArgs,
  InvitationArgs,
  MemberArgs,
  PageArgs,
  WorkspaceArgs,
} from "../schema/page-arguments";
import type { Context } from "../src/context";
import type { AccessReviewItemOrder } from "../src/domain/access-review";
import { isIdentifier, isSubject } from "../src/domain/identifier";
import type { MemberOrder } from "../src/domain/member-order";
import type { EffectiveAccess } from "../src/domain/workspace-access";
import { ITEM_LISTS, type ListEntries, type ListName, MEMBER_LISTS } from "../src/store/lists";
import { type Page, type PageRequest, pageOf, parsePageArgs } from "../src/store/page";
import type { AccessReviewItemView } from "../src/store/views/access-review-items";
import type { AccessReviewView } from "../src/store/views/access-reviews";
import { type AuditEventView, auditPage, auditTotal } from "../src/store/views/audit-log";
import type { InvitationView } from "../src/store/views/invitations";
import { organizationsOfPerson, totalOfPerson } from "../src/store/views/organizations";
import type { MemberView, OrganizationView } from "../src/store/views/people";
import type { WorkspaceView } from "../src/store/views/workspaces";

/** A page of an organization's members. */
export function readMembers(
  { loaders }: Context,
  organization: OrganizationView,
  args: MemberArgs,
): Promise<Page<MemberView>> {
  const { id } = organization;
  // Members' refusals depend on the organization, so this saves them a read.
  loaders.organization.prime(id, organization);
  const filter = { search: args.search ?? null, roles: args.roles ?? null };
  const order = args.orderBy ?? "JOINED";
  return readPage<(typeof MEMBER_LISTS)[MemberOrder], MemberView>(MEMBER_LISTS[order], id, args, {
    rows: (page) => loaders.members.load({ parentId: id, args: { ...filter, order, page } }),
    total: () => loaders.memberTotal.load({ parentId: id, args: filter }),
  });
}

/** A page of a person's memberships. */
export async function readMemberships(
  { services }: Context,
  userId: string,
  args: PageArgs,
): Promise<Page<MemberView>> {
  const { database } = services;
  const request = parsePageArgs("memberships", userId, args);
  const organizations = await organizationsOfPerson(database, userId, request);
  const memberships = organizations.flatMap(({ viewerMember }) => viewerMember ?? []);
  return pageOf("memberships", userId, request, memberships, () => totalOfPerson(database, userId));
}

/** A page of an organization's invitations. */
export function readInvitations({ loaders }: Context, { id }: OrganizationView, args: InvitationArgs) {
  const filter = { statuses: args.statuses ?? null, search: args.search ?? null };
  return readPage<"invitations", InvitationView>("invitations", id, args, {
    rows: (page) => loaders.invitations.load({ parentId: id, args: { ...filter, page } }),
    total: () => loaders.invitationTotal.load({ parentId: id, args: filter }),
  });
}

/** A page of the organization's workspaces that the viewer may access. */
export function readWorkspaces({ loaders }: Context, { id }: OrganizationView, args: WorkspaceArgs) {
  const search = args.search ?? null;
  return readPage<"workspaces", WorkspaceView>("workspaces", id, args, {
    rows: (page) => loaders.workspaces.load({ parentId: id, args: { search, page } }),
    total: () => loaders.workspaceTotal.load({ parentId: id, args: search }),
  });
}

/** A page of everyone with access to a workspace. */
export function readAccess({ loaders }: Context, workspace: WorkspaceView, args: PageArgs) {
  const { id } = workspace;
  return readPage<"access", EffectiveAccess & { member: MemberView; workspace: WorkspaceView }>("access", id, args, {
    rows: async (page) => {
      const rows = await loaders.access.load({ parentId: id, args: page });
      return rows.map((row) => ({ ...row, workspace }));
    },
    total: () => loaders.accessTotal.load({ parentId: id, args: null }),
  });
}

/** A page of an organization's access reviews. */
export function readAccessReviews({ loaders }: Context, { id }: OrganizationView, args: AccessReviewArgs) {
  const statuses = args.statuses ?? null;
  return readPage<"accessReviews", AccessReviewView>("accessReviews", id, args, {
    rows: (page) => loaders.accessReviews.load({ parentId: id, args: { statuses, page } }),
    total: () => loaders.accessReviewTotal.load({ parentId: id, args: statuses }),
  });
}

/** A page of a review's items. */
export function readAccessReviewItems({ loaders }: Context, { id }: AccessReviewView, args: AccessReviewItemArgs) {
  const undecided = args.undecided ?? false;
  const order = args.orderBy ?? "JOINED";
  return readPage<(typeof ITEM_LISTS)[AccessReviewItemOrder], AccessReviewItemView>(ITEM_LISTS[order], id, args, {
    rows: (page) => loaders.accessReviewItems.load({ parentId: id, args: { undecided, order, page } }),
    total: () => loaders.accessReviewItemTotal.load({ parentId: id, args: undecided }),
  });
}

/** A page of an organization's audit log. Filters that no event can match skip the query. */
export function readAuditLog({ reader }: Context, { id }: OrganizationView, args: AuditArgs) {
  const { types = null, actorId = null, workspaceId = null, since = null, until = null } = args;
  const filter = { types: types?.map((type) => type.replaceAll("\0", "")) ?? null, actorId, workspaceId, since, until };
  const matchable = (actorId === null || isSubject(actorId)) && (workspaceId === null || isIdentifier(workspaceId));
  return readPage<"auditLog", AuditEventView>("auditLog", id, args, {
    rows: async (page) => (matchable ? await auditPage(reader, id, filter, page) : []),
    total: async () => (matchable ? await auditTotal(reader, id, filter) : 0),
  });
}

async function readPage<Name extends ListName, Node extends ListEntries[Name]>(
  list: Name,
  parentId: string,
  args: PageArgs,
  read: { rows(page: PageRequest): Promise<Node[]>; total(): Promise<number> },
): Promise<Page<Node>> {
  const request = parsePageArgs(list, parentId, args);
  return pageOf(list, parentId, request, await read.rows(request), read.total);
}

import type DataLoader from "dataloader";
import { byId, byParent, type ListRequest } from "./batch";
import type { InvitationStatus } from "./domain/invitation";
import type { WorkspaceRole } from "./domain/role";
import { hasScope, type Viewer, verifiedEmail } from "./domain/viewer";
import type { Reader } from "./store/database";
import type { PageRequest } from "./store/page";
import * as invitations from "./store/views/invitations";
import * as members from "./store/views/members";
import { organizationsInSight, organizationsOfPerson } from "./store/views/organizations";
import type { MemberView, OrganizationView } from "./store/views/people";
import type { Sight } from "./store/views/scope";
import {
  type SubscriptionView,
  subscriptionsInSight,
  subscriptionsOf,
  useOfOrganizations,
} from "./store/views/subscriptions";
import { type UserView, usersInSight } from "./store/views/users";
import * as access from "./store/views/workspace-access";
import * as workspaces from "./store/views/workspaces";

type Totals = { parentId: string; total: number };
type MemberArgs = members.MemberFilter & { page: PageRequest };
type WorkspaceArgs = { search: string | null; page: PageRequest };
type InvitationArgs = { statuses: readonly InvitationStatus[] | null; page: PageRequest };
type Lists<Args, Result> = DataLoader<ListRequest<Args>, Result, string>;
type AccessRow = Awaited<ReturnType<typeof access.workspaceAccessPages>>[number];
type Assignments = Map<string, { roleOverride: WorkspaceRole | null }>;

/** Every edge of the graph, batched and scoped to one viewer. Fresh for each operation, and after each mutation. */
export interface Loaders {
  organization: DataLoader<string, OrganizationView | null>;
  member: DataLoader<string, MemberView | null>;
  user: DataLoader<string, UserView | null>;
  workspace: DataLoader<string, workspaces.WorkspaceView | null>;
  invitation: DataLoader<string, invitations.InvitationView | null>;
  subscription: DataLoader<string, SubscriptionView | null>;
  subscriptionOfOrganization: DataLoader<string, SubscriptionView | null>;
  use: DataLoader<string, { seats: number; workspaces: number } | null>;
  myOrganizations(): Promise<OrganizationView[]>;
  members: Lists<MemberArgs, MemberView[]>;
  memberTotal: Lists<members.MemberFilter, number>;
  workspaces: Lists<WorkspaceArgs, workspaces.WorkspaceView[]>;
  workspaceTotal: Lists<string | null, number>;
  workspacesInReach: Lists<null, workspaces.WorkspaceView[]>;
  assignments: Lists<null, Assignments>;
  access: Lists<PageRequest, AccessRow[]>;
  accessTotal: Lists<null, number>;
  invitations: Lists<InvitationArgs, invitations.InvitationView[]>;
  invitationTotal: Lists<readonly InvitationStatus[] | null, number>;
}

/** Makes the loaders of one viewer at one instant. Each is made when it is first asked for. */
export function createLoaders(reader: Reader, viewer: Viewer, now: Date): Loaders {
  const sight = { userId: viewer.kind === "person" ? viewer.id : null, all: hasScope(viewer, "entities:read") };
  return lazily({
    ...entityLoaders(reader, sight, { now, email: verifiedEmail(viewer) }),
    ...listLoaders(reader, sight, now),
  });
}

function entityLoaders(reader: Reader, sight: Sight, { now, email }: { now: Date; email: string | null }) {
  const idOf = ({ id }: { id: string }) => id;
  return {
    organization: () => byId((ids) => organizationsInSight(reader, sight, ids), idOf),
    member: () => byId((ids) => members.membersInSight(reader, sight, ids), idOf),
    user: () =>
      byId(
        (ids) => usersInSight(reader, sight.userId, ids),
        idOf,
        (id) => !id.includes("\0"),
      ),
    workspace: () => byId((ids) => workspaces.workspacesInSight(reader, sight, ids), idOf),
    invitation: () =>
      byId((ids) => invitations.invitationsInSight(reader, now, { ...sight, verifiedEmail: email }, ids), idOf),
    subscription: () => byId((ids) => subscriptionsInSight(reader, sight, ids), idOf),
    subscriptionOfOrganization: () =>
      byId(
        (ids) => subscriptionsOf(reader, ids),
        (row) => row.organizationId,
      ),
    use: () =>
      byId(
        (ids) => useOfOrganizations(reader, now, ids),
        (row) => row.organizationId,
      ),
  };
}

function listLoaders(reader: Reader, sight: Sight, now: Date) {
  const organizationOf = ({ organizationId }: { organizationId: string }) => organizationId;
  const whole = <View>(views: View[]) => views;
  const totals =
    <Args>(read: (ids: readonly string[], args: Args) => Promise<Totals[]>) =>
    () =>
      byParent(
        read,
        ({ parentId }) => parentId,
        ([row]) => row?.total ?? 0,
      );
  return {
    myOrganizations: () => once(() => (sight.userId === null ? [] : organizationsOfPerson(reader, sight.userId))),
    members: () =>
      byParent((ids, args: MemberArgs) => members.memberPages(reader, ids, args, args.page), organizationOf, whole),
    memberTotal: totals((ids, filter: members.MemberFilter) => members.memberTotals(reader, ids, filter)),
    workspaces: () =>
      byParent(
        (ids, { search, page }: WorkspaceArgs) => workspaces.workspacePages(reader, sight, ids, search, page),
        organizationOf,
        whole,
      ),
    workspaceTotal: totals((ids, search: string | null) => workspaces.workspaceTotals(reader, sight, ids, search)),
    workspacesInReach: () =>
      byParent(
        (ids, _: null) => workspaces.workspacePages(reader, sight, ids, null, { limit: null, after: null }),
        organizationOf,
        whole,
      ),
    assignments: () =>
      byParent(
        (ids, _: null) => access.assignmentsOfMembers(reader, ids),
        ({ memberId }) => memberId,
        (rows): Assignments => new Map(rows.map((row) => [row.workspaceId, row])),
      ),
    access: () =>
      byParent(
        (ids, page: PageRequest) => access.workspaceAccessPages(reader, ids, page),
        ({ workspaceId }) => workspaceId,
        whole,
      ),
    accessTotal: totals((ids, _: null) => access.workspaceAccessTotals(reader, ids)),
    invitations: () =>
      byParent(
        (ids, { statuses, page }: InvitationArgs) => invitations.invitationPages(reader, now, ids, statuses, page),
        organizationOf,
        whole,
      ),
    invitationTotal: totals((ids, statuses: readonly InvitationStatus[] | null) =>
      invitations.invitationTotals(reader, now, ids, statuses),
    ),
  };
}

function once<Result>(read: () => Result | Promise<Result>): () => Promise<Result> {
  let result: Promise<Result> | undefined;
  return () => {
    result ??= Promise.resolve(read());
    return result;
  };
}

/** An operation uses three or four of these: the others are not worth making. */
function lazily<Parts extends object>(makers: { [Name in keyof Parts]: () => Parts[Name] }): Parts {
  const made: Partial<Parts> = {};
  for (const name of Object.keys(makers) as Array<keyof Parts>) {
    let part: Parts[typeof name] | undefined;
    Object.defineProperty(made, name, { get: () => (part ??= makers[name]()) });
  }
  return made as Parts;
}

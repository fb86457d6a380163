import DataLoader from "dataloader";
import { isSubject } from "../domain/identifier";
import type { InvitationStatus } from "../domain/invitation";
import { storedPlan } from "../domain/plan";
import { type CreditBalance, creditBalance, creditPeriod, type DaySpent } from "../domain/usage";
import { hasScope, type Viewer } from "../domain/viewer";
import { groupBy } from "../store/engine/group-by";
import type { Reader } from "../store/engine/statement";
import { MAX_PAGE_SIZE, type PageRequest } from "../store/page";
import { type ByokConfigView, byokConfigsOf, visibleByokConfigs } from "../store/views/byok";
import * as invitations from "../store/views/invitations";
import * as members from "../store/views/members";
import { organizationsOfPerson, visibleOrganizations } from "../store/views/organizations";
import { type MemberView, type OrganizationView, withoutAddress } from "../store/views/people";
import {
  type SubscriptionView,
  subscriptionsOf,
  useOfOrganizations,
  visibleSubscriptions,
} from "../store/views/subscriptions";
import { spentByDay } from "../store/views/usage";
import { type UserView, visibleUsers } from "../store/views/users";
import type { Visibility } from "../store/views/visibility";
import * as access from "../store/views/workspace-access";
import * as workspaces from "../store/views/workspaces";
import { byId, byParent, type ListRequest } from "./batch";

type Totals = { parentId: string; total: number };
type MemberArgs = members.MemberFilter & { page: PageRequest };
type WorkspaceArgs = { search: string | null; page: PageRequest };
type InvitationArgs = { statuses: readonly InvitationStatus[] | null; page: PageRequest };
type Lists<Args, Result> = DataLoader<ListRequest<Args>, Result, string>;
type AccessRow = Awaited<ReturnType<typeof access.workspaceAccessPages>>[number];

/** Every edge of the graph, batched and scoped to one viewer. Fresh for each operation, and after each mutation. */
export interface Loaders {
  organization: DataLoader<string, OrganizationView | null>;
  member: DataLoader<string, MemberView | null>;
  user: DataLoader<string, UserView | null>;
  workspace: DataLoader<string, workspaces.WorkspaceView | null>;
  invitation: DataLoader<string, invitations.InvitationView | null>;
  workspaceGrants: DataLoader<string, invitations.WorkspaceGrantView[]>;
  subscription: DataLoader<string, SubscriptionView | null>;
  subscriptionOfOrganization: DataLoader<string, SubscriptionView | null>;
  use: DataLoader<string, { seats: number; workspaces: number } | null>;
  byokConfig: DataLoader<string, ByokConfigView | null>;
  byokOfOrganization: DataLoader<string, ByokConfigView | null>;
  credits: DataLoader<SubscriptionView, Credits, string>;
  /** The first of the viewer's organizations, as many as one page holds. */
  myOrganizations(): Promise<OrganizationView[]>;
  members: Lists<MemberArgs, MemberView[]>;
  memberTotal: Lists<members.MemberFilter, number>;
  workspaces: Lists<WorkspaceArgs, workspaces.WorkspaceView[]>;
  workspaceTotal: Lists<string | null, number>;
  memberAccess: DataLoader<MemberView, access.WorkspaceAccessView[], string>;
  access: Lists<PageRequest, AccessRow[]>;
  accessTotal: Lists<null, number>;
  invitations: Lists<InvitationArgs, invitations.InvitationView[]>;
  invitationTotal: Lists<readonly InvitationStatus[] | null, number>;
}

/** What there is of an organization's credits, and what was spent day by day lately. */
interface Credits {
  balance: CreditBalance;
  days: DaySpent[];
}

interface LoaderContext {
  reader: Reader;
  visibility: Visibility;
  now: Date;
}

/** The pace of spending is that of the last seven days. */
const PACE_MS = 7 * 24 * 60 * 60 * 1000;
const idOf = ({ id }: { id: string }) => id;
const organizationOf = ({ organizationId }: { organizationId: string }) => organizationId;
const whole = <View>(views: View[]) => views;
const totals = <Args>(read: (ids: readonly string[], args: Args) => Promise<Totals[]>) =>
  byParent(
    read,
    ({ parentId }) => parentId,
    ([row]) => row?.total ?? 0,
  );

const MAKERS: { [Name in keyof Loaders]: (asker: LoaderContext) => Loaders[Name] } = {
  organization: ({ reader, visibility }) => byId((ids) => visibleOrganizations(reader, visibility, ids), idOf),
  member: ({ reader, visibility }) => byId((ids) => members.visibleMembers(reader, visibility, ids), idOf),
  user: ({ reader, visibility }) => byId((ids) => visibleUsers(reader, visibility.userId, ids), idOf, isSubject),
  workspace: ({ reader, visibility }) => byId((ids) => workspaces.visibleWorkspaces(reader, visibility, ids), idOf),
  invitation: ({ reader, visibility, now }) =>
    byId((ids) => invitations.visibleInvitations(reader, now, visibility, ids), idOf),
  workspaceGrants: ({ reader }) => new DataLoader((ids) => invitations.grantsOfInvitations(reader, ids)),
  subscription: ({ reader, visibility }) => byId((ids) => visibleSubscriptions(reader, visibility, ids), idOf),
  subscriptionOfOrganization: ({ reader }) => byId((ids) => subscriptionsOf(reader, ids), organizationOf),
  use: ({ reader, now }) => byId((ids) => useOfOrganizations(reader, now, ids), organizationOf),
  byokConfig: ({ reader, visibility }) => byId((ids) => visibleByokConfigs(reader, visibility, ids), idOf),
  byokOfOrganization: ({ reader }) => byId((ids) => byokConfigsOf(reader, ids), organizationOf),
  credits: ({ reader, now }) =>
    new DataLoader((asked: readonly SubscriptionView[]) => creditsOf(reader, asked, now), { cacheKeyFn: idOf }),
  myOrganizations: ({ reader, visibility: { userId } }) =>
    once(() => (userId === null ? [] : firstOrganizations(reader, userId))),
  members: ({ reader, visibility }) =>
    byParent(
      async (ids, args: MemberArgs) => {
        const page = await members.memberPages(reader, visibility.userId, ids, args, args.page);
        return visibility.all ? page.map(withoutAddress) : page;
      },
      organizationOf,
      whole,
    ),
  memberTotal: ({ reader }) => totals((ids, filter: members.MemberFilter) => members.memberTotals(reader, ids, filter)),
  workspaces: ({ reader, visibility }) =>
    byParent(
      (ids, { search, page }: WorkspaceArgs) => workspaces.workspacePages(reader, visibility, ids, search, page),
      organizationOf,
      whole,
    ),
  workspaceTotal: ({ reader, visibility }) =>
    totals((ids, search: string | null) => workspaces.workspaceTotals(reader, visibility, ids, search)),
  memberAccess: ({ reader, visibility }) =>
    new DataLoader((asked: readonly MemberView[]) => access.accessOfMembers(reader, visibility, asked), {
      cacheKeyFn: idOf,
    }),
  access: ({ reader, visibility }) =>
    byParent(
      async (ids, page: PageRequest) => {
        const rows = await access.workspaceAccessPages(reader, visibility.userId, ids, page);
        return visibility.all ? rows.map((row) => ({ ...row, member: withoutAddress(row.member) })) : rows;
      },
      ({ workspaceId }) => workspaceId,
      whole,
    ),
  accessTotal: ({ reader }) => totals((ids, _: null) => access.workspaceAccessTotals(reader, ids)),
  invitations: ({ reader, now }) =>
    byParent(
      (ids, { statuses, page }: InvitationArgs) => invitations.invitationPages(reader, now, ids, statuses, page),
      organizationOf,
      whole,
    ),
  invitationTotal: ({ reader, now }) =>
    totals((ids, statuses: readonly InvitationStatus[] | null) =>
      invitations.invitationTotals(reader, now, ids, statuses),
    ),
};

/** An operation uses three or four loaders: each is made when it is first asked for. */
class LazyLoaders {
  constructor(readonly asker: LoaderContext) {}
}
for (const name of Object.keys(MAKERS) as Array<keyof Loaders>) {
  Object.defineProperty(LazyLoaders.prototype, name, {
    get(this: LazyLoaders) {
      const value = MAKERS[name](this.asker);
      Object.defineProperty(this, name, { value });
      return value;
    },
  });
}

/** Makes the loaders of one viewer at one instant. */
export function createLoaders(reader: Reader, viewer: Viewer, now: Date): Loaders {
  const visibility = { userId: viewer.kind === "person" ? viewer.id : null, all: hasScope(viewer, "entities:read") };
  return new LazyLoaders({ reader, visibility: visibility, now }) as unknown as Loaders;
}

async function creditsOf(reader: Reader, subscriptions: readonly SubscriptionView[], now: Date): Promise<Credits[]> {
  const periods = subscriptions.map((subscription) => ({
    ...subscription,
    ...creditPeriod(subscription.startedAt, now),
  }));
  const spent = groupBy(await spentByDay(reader, periods, new Date(now.getTime() - PACE_MS)), organizationOf);
  return periods.map(({ organizationId, planCode, end }) => {
    const days = spent.get(organizationId) ?? [];
    return { balance: creditBalance(storedPlan(planCode), days, end, now), days };
  });
}

async function firstOrganizations(reader: Reader, userId: string): Promise<OrganizationView[]> {
  const first = await organizationsOfPerson(reader, userId, { limit: MAX_PAGE_SIZE, after: null });
  return first.slice(0, MAX_PAGE_SIZE);
}

function once<Result>(read: () => Result | Promise<Result>): () => Promise<Result> {
  let result: Promise<Result> | undefined;
  return () => {
    result ??= Promise.resolve(read());
    return result;
  };
}

import { commands } from "../../src/commands";
import { organizationOfWorkspace } from "../../src/store/byok";
import type { Database } from "../../src/store/engine/database";
import { DIRECTORIES, FILL_DIRECTORIES } from "../../src/store/engine/distribution";
import { openDatabase } from "../../src/store/engine/open-database";
import { readMembershipEvents, readMembershipHeads } from "../../src/store/events/membership-events";
import { readInvitingHeads, readReceivedChanges } from "../../src/store/events/received-events";
import { assertMembershipsKept } from "../../src/store/events/removed-events";
import { findFormerMember } from "../../src/store/former-member";
import { lockFounded } from "../../src/store/founding";
import { invitationAddressedTo } from "../../src/store/invitation";
import { writeLastSeen } from "../../src/store/last-seen";
import { organizationsInvitingMember } from "../../src/store/open-invitations";
import { deleteOldInvitations } from "../../src/store/retained";
import { accessReviewItemPages, accessReviewItemTotals } from "../../src/store/views/access-review-items";
import { visibleAccessReviews } from "../../src/store/views/access-reviews";
import { workspaceAccessStates } from "../../src/store/views/access-states";
import { visibleByokConfigs } from "../../src/store/views/byok";
import { eventHeadsOfPerson } from "../../src/store/views/event-heads";
import { grantsOfInvitations, visibleInvitations } from "../../src/store/views/invitations";
import { visibleLastSeen } from "../../src/store/views/last-seen";
import { llmAccessState } from "../../src/store/views/llm-access";
import { visibleMembers } from "../../src/store/views/members";
import { organizationsOfPerson, restorableOrganizations, totalOfPerson } from "../../src/store/views/organizations";
import { invitationsOfAddressee, invitationsTo, receivedInvitations } from "../../src/store/views/received-invitations";
import { visibleSubscriptions } from "../../src/store/views/subscriptions";
import { visibleUsers } from "../../src/store/views/users";
import { workspaceAccessPages, workspaceAccessTotals } from "../../src/store/views/workspace-access";
import { visibleWorkspaces } from "../../src/store/views/workspaces";
import { OpenReview } from "../support/access-review";
import { addKeyRow } from "../support/byok-row";
import { recordUsage } from "../support/metering";
import { type Actor, type TestOrganization, World } from "../support/world";

// Statements that find their organizations in the directories of a distributed database. One server runs them both ways.

let world: World;
/** The same database, without directories. */
let plain: Database;
let acme: TestOrganization;
let other: TestOrganization;
let admin: Actor;
let leaver: Actor;
let stranger: Actor;
let workspace: string;

beforeAll(async () => {
  world = await World.create({ isDistributed: false, hasDirectories: true });
  plain = await openDatabase(world.databaseUrl, { connections: 2, lanes: 0, isDistributed: false });
  [acme, other] = [await world.organization(), await world.organization()];
  workspace = await acme.workspace("Production");
  admin = await acme.member("ADMIN");
  leaver = await acme.member("DEVELOPER", [workspace]);
  stranger = await world.person();
  await acme.invite(stranger.email, "VIEWER", [workspace]);
  await other.invite(admin.email, "VIEWER");
  await leaver.run(commands.leaveOrganization, { organizationId: acme.id });
  const gone = await world.organization();
  await gone.owner.run(commands.deleteOrganization, { organizationId: gone.id, confirmName: "Acme" });
});
afterAll(async () => {
  await plain.close();
  await world.close();
});

const page = { limit: 10, after: null };

/** Every read by a person or by workspaces, as one of these viewers. */
async function readAll(database: Database, viewer: Actor | null, review: string) {
  const now = world.clock.now();
  const visibility = { userId: viewer?.id ?? null, all: viewer === null, now };
  const [members, workspaces, keys, subscriptions, invitations = []] = await Promise.all(
    ["member", "workspace", "byok_config", "organization_subscription", "invitation"].map((table) => idsOf(table)),
  );
  const { id: userId, email } = viewer ?? acme.owner;
  const lists = [
    ...[true, false].map((undecided) => ({ undecided, order: "JOINED" as const })),
    ...[true, false].map((undecided) => ({ undecided, order: "FINDINGS" as const })),
  ];
  return {
    items: await Promise.all(lists.map((list) => accessReviewItemPages(database, visibility, [review], list, page))),
    itemTotals: await Promise.all(
      [true, false].map((undecided) => accessReviewItemTotals(database, visibility, [review], undecided)),
    ),
    reviews: await visibleAccessReviews(database, visibility, [review]),
    keys: await visibleByokConfigs(database, visibility, keys ?? []),
    subscriptions: await sorted(visibleSubscriptions(database, visibility, subscriptions ?? [])),
    members: await sorted(visibleMembers(database, visibility, members ?? [])),
    lastSeen: await sorted(visibleLastSeen(database, visibility, members ?? [])),
    users: await sorted(visibleUsers(database, visibility.userId, [acme.owner.id, admin.id, other.owner.id])),
    workspaces: await sorted(visibleWorkspaces(database, visibility, workspaces ?? [])),
    accessTotals: await workspaceAccessTotals(database, now, [workspace]),
    accessPages: await workspaceAccessPages(database, visibility, [workspace], page),
    accessStates: await workspaceAccessStates(database, [{ userId, placeId: workspace.toUpperCase() }], now),
    llmAccess: await llmAccessState(database, workspace, now),
    organization: await organizationOfWorkspace(database, workspace),
    organizations: await organizationsOfPerson(database, userId, page),
    total: await totalOfPerson(database, userId),
    restorable: await restorableOrganizations(database, userId, now),
    heads: await sorted(eventHeadsOfPerson(database, userId)),
    membershipHeads: (await readMembershipHeads(database, [userId, leaver.id]))
      .map((row) => JSON.stringify(row))
      .sort(),
    membershipEvents: await readMembershipEvents(database, userId, new Map()),
    kept: await assertMembershipsKept(database, userId, new Map([[acme.id, 1]])),
    founded: await lockFounded(database, userId, now),
    inviting: await organizationsInvitingMember(database, userId, `${userId}@example.com`),
    invitations: await sorted(visibleInvitations(database, now, visibility, invitations)),
    grants: await grantsOfInvitations(database, now, invitations),
    received: await receivedInvitations(database, now, userId),
    receivedChanges: await readReceivedChanges(database, now, email, new Map([[acme.id, 1]])),
    invitingHeads: (await readInvitingHeads(database, [email, admin.email])).map((row) => JSON.stringify(row)).sort(),
    sent: await invitationsTo(database, now, email),
    ofAddressee: await sorted(invitationsOfAddressee(database, now, email, invitations)),
    addressed: await Promise.all(invitations.map((id) => invitationAddressedTo(database, id, userId))),
    former: await findFormerMember(database, acme.id, leaver.memberId, now),
  };
}

const idsOf = async (table: string) =>
  (await world.query<{ id: string }>(`SELECT id FROM ${table} ORDER BY id`)).map(({ id }) => id);
const sorted = async <Row extends { id: string }>(rows: Promise<Row[]>) =>
  (await rows).sort((one, another) => (one.id < another.id ? -1 : 1));

test("reads by a person or by workspaces return the same with and without directories", async () => {
  const { id: review } = await OpenReview.start(acme);
  await addKeyRow(world, acme.id);
  for (const viewer of [acme.owner, admin, leaver, stranger, other.owner, null]) {
    const expected = await readAll(plain, viewer, review);
    expect(await readAll(world.database, viewer, review)).toEqual(expected);
    // Equal empty lists would prove nothing.
    if (viewer === acme.owner) {
      expect(expected.items.map((items) => items.length)).toEqual([2, 2, 2, 2]);
      for (const list of [expected.keys, expected.members, expected.workspaces, expected.organizations]) {
        expect(list.length).toBeGreaterThan(0);
      }
    }
    if (viewer === stranger) {
      const { invitations, received, receivedChanges, sent, ofAddressee, addressed, grants } = expected;
      for (const list of [invitations, received, receivedChanges, sent, ofAddressee]) expect(list.length).toBe(1);
      expect(addressed).toContainEqual({ id: invitations[0]?.id, organizationId: acme.id });
      expect(grants.flat()).toContainEqual(expect.objectContaining({ workspaceId: workspace }));
    }
  }
});

test("usage and last days of people are written by the directories", async () => {
  const now = world.clock.now();
  const [{ workspaces } = { workspaces: [] as string[] }] = await world.query<{ workspaces: string[] }>(
    "SELECT array_agg(id) AS workspaces FROM workspace WHERE organization_id = ANY ($1::uuid[])",
    [acme.id, other.id],
  );
  const records = workspaces.map((workspaceId, index) => ({
    ...{ id: `call ${index}`, workspaceId, credits: 1, byok: false, at: now },
  }));
  const { recorded } = await recordUsage(world, records);
  expect(recorded).toBe(3);
  const day = new Date("2030-01-01");
  const days = [acme.owner, other.owner].map(({ id }) => ({ userId: id, day }));
  await writeLastSeen(world.database, days);
  const seen = await world.query("SELECT DISTINCT user_id FROM member WHERE last_seen_at = $1 ORDER BY 1", day);
  expect(seen).toEqual([acme.owner.id, other.owner.id].sort().map((id) => ({ user_id: id })));
});

test("the service writes what npm run distribute fills in", async () => {
  const read = (table: string) => world.query(`SELECT * FROM ${table} ORDER BY 1, 2`);
  const all = () => Promise.all(DIRECTORIES.map(read));
  const written = await all();
  for (const table of DIRECTORIES) await world.query(`DELETE FROM ${table}`);
  for (const statement of FILL_DIRECTORIES) await world.query(statement);
  expect(await all()).toEqual(written);
  const [invitations, people, workspaces] = written;
  expect(invitations).toContainEqual(expect.objectContaining({ email: stranger.email, organization_id: acme.id }));
  expect(people).toContainEqual({ user_id: leaver.id, organization_id: acme.id });
  expect(workspaces).toContainEqual({ workspace_id: workspace, organization_id: acme.id });
});

test("an address is one key, even one that looks like an array", async () => {
  const email = "{curly}@example.com";
  await acme.invite(email, "VIEWER");
  const expected = await invitationsTo(plain, world.clock.now(), email);
  expect(expected.length).toBe(1);
  expect(await invitationsTo(world.database, world.clock.now(), email)).toEqual(expected);
});

test("an invitation that is deleted is forgotten", async () => {
  const count = (table: string) => world.query(`SELECT count(*)::int AS count FROM ${table}`);
  const before = await count("invitation");
  await stranger.run(commands.declineInvitation, { invitationId: await other.invite(stranger.email, "VIEWER") });
  const tomorrow = new Date(world.clock.now().getTime() + 86_400_000);
  await deleteOldInvitations(world.database, tomorrow, other.id);
  expect(await count("invitation")).toEqual(before);
  expect(await count("invitation_directory")).toEqual(before);
});

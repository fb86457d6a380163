import { commands } from "../../src/commands";
import { Subscriptions } from "../../src/live/subscriptions";
import { Epochs } from "../../src/store/events/epochs";
import { MANY_PEOPLE, membershipTopic } from "../../src/store/events/notifier";
import { type Actor, type TestOrganization, World } from "../support/world";
import { ask, interrupted, WorldStream } from "./support/world-stream";

const FIELDS = "cursor change organizationId organization { name viewerMember { role } }";

let world: World;
let acme: TestOrganization;
let person: Actor;
const streams: WorldStream[] = [];
beforeAll(async () => {
  world = await World.create();
});
beforeEach(async () => {
  acme = await world.organization();
  person = await world.person();
});
afterEach(async () => {
  for (const stream of streams.splice(0)) await stream.close();
});
afterAll(() => world.close());

async function follow(viewer: Actor, after?: string): Promise<WorldStream> {
  const args = after === undefined ? {} : { after };
  const stream = await WorldStream.open(world, viewer, "viewerMembershipChanged", args, FIELDS);
  streams.push(stream);
  return stream;
}

async function join(organization: TestOrganization, who: Actor, role: "ADMIN" | "VIEWER" = "VIEWER") {
  const invitationId = await organization.invite(who.email, role);
  return (await who.run(commands.acceptInvitation, { invitationId })).memberId;
}
const removeMember = (organization: TestOrganization, memberId: string) =>
  organization.owner.run(commands.removeMember, { organizationId: organization.id, memberId });
const changeRole = (memberId: string, role: "ADMIN" | "DEVELOPER" | "OWNER") =>
  acme.owner.run(commands.changeMemberRole, { organizationId: acme.id, memberId, role });
const deleteAcme = () => acme.owner.run(commands.deleteOrganization, { organizationId: acme.id, confirmName: "Acme" });
const restoreAcme = () => acme.owner.run(commands.restoreOrganization, { organizationId: acme.id });

type Event = { change: string; organizationId: string; organization: { viewerMember: { role: string } } | null };
const changesOf = (events: Event[]) => events.map(({ change }) => change);
const rolesOf = (events: Event[]) => events.map(({ organization }) => organization?.viewerMember.role ?? null);

test("a person gets the changes of each membership from joining to its end, and again after joining again", async () => {
  const stream = await follow(person);
  const memberId = await join(acme, person);
  expect(await stream.next()).toMatchObject([
    { change: "JOINED", organizationId: acme.id, organization: { name: "Acme", viewerMember: { role: "VIEWER" } } },
  ]);
  await changeRole(memberId, "DEVELOPER");
  const workspaceId = await acme.workspace("Alpha");
  await acme.owner.run(commands.grantWorkspaceAccess, { organizationId: acme.id, workspaceId, memberId });
  expect(changesOf(await stream.next())).toEqual(["ROLE_CHANGED", "WORKSPACE_ACCESS_CHANGED"]);
  await removeMember(acme, memberId);
  const [removed] = await stream.next();
  expect(removed).toMatchObject({ change: "REMOVED", organizationId: acme.id, organization: null });
  await join(acme, person);
  await person.run(commands.leaveOrganization, { organizationId: acme.id });
  const last = await stream.next();
  expect([changesOf(last), rolesOf(last)]).toEqual([
    ["JOINED", "LEFT"],
    [null, null],
  ]);
  expect(stream.code).toBeNull();
});

test("a transfer reaches its two people, and nobody else", async () => {
  const memberId = await join(acme, person, "ADMIN");
  const other = await acme.member("ADMIN");
  const [from, to, third] = [await follow(acme.owner), await follow(person), await follow(other)];
  await acme.owner.run(commands.transferOwnership, { organizationId: acme.id, memberId });
  const received = [await from.next(), await to.next(), await third.next()];
  expect(received.map(changesOf)).toEqual([["OWNERSHIP_TRANSFERRED"], ["OWNERSHIP_TRANSFERRED"], []]);
  expect(received.map(rolesOf)).toEqual([["ADMIN"], ["OWNER"], []]);
});

test("a deletion and a restoration reach the members of that time only", async () => {
  const memberId = await join(acme, person);
  const former = await acme.member("VIEWER");
  await removeMember(acme, former.memberId);
  const [member, gone, stranger] = [await follow(person), await follow(former), await follow(await world.person())];
  await deleteAcme();
  const deleted = await member.next();
  expect([changesOf(deleted), rolesOf(deleted)]).toEqual([["ORGANIZATION_DELETED"], [null]]);
  await restoreAcme();
  const restored = await member.next();
  expect([changesOf(restored), rolesOf(restored)]).toEqual([["ORGANIZATION_RESTORED"], ["VIEWER"]]);
  expect([await gone.next(), await stranger.next()]).toEqual([[], []]);
  // All missed events are read at once: only the deletion during the membership counts.
  await deleteAcme();
  await restoreAcme();
  await removeMember(acme, memberId);
  await deleteAcme();
  await restoreAcme();
  await join(acme, person);
  await deleteAcme();
  expect(changesOf(await member.next())).toEqual([
    ...["ORGANIZATION_DELETED", "ORGANIZATION_RESTORED", "REMOVED", "JOINED", "ORGANIZATION_DELETED"],
  ]);
});

test("a joining and a removal between two reads are both delivered, in any organization and by any path", async () => {
  const stream = await follow(person);
  const [globex, umbrella] = [await world.organization(), await world.organization()];
  await removeMember(globex, await join(globex, person));
  await join(umbrella, person);
  await person.run(commands.createOrganization, { name: "Own" });
  const events = await stream.next();
  const inOrder = (id: string) => changesOf(events.filter(({ organizationId }) => organizationId === id));
  expect([inOrder(globex.id), inOrder(umbrella.id)]).toEqual([["JOINED", "REMOVED"], ["JOINED"]]);
  expect(events).toHaveLength(4);
});

test("events keep the order of their log, also where an earlier time was given to a later one", async () => {
  const stream = await follow(person);
  const memberId = await join(acme, person);
  world.clock.pass(-60_000);
  await changeRole(memberId, "DEVELOPER");
  world.clock.pass(60_000);
  expect(changesOf(await stream.next())).toEqual(["JOINED", "ROLE_CHANGED"]);
});

test("changes of other people, and other changes of the organization, do not reach a person", async () => {
  await join(acme, person);
  const stream = await follow(person);
  const other = await acme.member("VIEWER");
  await changeRole(other.memberId, "ADMIN");
  await acme.workspace("Alpha");
  await acme.owner.run(commands.updateOrganization, { organizationId: acme.id, name: "Acme Ltd" });
  await removeMember(acme, other.memberId);
  expect(await stream.next()).toEqual([]);
});

test("a stream can resume after each of its events, without gaps or repetitions", async () => {
  const globex = await world.organization();
  const first = await follow(person);
  const memberId = await join(acme, person);
  await join(globex, person);
  await changeRole(memberId, "ADMIN");
  const events = await first.next();
  expect(events).toHaveLength(3);
  for (const [index, { cursor }] of events.entries()) {
    const again = await follow(person, cursor);
    expect(await again.next()).toEqual(events.slice(index + 1));
  }
  await first.close();
  await removeMember(acme, memberId);
  await deleteAcme();
  const resumed = await follow(person, events[2].cursor);
  expect(changesOf(await resumed.next())).toEqual(["REMOVED"]);
});

/** Subscriptions that read changes only after `publish`, because polls are too rare. */
function openSubscriptions() {
  let publish: (topics: readonly string[] | null) => void = () => undefined;
  const notifier = { subscribe: (listener: typeof publish) => (publish = listener) };
  const live = new Subscriptions(
    { database: world.database, clock: world.clock, epochs: new Epochs() },
    notifier,
    () => undefined,
  );
  clearInterval((live as unknown as { pollTimer: NodeJS.Timeout }).pollTimer);
  return { live, publish };
}

test("a stream from the cursor of a response delivers all changes that the response lacks", async () => {
  for (let n = 0; ; n++) {
    const [joining, organization] = [await world.person(), await world.organization()];
    let statements = 0;
    const database = interrupted(world, async (statement) => {
      statements = statement + 1;
      if (statement === n) await join(organization, joining);
    });
    const text = "{ viewer { memberships { organization { id } } membershipCursor } }";
    const { data } = await ask(world, joining, text, world.context(joining, database));
    if (statements <= n) break;
    const events = await (await follow(joining, data.viewer.membershipCursor)).next();
    const isShown = JSON.stringify(data.viewer.memberships).includes(organization.id);
    if (!isShown) expect(changesOf(events)).toEqual(["JOINED"]);
    expect(isShown || n > 0).toBe(true);
  }
});

test("streams of a person that started at different times give an event the same cursor", async () => {
  const { live, publish } = openSubscriptions();
  const subscriber = { viewer: person, expiresAt: null, onStalled: () => undefined };
  const early = await live.subscribeToMemberships(subscriber, {});
  const memberId = await join(acme, person);
  const late = await live.subscribeToMemberships(subscriber, {});
  await changeRole(memberId, "ADMIN");
  publish([membershipTopic(person.id)]);
  const [joined, changed] = [(await early.next()).value, (await early.next()).value];
  expect([joined?.change, changed?.change]).toEqual(["JOINED", "ROLE_CHANGED"]);
  expect((await late.next()).value).toEqual(changed);
  live.close();
});

test("the organization's notification delivers a deletion to members; the person's notification delivers other changes", async () => {
  const { live, publish } = openSubscriptions();
  const memberId = await join(acme, person);
  const stream = await live.subscribeToMemberships({ viewer: person, expiresAt: null, onStalled: () => undefined }, {});
  await changeRole(memberId, "ADMIN");
  publish([membershipTopic(person.id)]);
  expect((await stream.next()).value?.change).toBe("ROLE_CHANGED");
  await deleteAcme();
  publish([MANY_PEOPLE]);
  expect((await stream.next()).value?.change).toBe("ORGANIZATION_DELETED");
  await restoreAcme();
  publish(null);
  expect((await stream.next()).value?.change).toBe("ORGANIZATION_RESTORED");
  live.close();
});

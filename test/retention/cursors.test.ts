import { commands } from "../../src/commands";
import type { EventType } from "../../src/domain/events";
import type { Service } from "../../src/domain/viewer";
import { writeEventCursor } from "../../src/store/events/event-cursor";
import { type FeedPosition, writeFeedCursor } from "../../src/store/events/feed-position";
import { assertFeedKept } from "../../src/store/events/removed-events";
import { readFeedEnd, readFeedPage } from "../../src/store/events/service-events";
import { ask, WorldStream } from "../live/support/world-stream";
import { type Actor, outcomeOf, type TestOrganization, World } from "../support/world";
import { headOf, KEPT_MS, removeEvents, rename } from "./support";

let world: World;
let acme: TestOrganization;
beforeEach(async () => {
  world = await World.create();
  acme = await world.organization();
});
afterEach(() => world.close());

/** All events of a stream, or the code of the error that prevented its start. */
async function eventsOf(stream: WorldStream, read: (event: Record<string, string>) => string | undefined) {
  const events = await stream.next();
  await stream.close();
  return stream.code ?? [...events, ...stream.events].map((event) => read(event) ?? "");
}

/** The renamings of organizations after a cursor, or the code of the error. */
async function changesOf(organization: TestOrganization, after: string): Promise<string | string[]> {
  const args = { organizationId: organization.id, after };
  const stream = await WorldStream.open(world, organization.owner, "organizationChanged", args, "type");
  return await eventsOf(stream, ({ type }) => type);
}

test("an organization's cursor is refused only if removed events follow it", async () => {
  await rename(acme, "Old");
  const old = await headOf(world, acme);
  world.clock.pass(KEPT_MS);
  await rename(acme, "Young");
  const other = await world.organization();
  const at = (sequence: number, { id }: TestOrganization = acme) => writeEventCursor(id, sequence);
  expect(await changesOf(acme, at(old - 1))).toEqual(["organization.updated", "organization.updated"]);
  await removeEvents(world);
  for (const sequence of [0, 1, old - 1]) expect(await changesOf(acme, at(sequence))).toBe("BAD_USER_INPUT");
  expect(await changesOf(acme, at(old))).toEqual(["organization.updated"]);
  expect(await changesOf(acme, at(old + 1))).toEqual([]);
  expect(await changesOf(other, at(0, other))).not.toBe("BAD_USER_INPUT");
});

/** The current cursor of a person's memberships. */
const cursorOf = async (person: Actor): Promise<string> =>
  (await ask(world, person, "{ viewer { membershipCursor } }")).data.viewer.membershipCursor;

/** The changes of a person's memberships after a cursor, or the code of the error. */
async function changesFor(person: Actor, after: string): Promise<string | string[]> {
  const stream = await WorldStream.open(world, person, "viewerMembershipChanged", { after }, "change");
  return await eventsOf(stream, ({ change }) => change);
}

const role = ({ memberId }: Actor, role: "DEVELOPER" | "VIEWER") =>
  acme.owner.run(commands.changeMemberRole, { organizationId: acme.id, memberId, role });

test("the old cursor of a member without events continues with the next event", async () => {
  const quiet = await acme.member("VIEWER");
  const busy = await acme.member("VIEWER");
  await role(busy, "DEVELOPER");
  world.clock.pass(KEPT_MS);
  await rename(acme, "Young");
  const recent = await cursorOf(quiet);
  await removeEvents(world);
  expect(await cursorOf(quiet)).toBe(recent);
  expect(await changesFor(quiet, recent)).toEqual([]);
  await role(quiet, "DEVELOPER");
  await acme.owner.run(commands.deleteOrganization, { organizationId: acme.id, confirmName: "Young" });
  expect(await changesFor(quiet, recent)).toEqual(["ROLE_CHANGED", "ORGANIZATION_DELETED"]);
});

test("a cursor of memberships is refused if old events follow it", async () => {
  const member = await acme.member("VIEWER");
  const newcomer = await world.person();
  const [early, before] = [await cursorOf(member), await cursorOf(newcomer)];
  await newcomer.run(commands.acceptInvitation, { invitationId: await acme.invite(newcomer.email, "VIEWER") });
  for (const next of ["DEVELOPER", "VIEWER"] as const) await role(member, next);
  world.clock.pass(KEPT_MS - 1);
  await rename(acme, "Young");
  await removeEvents(world);
  expect(await changesFor(member, early)).toEqual(["ROLE_CHANGED", "ROLE_CHANGED"]);
  expect(await changesFor(newcomer, before)).toEqual(["JOINED"]);
  world.clock.pass(1);
  await removeEvents(world);
  expect(await changesFor(member, early)).toBe("BAD_USER_INPUT");
  expect(await changesFor(newcomer, before)).toBe("BAD_USER_INPUT");
  expect(await changesFor(member, await cursorOf(member))).toEqual([]);
});

test("no event of a former member remains and their old cursor is refused; each member keeps one event", async () => {
  const [left, stays] = [await acme.member("VIEWER"), await acme.member("VIEWER")];
  const cursor = await cursorOf(left);
  await left.run(commands.leaveOrganization, { organizationId: acme.id });
  world.clock.pass(KEPT_MS);
  await rename(acme, "Young");
  await removeEvents(world);
  const about = (person: Actor) =>
    world.query(
      "SELECT type FROM organization_event WHERE organization_id = $1 AND data ->> 'userId' = $2",
      ...[acme.id, person.id],
    );
  expect([await about(left), await about(stays)]).toEqual([[], [{ type: "member.joined" }]]);
  expect(await changesFor(left, cursor)).toBe("BAD_USER_INPUT");
});

test("the newest deletion or restoration remains, however old, for cursors before it", async () => {
  const member = await acme.member("VIEWER");
  await acme.owner.run(commands.deleteOrganization, { organizationId: acme.id, confirmName: "Acme" });
  await acme.owner.run(commands.restoreOrganization, { organizationId: acme.id });
  const cursor = await cursorOf(member);
  world.clock.pass(KEPT_MS);
  await rename(acme, "Young");
  await removeEvents(world);
  expect(await changesFor(member, cursor)).toEqual([]);
  const shared = "SELECT type FROM organization_event WHERE organization_id = $1 AND type LIKE 'organization.%ed'";
  expect((await world.query<{ type: string }>(shared, acme.id)).map(({ type }) => type)).toEqual([
    "organization.restored",
    "organization.updated",
  ]);
});

const service: Service = { kind: "service", name: "reader", scopes: new Set(["events:read"]) };

/** The outcome of a page and of a stream of the feed. */
async function feedAfter(position: FeedPosition, types: EventType[] | null): Promise<string[]> {
  const args = { after: writeFeedCursor(position), types };
  const stream = await WorldStream.open(world, service, "organizationEvents", args, "type");
  await stream.close();
  const list = `after: ${JSON.stringify(args.after)}, types: ${JSON.stringify(types)}`;
  const { code } = await ask(world, service, `{ organizationEvents(${list}) { hasMore } }`);
  return [stream.code ?? "ok", code ?? "ok"];
}

test("a cursor of the feed is refused if removed events of its types follow it", async () => {
  const start = await readFeedEnd(world.database);
  await rename(acme, "Old");
  const other = await world.organization();
  const page = { limit: 100, scanLimit: 100, types: null, bound: null };
  const { events } = await readFeedPage(world.database, { ...page, position: start });
  world.clock.pass(KEPT_MS);
  for (const organization of [acme, other]) await rename(organization, "Young");
  await removeEvents(world);
  const outcome = (position: FeedPosition, types: EventType[] | null) =>
    outcomeOf(assertFeedKept(world.database, position, types));
  // Founding the other organization is one transaction, so its events have the same position.
  const removed = events.filter(({ type }) => type !== "member.joined");
  const last = removed.at(-1);
  if (!last) throw new Error("Nothing was removed.");
  for (const { position } of removed.slice(0, -1)) expect(await outcome(position, null)).toBe("BAD_USER_INPUT");
  expect(await outcome(last.position, null)).toBe("ok");
  expect(await outcome(start, ["organization.updated"])).toBe("BAD_USER_INPUT");
  expect(await outcome(removed[0]?.position ?? start, ["organization.updated"])).toBe("ok");
  expect(await outcome(start, ["member.role_changed"])).toBe("ok");
  expect(await feedAfter(start, null)).toEqual(["BAD_USER_INPUT", "BAD_USER_INPUT"]);
  expect(await feedAfter(start, ["member.role_changed"])).toEqual(["ok", "ok"]);
  expect(await feedAfter(last.position, null)).toEqual(["ok", "ok"]);
});

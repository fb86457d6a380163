import { commands } from "../../src/commands";
import { Denied } from "../../src/domain/denial";
import type { OrganizationPermission } from "../../src/domain/permission";
import { Subscriptions } from "../../src/live/subscriptions";
import { Epochs } from "../../src/store/events/epochs";
import { type LiveEvent, readEventBatch } from "../../src/store/events/live-events";
import { type Actor, outcomeOf, type TestOrganization, World } from "../support/world";

/** The maximum age of the role by which an event is delivered, in milliseconds. */
const FRESH_MS = 50;

let world: World;
let acme: TestOrganization;
let live: Subscriptions;
let publish: (topics: readonly string[] | null) => void = () => undefined;
beforeAll(async () => {
  world = await World.create();
});
beforeEach(async () => {
  acme = await world.organization();
  const notifier = { subscribe: (listener: typeof publish) => (publish = listener) };
  live = new Subscriptions(
    { database: world.database, clock: world.clock, epochs: new Epochs() },
    notifier,
    () => undefined,
  );
  // The test publishes topics itself, and no poll may find changes.
  clearInterval((live as unknown as { pollTimer: NodeJS.Timeout }).pollTimer);
});
afterEach(() => {
  live.close();
  jest.restoreAllMocks();
});
afterAll(() => world.close());

const invitationsWith = (permission: OrganizationPermission | null) => ({
  permission,
  kind: "invitation" as const,
  matches: ({ type }: LiveEvent) => type === "invitation.created",
});

function subscribeAs(viewer: Actor, permission: OrganizationPermission | null = "INVITE_AND_REMOVE_MEMBERS") {
  const subscriber = { viewer, expiresAt: null, onStalled: () => undefined };
  return live.subscribeToOrganization(subscriber, { organizationId: acme.id }, invitationsWith(permission));
}

/** Advances performance.now. */
function advance(milliseconds: number): void {
  const now = performance.now.bind(performance);
  jest.spyOn(performance, "now").mockImplementation(() => now() + milliseconds);
}

const LOSSES: Array<[string, OrganizationPermission | null, (member: Actor) => Promise<unknown>, string]> = [
  [
    "the role",
    "INVITE_AND_REMOVE_MEMBERS",
    ({ memberId }) => {
      const input = { organizationId: acme.id, memberId, role: "VIEWER" as const };
      return acme.owner.run(commands.changeMemberRole, input);
    },
    "FORBIDDEN",
  ],
  [
    "the membership",
    null,
    ({ memberId }) => acme.owner.run(commands.removeMember, { organizationId: acme.id, memberId }),
    "NOT_FOUND",
  ],
  [
    "the organization",
    null,
    () => acme.owner.run(commands.deleteOrganization, { organizationId: acme.id, confirmName: "Acme" }),
    "NOT_FOUND",
  ],
];

test.each(LOSSES)(
  "a slow client gets no more of its backlog after it loses %s, even without a notification",
  async (_, permission, lose, code) => {
    // The member is Owner of their own organization, which must not count here.
    const admin = await acme.member("ADMIN");
    const stream = await subscribeAs(admin, permission);
    for (const name of ["one", "two", "three"]) await acme.invite(`${name}@example.com`, "VIEWER");
    publish([acme.id]);
    expect((await stream.next()).value?.invitation?.email).toBe("one@example.com");
    await lose(admin);
    advance(FRESH_MS + 1);
    expect(await outcomeOf(stream.next())).toBe(code);
    expect((await stream.next()).done).toBe(true);
  },
);

test("a batch contains only roles in its own organization", async () => {
  const viewer = await acme.member("VIEWER");
  const stranger = await world.person();
  const other = await world.organization();
  const userIds = [acme.owner.id, viewer.id, stranger.id, other.owner.id];
  const request = { organizationId: acme.id, position: 0, limit: 1, userIds, kinds: new Set(["member"] as const) };
  const batch = await readEventBatch(world.database, world.clock.now(), request);
  expect(batch?.roles).toEqual(
    new Map([
      [acme.owner.id, "OWNER"],
      [viewer.id, "VIEWER"],
    ]),
  );
});

test("nobody can subscribe to a deleted organization, not even its Owner, until it is restored", async () => {
  await acme.owner.run(commands.deleteOrganization, { organizationId: acme.id, confirmName: "Acme" });
  for (const permission of ["INVITE_AND_REMOVE_MEMBERS", null] as const) {
    const denied = await subscribeAs(acme.owner, permission).catch((error: unknown) => error);
    expect(denied).toBeInstanceOf(Denied);
    expect(denied).toMatchObject({ extensions: { code: "NOT_FOUND" } });
  }
  expect(live.size).toBe(0);
  await acme.owner.run(commands.restoreOrganization, { organizationId: acme.id });
  await subscribeAs(acme.owner);
  expect(live.size).toBe(1);
});

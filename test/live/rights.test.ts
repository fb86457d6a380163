import { commands } from "../../src/commands";
import { Denied } from "../../src/domain/denial";
import type { OrganizationPermission } from "../../src/domain/permission";
import { Subscriptions } from "../../src/live/subscriptions";
import { type LiveEvent, readEventBatch } from "../../src/store/events/live-events";
import { type Actor, outcomeOf, type TestOrganization, World } from "../support/world";

/** How old, in milliseconds, what is known of a role may be when an event is told. */
const FRESH_MS = 50;

let world: World;
let acme: TestOrganization;
let live: Subscriptions;
let wake: (topics: readonly string[] | null) => void = () => undefined;
beforeAll(async () => {
  world = await World.create();
});
beforeEach(async () => {
  acme = await world.organization();
  const notifier = { subscribe: (listener: typeof wake) => (wake = listener) };
  live = new Subscriptions({ database: world.database, clock: world.clock }, notifier, () => undefined);
  // What comes up is told by a wake-up of the test's own, and found by no poll.
  clearInterval((live as unknown as { pollTimer: NodeJS.Timeout }).pollTimer);
});
afterEach(() => {
  live.close();
  jest.restoreAllMocks();
});
afterAll(() => world.close());

const INVITED = (permission: OrganizationPermission | null) => ({
  permission,
  kind: "invitation" as const,
  matches: ({ type }: LiveEvent) => type === "invitation.created",
});

function watchAs(viewer: Actor, permission: OrganizationPermission | null = "INVITE_AND_REMOVE_MEMBERS") {
  const subscriber = { viewer, expiresAt: null, onStalled: () => undefined };
  return live.subscribeToOrganization(subscriber, { organizationId: acme.id }, INVITED(permission));
}

/** Lets a time pass for those who ask how old something is. */
function pass(milliseconds: number): void {
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
  "whoever reads slowly is told nothing of their backlog after they have lost %s, though nobody woke them for it",
  async (_, permission, lose, code) => {
    // Everybody is the Owner of an organization, their own: that gives nothing here.
    const admin = await acme.member("ADMIN");
    const watcher = await watchAs(admin, permission);
    for (const name of ["one", "two", "three"]) await acme.invite(`${name}@example.com`, "VIEWER");
    wake([acme.id]);
    expect((await watcher.next()).value?.invitation?.email).toBe("one@example.com");
    await lose(admin);
    pass(FRESH_MS + 1);
    expect(await outcomeOf(watcher.next())).toBe(code);
    expect((await watcher.next()).done).toBe(true);
  },
);

test("of people's roles those in the organization itself are read, and no others", async () => {
  const viewer = await acme.member("VIEWER");
  const stranger = await world.person();
  const other = await world.organization();
  const userIds = [acme.owner.id, viewer.id, stranger.id, other.owner.id];
  const wanted = { organizationId: acme.id, position: 0, limit: 1, userIds, kinds: new Set(["member"] as const) };
  const excerpt = await readEventBatch(world.database, world.clock.now(), wanted);
  expect(excerpt?.roles).toEqual(
    new Map([
      [acme.owner.id, "OWNER"],
      [viewer.id, "VIEWER"],
    ]),
  );
});

test("a deleted organization cannot be watched, by its Owner neither, and can be once it is restored", async () => {
  await acme.owner.run(commands.deleteOrganization, { organizationId: acme.id, confirmName: "Acme" });
  for (const permission of ["INVITE_AND_REMOVE_MEMBERS", null] as const) {
    const denied = await watchAs(acme.owner, permission).catch((error: unknown) => error);
    expect(denied).toBeInstanceOf(Denied);
    expect(denied).toMatchObject({ extensions: { code: "NOT_FOUND" } });
  }
  expect(live.size).toBe(0);
  await acme.owner.run(commands.restoreOrganization, { organizationId: acme.id });
  await watchAs(acme.owner);
  expect(live.size).toBe(1);
});

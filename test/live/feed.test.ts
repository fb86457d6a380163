import { Subscriptions } from "../../src/live/subscriptions";
import type { Reader } from "../../src/store/engine/statement";
import { Epochs } from "../../src/store/events/epochs";
import { writeCursor } from "../../src/store/page";
import { type TestOrganization, World } from "../support/world";

const ALL = { permission: null, kind: "member", matches: () => true } as const;

let world: World;
let acme: TestOrganization;
beforeAll(async () => {
  world = await World.create();
  acme = await world.organization();
});
afterAll(() => world.close());

test("a stream that resumes during a database outage continues after it, even without new events", async () => {
  await acme.invite("somebody@example.com", "VIEWER");
  let failures = 0;
  let pendingReads = 0;
  // Fails the first read of the batch cache: the events before the position of the feed.
  const database: Reader = {
    rows: async (statement, values) => {
      if (statement.name === "live-events" && values[2] === 0 && failures === 0) {
        failures += 1;
        throw new Error("The database is away.");
      }
      pendingReads += 1;
      return await world.database.rows<never>(statement, values).finally(() => {
        pendingReads -= 1;
      });
    },
  };
  const live = new Subscriptions(
    { database, clock: world.clock, epochs: new Epochs() },
    { subscribe: () => undefined },
    () => undefined,
  );
  const subscriber = { viewer: acme.owner, expiresAt: null, onStalled: () => undefined };
  // Another stream is open, so the feed has read up to the head.
  const other = await live.subscribeToOrganization(subscriber, { organizationId: acme.id }, ALL);
  void other.next();
  while (!other.isIdle || pendingReads > 0) await new Promise((resolve) => setImmediate(resolve));
  const args = { organizationId: acme.id, after: writeCursor("events", acme.id, [0]) };
  const stream = await live.subscribeToOrganization(subscriber, args, ALL);
  expect((await stream.next()).value?.sequence).toBe(1);
  expect(failures).toBe(1);
  live.close();
});

test("many streams far behind share one read of each batch", async () => {
  await acme.invite("one-of-many@example.com", "VIEWER");
  let reads = 0;
  const database: Reader = {
    rows: (statement, values) => {
      if (statement.name === "live-events" && values[3] === 50) reads += 1;
      return world.database.rows<never>(statement, values);
    },
  };
  const live = new Subscriptions(
    { database, clock: world.clock, epochs: new Epochs() },
    { subscribe: () => undefined },
    () => undefined,
  );
  const subscriber = { viewer: acme.owner, expiresAt: null, onStalled: () => undefined };
  const args = { organizationId: acme.id, after: writeCursor("events", acme.id, [0]) };
  const streams = await Promise.all(
    Array.from({ length: 30 }, () => live.subscribeToOrganization(subscriber, args, ALL)),
  );
  const first = await Promise.all(streams.map(async (stream) => (await stream.next()).value?.sequence));
  const second = await Promise.all(streams.map(async (stream) => (await stream.next()).value?.sequence));
  expect([new Set(first), new Set(second)]).toEqual([new Set([1]), new Set([2])]);
  // A batch that is not full is not cached, but all streams share the read.
  expect(reads).toBeLessThanOrEqual(2);
  live.close();
});

test("after its last stream a feed reads no more, and a later stream gets what happened since", async () => {
  let statements = 0;
  const database: Reader = {
    rows: (statement, values) => {
      statements += 1;
      return world.database.rows<never>(statement, values);
    },
  };
  let publish: (topics: readonly string[] | null) => void = () => undefined;
  const notifier = { subscribe: (listener: typeof publish) => (publish = listener) };
  const live = new Subscriptions({ database, clock: world.clock, epochs: new Epochs() }, notifier, () => undefined);
  const subscriber = { viewer: acme.owner, expiresAt: null, onStalled: () => undefined };
  const args = { organizationId: acme.id, after: writeCursor("events", acme.id, [0]) };
  const first = await live.subscribeToOrganization(subscriber, args, ALL);
  expect((await first.next()).value?.sequence).toBe(1);
  await first.return();
  statements = 0;
  publish(null);
  publish([acme.id]);
  expect(statements).toBe(0);
  await acme.invite("later@example.com", "VIEWER");
  const later = await live.subscribeToOrganization(subscriber, args, ALL);
  let last = (await later.next()).value;
  while (last && last.data.email !== "later@example.com") last = (await later.next()).value;
  expect(last).toMatchObject({ type: "invitation.created" });
  live.close();
});

test("events that were loaded for a stream of invitations are complete for a later stream of memberships", async () => {
  let publish: (topics: readonly string[] | null) => void = () => undefined;
  const live = new Subscriptions(
    { database: world.database, clock: world.clock, epochs: new Epochs() },
    { subscribe: (listener) => (publish = listener) },
    (error) => {
      throw error;
    },
  );
  const subscriber = { viewer: acme.owner, expiresAt: null, onStalled: () => undefined };
  const invitations = await live.subscribeToOrganization(
    subscriber,
    { organizationId: acme.id },
    { ...ALL, kind: "invitation" },
  );
  const joining = await acme.member("VIEWER");
  publish([acme.id]);
  let last = (await invitations.next()).value;
  while (last && last.type !== "member.joined") last = (await invitations.next()).value;
  expect(last).toMatchObject({ type: "member.joined", member: null });
  const after = writeCursor("events", acme.id, [Number(last?.sequence) - 1]);
  const memberships = await live.subscribeToOrganization(subscriber, { organizationId: acme.id, after }, ALL);
  expect((await memberships.next()).value).toMatchObject({ type: "member.joined", member: { userId: joining.id } });
  live.close();
});

/** The live streams of a process without polls, so that only notifications lead to reads. */
function withoutPolls(database: Reader) {
  let publish: (topics: readonly string[] | null) => void = () => undefined;
  const notifier = { subscribe: (listener: typeof publish) => (publish = listener) };
  const live = new Subscriptions({ database, clock: world.clock, epochs: new Epochs() }, notifier, () => undefined);
  clearInterval((live as unknown as { pollTimer: NodeJS.Timeout }).pollTimer);
  return { live, publish: () => publish([acme.id]) };
}

test("a process looks for events without a notification every second", () => {
  const intervals = jest.spyOn(globalThis, "setInterval");
  withoutPolls(world.database);
  expect(intervals.mock.calls.map(([, milliseconds]) => milliseconds)).toEqual([1_000]);
  intervals.mockRestore();
});

test("a notification that arrives while the first stream is being opened is not lost", async () => {
  const database: Reader = {
    rows: async (statement, values) => {
      const rows = await world.database.rows<never>(statement, values);
      if (statement.name === "live-member-state") {
        await acme.invite("in-between@example.com", "VIEWER");
        publish();
      }
      return rows;
    },
  };
  const { live, publish } = withoutPolls(database);
  const subscriber = { viewer: acme.owner, expiresAt: null, onStalled: () => undefined };
  const stream = await live.subscribeToOrganization(subscriber, { organizationId: acme.id }, ALL);
  expect((await stream.next()).value).toMatchObject({ type: "invitation.created" });
  live.close();
});

test("events that are being read for invitations are complete for a stream of memberships that opens meanwhile", async () => {
  let release: () => void = () => undefined;
  let whenRead: () => void = () => undefined;
  const read = new Promise<void>((resolve) => (whenRead = resolve));
  const database: Reader = {
    rows: async (statement, values) => {
      const rows = await world.database.rows<never>(statement, values);
      const hasEvents = JSON.stringify(rows).includes("member.joined");
      if (statement.name === "live-events-of-invitations" && hasEvents) {
        const released = new Promise<void>((resolve) => (release = resolve));
        whenRead();
        await released;
      }
      return rows;
    },
  };
  const { live, publish } = withoutPolls(database);
  const subscriber = { viewer: acme.owner, expiresAt: null, onStalled: () => undefined };
  const start = await world.query<{ head: number }>(
    "SELECT event_sequence AS head FROM organization WHERE id = $1",
    acme.id,
  );
  const invitations = { ...ALL, kind: "invitation" } as const;
  await live.subscribeToOrganization(subscriber, { organizationId: acme.id }, invitations);
  const { id } = await acme.member("VIEWER");
  publish();
  await read;
  const after = writeCursor("events", acme.id, [start[0]?.head ?? 0]);
  const memberships = await live.subscribeToOrganization(subscriber, { organizationId: acme.id, after }, ALL);
  const joined = (async () => {
    for await (const event of memberships) if (event.type === "member.joined") return event;
    return null;
  })();
  release();
  expect(await joined).toMatchObject({ member: { userId: id } });
  live.close();
});

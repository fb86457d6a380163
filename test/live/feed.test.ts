import { Subscriptions } from "../../src/live/subscriptions";
import type { Reader } from "../../src/store/engine/statement";
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

test("whoever resumes while the database is away goes on once it is back, though nothing new happens", async () => {
  await acme.invite("somebody@example.com", "VIEWER");
  let failures = 0;
  let reading = 0;
  // The one read that fails is the watcher's own, of what came before everybody else's position.
  const database: Reader = {
    rows: async (statement, values) => {
      if (statement.name === "live-events" && values[2] === 0 && failures === 0) {
        failures += 1;
        throw new Error("The database is away.");
      }
      reading += 1;
      return await world.database.rows<never>(statement, values).finally(() => {
        reading -= 1;
      });
    },
  };
  const live = new Subscriptions({ database, clock: world.clock }, { subscribe: () => undefined }, () => undefined);
  const subscriber = { viewer: acme.owner, expiresAt: null, onStalled: () => undefined };
  // Somebody else watches already: what came last has been read.
  const other = await live.subscribeToOrganization(subscriber, { organizationId: acme.id }, ALL);
  void other.next();
  while (!other.isIdle || reading > 0) await new Promise((resolve) => setImmediate(resolve));
  const asked = { organizationId: acme.id, after: writeCursor("events", acme.id, [0]) };
  const watcher = await live.subscribeToOrganization(subscriber, asked, ALL);
  expect((await watcher.next()).value?.sequence).toBe(1);
  expect(failures).toBe(1);
  live.close();
});

test("a crowd that comes back from far behind has each page of the log read once", async () => {
  await acme.invite("one-of-many@example.com", "VIEWER");
  let pages = 0;
  const database: Reader = {
    rows: (statement, values) => {
      if (statement.name === "live-events" && values[3] === 50) pages += 1;
      return world.database.rows<never>(statement, values);
    },
  };
  const live = new Subscriptions({ database, clock: world.clock }, { subscribe: () => undefined }, () => undefined);
  const subscriber = { viewer: acme.owner, expiresAt: null, onStalled: () => undefined };
  const asked = { organizationId: acme.id, after: writeCursor("events", acme.id, [0]) };
  const crowd = await Promise.all(
    Array.from({ length: 30 }, () => live.subscribeToOrganization(subscriber, asked, ALL)),
  );
  const first = await Promise.all(crowd.map(async (watcher) => (await watcher.next()).value?.sequence));
  const second = await Promise.all(crowd.map(async (watcher) => (await watcher.next()).value?.sequence));
  expect([new Set(first), new Set(second)]).toEqual([new Set([1]), new Set([2])]);
  // What is not full yet is not kept, and asked for by all of them together each time.
  expect(pages).toBeLessThanOrEqual(2);
  live.close();
});

test("events that were read for those who watch invitations are whole for whoever watches memberships later", async () => {
  let wake: (topics: readonly string[] | null) => void = () => undefined;
  const live = new Subscriptions(
    { database: world.database, clock: world.clock },
    { subscribe: (listener) => (wake = listener) },
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
  wake([acme.id]);
  let last = (await invitations.next()).value;
  while (last && last.type !== "member.joined") last = (await invitations.next()).value;
  expect(last).toMatchObject({ type: "member.joined", member: null });
  const after = writeCursor("events", acme.id, [Number(last?.sequence) - 1]);
  const memberships = await live.subscribeToOrganization(subscriber, { organizationId: acme.id, after }, ALL);
  expect((await memberships.next()).value).toMatchObject({ type: "member.joined", member: { userId: joining.id } });
  live.close();
});

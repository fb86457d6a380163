import type { Reader, Statement } from "../../src/store/engine/statement";
import { readFeedEnd } from "../../src/store/events/service-events";
import { readBound } from "../../src/store/events/settled-bound";
import { EventWriter } from "../support/event-writer";
import { type FeedOptions, NamedFeed } from "../support/feed-reader";
import { type TestOrganization, World } from "../support/world";

let world: World;
let acme: TestOrganization;
let globex: TestOrganization;
let feed: NamedFeed;
let writers: EventWriter[];
beforeAll(async () => {
  world = await World.create();
  [acme, globex] = [await world.organization(), await world.organization()];
  feed = new NamedFeed(world, { acme, globex });
  writers = await Promise.all([1, 2, 3].map(() => EventWriter.connect(world.databaseUrl)));
});
afterAll(async () => {
  await Promise.all(writers.map((writer) => writer.close()));
  await world.close();
});

test("a reader skips a running transaction, and gets its events once after the commit", async () => {
  const [early, late] = writers as [EventWriter, EventWriter];
  const reader = await feed.now();
  const [ofAcme, ofGlobex] = [await feed.upcoming(acme, 2), await feed.upcoming(globex, 2)];
  await early.begin();
  await early.append(acme.id);
  await late.append(globex.id);
  expect(await reader.all()).toEqual(ofGlobex.slice(0, 1));
  await late.append(globex.id);
  expect(await reader.all()).toEqual(ofGlobex.slice(1));
  await early.append(acme.id);
  await early.commit();
  expect(await reader.all()).toEqual(ofAcme);
  expect(await reader.all()).toEqual([]);
});

test("no reader waits for a transaction that was rolled back", async () => {
  const [one, other] = writers as [EventWriter, EventWriter];
  const reader = await feed.now();
  const transaction = await one.begin();
  await one.append(acme.id);
  const next = await feed.upcoming(globex, 1);
  await other.append(globex.id);
  expect(await reader.all()).toEqual(next);
  expect(reader.position.running).toContain(transaction);
  await one.rollback();
  expect(await reader.all()).toEqual([]);
  // Transactions in other databases of this server may be running.
  expect(reader.position.running).not.toContain(transaction);
});

test("an organization's events stay in order when a later transaction gets the lock first", async () => {
  const [first, second, other] = writers as [EventWriter, EventWriter, EventWriter];
  const reader = await feed.now();
  const expected = await feed.upcoming(acme, 5);
  const ofGlobex = await feed.upcoming(globex, 1);
  await first.begin();
  await second.begin();
  await second.append(acme.id, 2);
  await other.append(globex.id);
  const seen = await reader.all();
  // This one has the lower id, and waits for the lock of the other one.
  const waiting = first.append(acme.id, 2);
  await second.commit();
  await waiting;
  seen.push(...(await reader.all()));
  await first.commit();
  await second.append(acme.id);
  const between = feed.at(reader.position);
  seen.push(...(await reader.all()));
  expect(seen).toEqual([...ofGlobex, ...expected]);
  expect(await between.all({ limit: 1, scanLimit: 1 })).toEqual(expected.slice(2));
});

test("pages of every size give the same events, including late ones and those of one transaction", async () => {
  const [one, two, other] = writers as [EventWriter, EventWriter, EventWriter];
  const [ofAcme, ofGlobex] = [await feed.upcoming(acme, 7), await feed.upcoming(globex, 9)];
  await one.begin();
  await one.append(acme.id, 7);
  await two.begin();
  await two.append(globex.id, 4);
  await two.commit();
  const before = await feed.now();
  await other.append(globex.id, 5);
  await one.commit();
  const expected = [...ofAcme, ...ofGlobex.slice(4)];
  for (let size = 1; size <= 14; size++) {
    const read = await feed.at(before.position).all({ limit: size, scanLimit: Math.max(size, 3) });
    expect([size, read]).toEqual([size, expected]);
  }
});

test("a transaction that ends during the read of another's late events is read after them", async () => {
  const [one, two, other] = writers as [EventWriter, EventWriter, EventWriter];
  const [ofAcme, ofGlobex] = [await feed.upcoming(acme, 4), await feed.upcoming(globex, 3)];
  await two.begin();
  await two.append(globex.id, 3);
  await one.begin();
  await one.append(acme.id, 3);
  await other.append(await spareOrganization());
  const reader = await feed.now();
  await one.commit();
  const read = (await reader.page({ limit: 1 })).events.map(feed.nameOf);
  await two.commit();
  await other.append(acme.id);
  read.push(...(await reader.all({ limit: 1 })));
  expect(read).toEqual([...ofAcme.slice(0, 3), ...ofGlobex, ...ofAcme.slice(3)]);
});

test("every event has a cursor, after which the rest follows", async () => {
  const [one, other] = writers as [EventWriter, EventWriter];
  await one.begin();
  await one.append(acme.id, 3);
  await other.append(globex.id, 1);
  const reader = await feed.now();
  await one.commit();
  await other.append(globex.id, 3);
  const { events } = await reader.page();
  const all = events.map(feed.nameOf);
  expect(all).toHaveLength(6);
  for (const [index, event] of events.entries()) {
    expect(await feed.at(event.position).all()).toEqual(all.slice(index + 1));
  }
});

test("a page of rare types scans a limited number of events, and its cursor continues after them", async () => {
  const [writer] = writers as [EventWriter];
  const reader = await feed.now();
  await writer.append(acme.id, 25);
  const rare = await feed.upcoming(globex, 1);
  await writer.append(globex.id, 1, "workspace.deleted");
  const options: FeedOptions = { types: ["workspace.deleted"], limit: 5, scanLimit: 10 };
  for (const _ of [1, 2]) expect(await reader.page(options)).toMatchObject({ events: [], hasMore: true });
  const { events, hasMore } = await reader.page(options);
  expect([events.map(feed.nameOf), hasMore]).toEqual([rare, false]);
});

test("late events are filtered by type, too", async () => {
  const [one, other] = writers as [EventWriter, EventWriter];
  await one.begin();
  await one.append(acme.id, 2);
  await one.append(acme.id, 1, "member.removed");
  await other.append(globex.id);
  const reader = await feed.now();
  await one.commit();
  const { events } = await reader.page({ types: ["member.removed"], limit: 1 });
  expect(events.map(({ type }) => type)).toEqual(["member.removed"]);
  expect(await reader.all({ types: ["member.removed"], limit: 1 })).toEqual([]);
});

test("a bound excludes transactions that commit after it, and those that were running then", async () => {
  const [one, other] = writers as [EventWriter, EventWriter];
  const reader = await feed.now();
  const [within, beyond] = [await feed.upcoming(globex, 1), await feed.upcoming(acme, 1)];
  await one.begin();
  await one.append(acme.id);
  await other.append(globex.id);
  const { last, running } = await readFeedEnd(world.database);
  await one.commit();
  await other.append(globex.id);
  const bound = { last: last[0], running };
  expect(await readFeedEnd(world.database, bound)).toEqual({ last, running, unfinished: null });
  expect(await reader.all({ bound })).toEqual(within);
  expect(await reader.all()).toEqual([...beyond, `globex ${await feed.headOf(globex)}`]);
});

describe("On several nodes, a read", () => {
  /** Shows each node's prepared transactions, look by look. */
  function nodes(...looks: string[][]): Reader & { left(): number } {
    return {
      left: () => looks.length,
      rows: async <Row>({ name }: Statement) => {
        if (name === "feed-snapshot") return [{ last: "41", running: ["7", "40"] }] as Row[];
        expect(name).toBe("feed-prepared");
        return (looks.shift() ?? []).map((gid) => ({ success: gid !== "", result: JSON.stringify([gid]) })) as Row[];
      },
    };
  }

  test("is within the coordinator's snapshot, once the nodes have finished what was prepared by then", async () => {
    const reader = nodes(["citus_1", "citus_2"], ["citus_1", "citus_3"], ["citus_3"], ["citus_4"]);
    expect(await readBound(reader, { isDistributed: true })).toEqual({ last: 41, running: [7, 40] });
    expect(reader.left()).toBe(1);
  });

  test("fails while a node cannot be reached, and on one server has no bound", async () => {
    await expect(readBound(nodes(["citus_1", ""]), { isDistributed: true })).rejects.toThrow("cannot be reached");
    expect(await readBound(nodes(), {})).toBeNull();
  });
});

/** Another organization, which most tests ignore. */
async function spareOrganization(): Promise<string> {
  return (await world.organization()).id;
}

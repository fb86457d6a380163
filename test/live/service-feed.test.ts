import type { Viewer } from "../../src/domain/viewer";
import type { EventStream } from "../../src/live/event-stream";
import { Subscriptions } from "../../src/live/subscriptions";
import type { Reader } from "../../src/store/engine/statement";
import { Epochs } from "../../src/store/events/epochs";
import { writeFeedCursor } from "../../src/store/events/feed-position";
import { readFeedEnd, type ServiceEvent } from "../../src/store/events/service-events";
import { EventWriter } from "../support/event-writer";
import { World } from "../support/world";

const RECENT_EVENTS = 1_000;
const viewer: Viewer = { kind: "service", name: "reader", scopes: new Set(["events:read"]) };

let world: World;
let id: string;
let writer: EventWriter;
let head: number;
beforeAll(async () => {
  world = await World.create();
  id = (await world.organization()).id;
  writer = await EventWriter.connect(world.databaseUrl);
});
afterAll(async () => {
  await writer.close();
  await world.close();
});
beforeEach(async () => {
  const text = "SELECT event_sequence AS head FROM organization WHERE id = $1";
  head = (await world.query<{ head: number }>(text, id))[0]?.head ?? 0;
});

/** The live streams of one process, and their notifier. */
function createLive(database: Reader = world.database) {
  let publish: (topics: readonly string[] | null) => void = () => undefined;
  const notifier = {
    subscribe: (listener: typeof publish) => {
      publish = listener;
    },
  };
  const live = new Subscriptions({ database, clock: world.clock, epochs: new Epochs() }, notifier, () => undefined);
  const open = (args: object = {}, onStalled: () => void = () => undefined) =>
    live.subscribeToAll({ viewer, expiresAt: null, onStalled }, args);
  return { live, open, publish: () => publish([id]) };
}

const take = async (stream: EventStream<ServiceEvent>, count: number) => {
  const sequences: number[] = [];
  while (sequences.length < count) sequences.push((await stream.next()).value?.sequence ?? 0);
  return sequences;
};
const following = (count: number, from = head) => Array.from({ length: count }, (_, n) => from + 1 + n);

test("a slow subscriber gets every event, although the feed stores only the last ones", async () => {
  const { live, open, publish } = createLive();
  const [slow, fast] = [await open(), await open()];
  const first = slow.next();
  const count = RECENT_EVENTS + 600;
  for (let n = 0; n < count; n += 400) {
    await writer.append(id, 400);
    publish();
    expect(await take(fast, 400)).toEqual(following(400, head + n));
  }
  expect([(await first).value?.sequence, ...(await take(slow, count - 1))]).toEqual(following(count));
  // It now reads from the feed.
  await writer.append(id);
  publish();
  expect(await take(slow, 1)).toEqual([head + count + 1]);
  live.close();
});

test("a subscriber that resumes far behind catches up while new events arrive, and gets each once", async () => {
  const { live, open, publish } = createLive();
  const after = writeFeedCursor(await readFeedEnd(world.database));
  await writer.append(id, 350);
  const stream = await open({ after });
  expect(await take(stream, 120)).toEqual(following(120));
  await writer.append(id, 50);
  publish();
  expect(await take(stream, 280)).toEqual(following(280, head + 120));
  const last = stream.next();
  await writer.append(id);
  publish();
  expect((await last).value?.sequence).toBe(head + 401);
  live.close();
});

test("a subscriber of rare types skips thousands of other events", async () => {
  const { live, open, publish } = createLive();
  const after = writeFeedCursor(await readFeedEnd(world.database));
  await writer.append(id, 4_500);
  await writer.append(id, 1, "workspace.deleted");
  const stream = await open({ after, types: ["workspace.deleted"] });
  expect(await take(stream, 1)).toEqual([head + 4_501]);
  await writer.append(id, 3);
  await writer.append(id, 1, "workspace.deleted");
  publish();
  expect(await take(stream, 1)).toEqual([head + 4_505]);
  live.close();
});

test("one read of the feed serves all subscribers", async () => {
  let reads = 0;
  const database: Reader = {
    rows: (statement, values) => {
      if (statement.name === "feed-short-page") reads += 1;
      return world.database.rows<never>(statement, values);
    },
  };
  const { live, open, publish } = createLive(database);
  // A poll would be one more read.
  clearInterval((live as unknown as { pollTimer: NodeJS.Timeout }).pollTimer);
  const streams = await Promise.all(Array.from({ length: 20 }, () => open()));
  const before = reads;
  await writer.append(id);
  publish();
  expect(await Promise.all(streams.map((stream) => take(stream, 1)))).toEqual(streams.map(() => [head + 1]));
  expect(reads - before).toBe(1);
  live.close();
});

test("streams near the end and streams far behind continue after an outage of the database", async () => {
  let isAway = false;
  const database: Reader = {
    rows: async (statement, values) => {
      if (isAway) throw new Error("The database is away.");
      return await world.database.rows<never>(statement, values);
    },
  };
  const { live, open, publish } = createLive(database);
  const after = writeFeedCursor(await readFeedEnd(world.database));
  await writer.append(id, 150);
  const [near, behind] = [await open(), await open({ after })];
  expect(await take(behind, 100)).toEqual(following(100));
  isAway = true;
  const [one, other] = [take(near, 1), take(behind, 51)];
  await writer.append(id);
  publish();
  await expect(open()).rejects.toThrow("The database is away.");
  isAway = false;
  publish();
  expect(await one).toEqual([head + 151]);
  expect(await other).toEqual(following(51, head + 100));
  live.close();
});

test("a new subscriber gets no events from before, even if no notification was sent", async () => {
  const { live, open, publish } = createLive();
  const first = await open();
  await writer.append(id, 3);
  const second = await open();
  await writer.append(id);
  publish();
  expect(await take(second, 1)).toEqual([head + 4]);
  expect(await take(first, 4)).toEqual(following(4));
  live.close();
});

test("unread events of a stalled subscriber count as its backlog, near the end and far behind", async () => {
  jest.useFakeTimers({ doNotFake: ["setImmediate", "nextTick", "queueMicrotask"] });
  // At time 0 a stream would count as one whose consumer waits.
  jest.advanceTimersByTime(1);
  const stalled: string[] = [];
  const { live, open, publish } = createLive();
  try {
    const after = writeFeedCursor(await readFeedEnd(world.database));
    const near = await open({}, () => stalled.push("near"));
    const reading = await open({}, () => stalled.push("reading"));
    const pending = near.next();
    await writer.append(id, 400);
    publish();
    await pending;
    const behind = await open({ after }, () => stalled.push("behind"));
    await behind.next();
    for (const _ of [1, 2, 3]) {
      await writer.append(id, 400);
      publish();
      await take(reading, 400);
    }
    jest.advanceTimersByTime(5_000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(stalled.sort()).toEqual(["behind", "near"]);
  } finally {
    jest.useRealTimers();
    live.close();
  }
});

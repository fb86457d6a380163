import { EVENT_TYPES } from "../../src/domain/events";
import type { Viewer } from "../../src/domain/viewer";
import type { EventStream } from "../../src/live/event-stream";
import { Subscriptions } from "../../src/live/subscriptions";
import { Epochs } from "../../src/store/events/epochs";
import { type FeedPosition, readFeedCursor, writeFeedCursor } from "../../src/store/events/feed-position";
import { readFeedEnd, readFeedPage, type ServiceEvent } from "../../src/store/events/service-events";
import { EventWriter } from "../support/event-writer";
import { Random } from "../support/random";
import { World } from "../support/world";

// Writers that commit in random order, roll back or are killed, beside a transaction that stays open for the whole
// test. At the end, every reader must have each event once, and those of an organization in order.
const TRANSACTIONS = Number(process.env.PROVE_FEED ?? 150);
const WRITERS = 8;
const ORGANIZATIONS = 5;

const random = new Random(20261126);
const ticks = async (most: number) => {
  for (let left = random.below(most); left > 0; left--) await new Promise((resolve) => setImmediate(resolve));
};

let world: World;
let ids: string[];
const lives: Subscriptions[] = [];
const listeners: Array<(topics: readonly string[] | null) => void> = [];
beforeAll(async () => {
  world = await World.create();
  ids = await Promise.all(Array.from({ length: ORGANIZATIONS }, async () => (await world.organization()).id));
  for (const _ of [1, 2]) {
    const notifier = { subscribe: (listener: (typeof listeners)[number]) => void listeners.push(listener) };
    lives.push(
      new Subscriptions(
        { database: world.database, clock: world.clock, epochs: new Epochs() },
        notifier,
        () => undefined,
      ),
    );
  }
});
afterAll(async () => {
  for (const live of lives) live.close();
  await world.close();
});

const nameOf = ({ organizationId, sequence }: { organizationId: string; sequence: number }) =>
  `${organizationId} ${sequence}`;

/** A notifier that loses half of the notifications. */
function notify(id: string): void {
  for (const listener of listeners) if (random.chance(0.5)) listener([id]);
}

/** One transaction of one organization, with a random end. */
async function writeOnce(writer: EventWriter): Promise<EventWriter> {
  const id = ids[random.below(ids.length)] ?? "";
  if (random.chance(0.5)) await writer.begin();
  else await writer.client.query("BEGIN");
  await ticks(5);
  try {
    for (let left = 1 + random.below(2); left > 0; left--) {
      await writer.append(id, 1 + random.below(3), EVENT_TYPES[random.below(EVENT_TYPES.length)]);
    }
    await ticks(20);
    const end = random.next();
    if (end < 0.15) await writer.rollback();
    else if (end < 0.2) throw new Error("killed");
    else await writer.commit();
    notify(id);
    return writer;
  } catch {
    const { processID } = writer.client as unknown as { processID: number };
    await world.query("SELECT pg_terminate_backend($1)", processID);
    return await EventWriter.connect(world.databaseUrl);
  }
}

/** Reads pages of random sizes, and sometimes a page again, as after a crash. */
class PageReader {
  readonly read: string[] = [];

  constructor(private cursor: string) {}

  async page(): Promise<boolean> {
    const position = readFeedCursor(this.cursor);
    const limit = 1 + random.below(20);
    const request = { position, limit, scanLimit: limit + random.below(20), types: null, bound: null };
    const { events, position: next, hasMore } = await readFeedPage(world.database, request);
    if (random.chance(0.1)) return true;
    // A client can stop in the middle of a page and resume from that event.
    const taken = random.chance(0.2) ? events.slice(0, random.below(events.length + 1)) : events;
    const last = taken.at(-1);
    if (taken.length < events.length && !last) return true;
    this.read.push(...taken.map(nameOf));
    this.cursor = writeFeedCursor(taken.length < events.length && last ? last.position : next);
    return hasMore || taken.length < events.length;
  }
}

/** Subscribes at one of two processes, and resumes at any of them after a disconnection. */
class StreamReader {
  readonly read: string[] = [];
  private stream: EventStream<ServiceEvent> | null = null;
  private isDone = false;
  readonly finished: Promise<void>;

  constructor(private cursor: string) {
    this.finished = this.run();
  }

  cut(): void {
    void this.stream?.return();
  }

  stop(): void {
    this.isDone = true;
    this.cut();
  }

  private async run(): Promise<void> {
    const viewer: Viewer = { kind: "service", name: "reader", scopes: new Set(["events:read"]) };
    const subscriber = { viewer, expiresAt: null, onStalled: () => undefined };
    while (!this.isDone) {
      const live = lives[random.below(lives.length)];
      if (!live) return;
      this.stream = await live.subscribeToAll(subscriber, { after: this.cursor });
      for await (const event of this.stream) {
        this.read.push(nameOf(event));
        this.cursor = writeFeedCursor(event.position);
        await ticks(3);
      }
    }
  }
}

/** The rows of all events since a position. */
async function written({ last }: FeedPosition): Promise<string[]> {
  const rows = await world.query<{ organizationId: string; sequence: number }>(
    `SELECT organization_id AS "organizationId", sequence FROM organization_event
     WHERE feed_position > $1 ORDER BY organization_id, sequence`,
    last[0],
  );
  return rows.map(nameOf);
}

/** The events by organization, in the order of reading. */
function byOrganization(names: readonly string[]): string[] {
  const organizationOf = (name: string) => name.split(" ")[0] ?? "";
  const organizations = [...new Set(names.map(organizationOf))].sort();
  return organizations.flatMap((id) => names.filter((name) => organizationOf(name) === id));
}

test(`${TRANSACTIONS} transactions in random order: every reader gets each event once, and in order within its organization`, async () => {
  const start = await readFeedEnd(world.database);
  const [pages, streams] = [[1, 2, 3].map(() => new PageReader(writeFeedCursor(start))), [] as StreamReader[]];
  for (const _ of [1, 2, 3]) streams.push(new StreamReader(writeFeedCursor(start)));
  const unrelated = await EventWriter.connect(world.databaseUrl);
  const long = await EventWriter.connect(world.databaseUrl);
  await unrelated.begin();
  await long.begin();
  await long.append((await world.organization()).id, 3);
  let left = TRANSACTIONS;
  const write = async () => {
    let writer = await EventWriter.connect(world.databaseUrl);
    while (left-- > 0) writer = await writeOnce(writer);
    await writer.close();
  };
  let isWriting = true;
  const reading = pages.map(async (reader) => {
    while (isWriting) await reader.page();
  });
  const cutting = (async () => {
    while (isWriting) {
      await ticks(400);
      streams[random.below(streams.length)]?.cut();
    }
  })();
  await Promise.all(Array.from({ length: WRITERS }, write));
  // All events but those of the open transaction are delivered, and none waits for it.
  const before = await written(start);
  const inTime = async () => {
    while (streams.some(({ read }) => read.length < before.length)) await ticks(10);
  };
  await inTime();
  isWriting = false;
  await Promise.all([...reading, cutting]);
  await long.commit();
  await unrelated.rollback();
  for (const reader of pages) while (await reader.page());
  const expected = await written(start);
  expect(expected.length).toBe(before.length + 3);
  while (streams.some(({ read }) => read.length < expected.length)) await ticks(10);
  for (const reader of streams) reader.stop();
  await Promise.all(streams.map(({ finished }) => finished));
  for (const { read } of [...pages, ...streams]) expect(byOrganization(read)).toEqual(expected);
  await Promise.all([unrelated.close(), long.close()]);
});

import type { EventType } from "../../src/domain/events";
import { migrate } from "../../src/store/engine/migrate";
import { type FeedPosition, readFeedCursor, writeFeedCursor } from "../../src/store/events/feed-position";
import { type FeedBound, readFeedEnd, readFeedPage } from "../../src/store/events/service-events";
import { EventWriter } from "../support/event-writer";
import { type TestOrganization, World } from "../support/world";

let world: World;
let acme: TestOrganization;
let globex: TestOrganization;
let writers: EventWriter[];
beforeAll(async () => {
  world = await World.create();
  [acme, globex] = [await world.organization(), await world.organization()];
  writers = await Promise.all([1, 2, 3].map(() => EventWriter.connect(world.databaseUrl)));
});
afterAll(async () => {
  await Promise.all(writers.map((writer) => writer.close()));
  await world.close();
});

const names = (): Record<string, string> => ({ [acme.id]: "acme", [globex.id]: "globex" });

interface Options {
  limit?: number;
  scanLimit?: number;
  types?: EventType[] | null;
  bound?: FeedBound | null;
}

/** A reader that passes its position on as a cursor, as clients do. */
class FeedReader {
  private constructor(private cursor: string) {}

  static async now(): Promise<FeedReader> {
    return new FeedReader(writeFeedCursor(await readFeedEnd(world.database)));
  }

  static at(position: FeedPosition): FeedReader {
    return new FeedReader(writeFeedCursor(position));
  }

  get position(): FeedPosition {
    return readFeedCursor(this.cursor);
  }

  /** Reads one page. Names each event by its organization and its place among those read by this test. */
  async page({ limit = 100, scanLimit = 100, types = null, bound = null }: Options = {}) {
    const page = await readFeedPage(world.database, { position: this.position, limit, scanLimit, types, bound });
    this.cursor = writeFeedCursor(page.position);
    return page;
  }

  /** Reads to the end. */
  async all(options: Options = {}): Promise<string[]> {
    const read: string[] = [];
    for (;;) {
      const { events, hasMore } = await this.page(options);
      read.push(...events.map(nameOf));
      if (!hasMore) return read;
    }
  }
}

const nameOf = ({ organizationId, sequence }: { organizationId: string; sequence: number }) =>
  `${names()[organizationId]} ${sequence}`;
const headOf = async ({ id }: TestOrganization): Promise<number> => {
  const text = "SELECT event_sequence AS head FROM organization WHERE id = $1";
  return (await world.query<{ head: number }>(text, id))[0]?.head ?? 0;
};
/** The names of the next events of an organization, before they are written. */
const upcoming = async (organization: TestOrganization, count: number) => {
  const head = await headOf(organization);
  return Array.from({ length: count }, (_, n) => `${names()[organization.id]} ${head + 1 + n}`);
};

test("a reader passes over a running transaction, and gets its events once when it commits", async () => {
  const [early, late] = writers as [EventWriter, EventWriter];
  const reader = await FeedReader.now();
  const [ofAcme, ofGlobex] = [await upcoming(acme, 2), await upcoming(globex, 2)];
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

test("a transaction that rolls back leaves nothing to wait for", async () => {
  const [one, other] = writers as [EventWriter, EventWriter];
  const reader = await FeedReader.now();
  await one.begin();
  await one.append(acme.id);
  const next = await upcoming(globex, 1);
  await other.append(globex.id);
  expect(await reader.all()).toEqual(next);
  await one.rollback();
  expect(await reader.all()).toEqual([]);
  expect(reader.position.running).toEqual([]);
});

test("an organization's events stay in order where a later transaction got the lock first", async () => {
  const [first, second, other] = writers as [EventWriter, EventWriter, EventWriter];
  const reader = await FeedReader.now();
  const expected = await upcoming(acme, 5);
  const ofGlobex = await upcoming(globex, 1);
  await first.begin();
  await second.begin();
  await second.append(acme.id, 2);
  await other.append(globex.id);
  const seen = await reader.all();
  // This one has the lower id, and waits for the lock of the one with the higher.
  const waiting = first.append(acme.id, 2);
  await second.commit();
  await waiting;
  seen.push(...(await reader.all()));
  await first.commit();
  await second.append(acme.id);
  const between = FeedReader.at(reader.position);
  seen.push(...(await reader.all()));
  expect(seen).toEqual([...ofGlobex, ...expected]);
  expect(await between.all({ limit: 1, scanLimit: 1 })).toEqual(expected.slice(2));
});

test("pages of every size give the same events, late ones and those of one transaction included", async () => {
  const [one, two, other] = writers as [EventWriter, EventWriter, EventWriter];
  const [ofAcme, ofGlobex] = [await upcoming(acme, 7), await upcoming(globex, 9)];
  await one.begin();
  await one.append(acme.id, 7);
  await two.begin();
  await two.append(globex.id, 4);
  await two.commit();
  const before = await FeedReader.now();
  await other.append(globex.id, 5);
  await one.commit();
  const expected = [...ofAcme, ...ofGlobex.slice(4)];
  for (let size = 1; size <= 14; size++) {
    const read = await FeedReader.at(before.position).all({ limit: size, scanLimit: Math.max(size, 3) });
    expect([size, read]).toEqual([size, expected]);
  }
});

test("a transaction that ends while another's late events are being read is read after them", async () => {
  const [one, two, other] = writers as [EventWriter, EventWriter, EventWriter];
  const [ofAcme, ofGlobex] = [await upcoming(acme, 4), await upcoming(globex, 3)];
  await two.begin();
  await two.append(globex.id, 3);
  await one.begin();
  await one.append(acme.id, 3);
  await other.append(await spareOrganization());
  const reader = await FeedReader.now();
  await one.commit();
  const read = (await reader.page({ limit: 1 })).events.map(nameOf);
  await two.commit();
  await other.append(acme.id);
  read.push(...(await reader.all({ limit: 1 })));
  expect(read).toEqual([...ofAcme.slice(0, 3), ...ofGlobex, ...ofAcme.slice(3)]);
});

test("every event has a cursor of its own, from which the rest follows", async () => {
  const [one, other] = writers as [EventWriter, EventWriter];
  await one.begin();
  await one.append(acme.id, 3);
  await other.append(globex.id, 1);
  const reader = await FeedReader.now();
  await one.commit();
  await other.append(globex.id, 3);
  const { events } = await reader.page();
  const all = events.map(nameOf);
  expect(all).toHaveLength(6);
  for (const [index, event] of events.entries()) {
    expect(await FeedReader.at(event.position).all()).toEqual(all.slice(index + 1));
  }
});

test("of rare types a page looks at a limited number of events, and the cursor goes on", async () => {
  const [writer] = writers as [EventWriter];
  const reader = await FeedReader.now();
  await writer.append(acme.id, 25);
  const rare = await upcoming(globex, 1);
  await writer.append(globex.id, 1, "workspace.deleted");
  const options: Options = { types: ["workspace.deleted"], limit: 5, scanLimit: 10 };
  for (const _ of [1, 2]) expect(await reader.page(options)).toMatchObject({ events: [], hasMore: true });
  const { events, hasMore } = await reader.page(options);
  expect([events.map(nameOf), hasMore]).toEqual([rare, false]);
});

test("late events are filtered by type, too", async () => {
  const [one, other] = writers as [EventWriter, EventWriter];
  await one.begin();
  await one.append(acme.id, 2);
  await one.append(acme.id, 1, "member.removed");
  await other.append(globex.id);
  const reader = await FeedReader.now();
  await one.commit();
  const { events } = await reader.page({ types: ["member.removed"], limit: 1 });
  expect(events.map(({ type }) => type)).toEqual(["member.removed"]);
  expect(await reader.all({ types: ["member.removed"], limit: 1 })).toEqual([]);
});

test("a bound excludes what is committed after it, and what was running then", async () => {
  const [one, other] = writers as [EventWriter, EventWriter];
  const reader = await FeedReader.now();
  const [within, beyond] = [await upcoming(globex, 1), await upcoming(acme, 1)];
  await one.begin();
  await one.append(acme.id);
  await other.append(globex.id);
  const { last, running } = await readFeedEnd(world.database);
  await one.commit();
  await other.append(globex.id);
  expect(await reader.all({ bound: { last: last[0], running } })).toEqual(within);
  expect(await reader.all()).toEqual([...beyond, `globex ${await headOf(globex)}`]);
});

test("events from before the feed existed are in no page", async () => {
  const reader = FeedReader.at({ last: [0, acme.id, 0], running: [], unfinished: null });
  const all = await reader.all();
  const old = `acme ${await headOf(acme)}`;
  expect(all).toContain(old);
  await world.query(
    "UPDATE organization_event SET feed_position = NULL WHERE organization_id = $1 AND sequence = $2",
    acme.id,
    await headOf(acme),
  );
  const again = FeedReader.at({ last: [0, acme.id, 0], running: [], unfinished: null });
  expect(await again.all()).toEqual(all.filter((name) => name !== old));
  // The next event follows one without a position.
  const [writer] = writers as [EventWriter];
  const [next] = await upcoming(acme, 1);
  await writer.append(acme.id);
  expect(await again.all()).toEqual([next]);
});

test("a purged organization leaves the cursors of its events valid", async () => {
  const [writer] = writers as [EventWriter];
  const id = await spareOrganization();
  const reader = await FeedReader.now();
  await writer.append(id, 2);
  const [event] = (await reader.page({ limit: 1 })).events;
  await world.query("DELETE FROM organization WHERE id = $1", id);
  const next = await upcoming(acme, 1);
  await writer.append(acme.id);
  expect(await FeedReader.at(event?.position ?? reader.position).all()).toEqual(next);
});

test("in a restored database, whose transactions count from the beginning, new events come after the old ones", async () => {
  const [one, other] = writers as [EventWriter, EventWriter];
  // As if this had been written by a server that was further.
  await world.query("UPDATE event_feed SET transaction_offset = transaction_offset + 1000000");
  const reader = await FeedReader.now();
  const expected = await upcoming(acme, 4);
  await one.append(acme.id, 2);
  const { events } = await reader.page({ limit: 1 });
  await world.query("UPDATE event_feed SET transaction_offset = transaction_offset - 1000000");
  await migrate(world.databaseUrl);
  await other.append(acme.id, 2);
  expect(events.map(nameOf)).toEqual(expected.slice(0, 1));
  expect(await reader.all()).toEqual(expected.slice(1));
  const offset = () => world.query("SELECT transaction_offset FROM event_feed");
  const [before] = await offset();
  await migrate(world.databaseUrl);
  expect(await offset()).toEqual([before]);
});

/** One more organization, which most tests do not look at. */
async function spareOrganization(): Promise<string> {
  return (await world.organization()).id;
}

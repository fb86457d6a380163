import { withClient } from "../../src/store/engine/database-identity";
import { migrate } from "../../src/store/engine/migrate";
import { FIRST_EPOCH, readEpochs } from "../../src/store/events/epochs";
import { beginEpoch } from "../../src/store/restore";
import { EventWriter } from "../support/event-writer";
import { NamedFeed } from "../support/feed-reader";
import { type TestOrganization, World } from "../support/world";

let world: World;
let acme: TestOrganization;
let feed: NamedFeed;
let writers: EventWriter[];
beforeAll(async () => {
  world = await World.create();
  acme = await world.organization();
  feed = new NamedFeed(world, { acme });
  writers = await Promise.all([1, 2].map(() => EventWriter.connect(world.databaseUrl)));
});
afterAll(async () => {
  await Promise.all(writers.map((writer) => writer.close()));
  await world.close();
});

test("no page has events from before the feed existed", async () => {
  const reader = feed.at({ last: [0, acme.id, 0], running: [], unfinished: null });
  const all = await reader.all();
  const old = `acme ${await feed.headOf(acme)}`;
  expect(all).toContain(old);
  await world.query(
    "UPDATE organization_event SET feed_position = NULL WHERE organization_id = $1 AND sequence = $2",
    acme.id,
    await feed.headOf(acme),
  );
  const again = feed.at({ last: [0, acme.id, 0], running: [], unfinished: null });
  expect(await again.all()).toEqual(all.filter((name) => name !== old));
  // The next event comes after one without a position.
  const [writer] = writers as [EventWriter];
  const [next] = await feed.upcoming(acme, 1);
  await writer.append(acme.id);
  expect(await again.all()).toEqual([next]);
});

test("a purged organization leaves the cursors of its events valid", async () => {
  const [writer] = writers as [EventWriter];
  const { id } = await world.organization();
  const reader = await feed.now();
  await writer.append(id, 2);
  const [event] = (await reader.page({ limit: 1 })).events;
  await world.query("DELETE FROM organization WHERE id = $1", id);
  const next = await feed.upcoming(acme, 1);
  await writer.append(acme.id);
  expect(await feed.at(event?.position ?? reader.position).all()).toEqual(next);
});

test("in a restored database, whose transaction ids start again, new events come after the old ones", async () => {
  const [one, other] = writers as [EventWriter, EventWriter];
  // As if a server with higher transaction ids had written this.
  await world.query("UPDATE event_feed SET transaction_offset = transaction_offset + 1000000");
  const reader = await feed.now();
  const expected = await feed.upcoming(acme, 4);
  await one.append(acme.id, 2);
  const { events } = await reader.page({ limit: 1 });
  await world.query("UPDATE event_feed SET transaction_offset = transaction_offset - 1000000");
  await migrate(world.databaseUrl);
  await other.append(acme.id, 2);
  expect(events.map(feed.nameOf)).toEqual(expected.slice(0, 1));
  expect(await reader.all()).toEqual(expected.slice(1));
  const offset = () => world.query("SELECT transaction_offset FROM event_feed");
  const [before] = await offset();
  await migrate(world.databaseUrl);
  expect(await offset()).toEqual([before]);
});

test("each restore begins an epoch after a gap, which shares the events of the backup with earlier ones", async () => {
  const [writer] = writers as [EventWriter];
  const last = async () =>
    (await world.query<{ at: string }>("SELECT max(feed_position) AS at FROM organization_event"))[0];
  const first = await readEpochs(world.database);
  expect([first.current, first.lastPositionOf(FIRST_EPOCH)]).toEqual([FIRST_EPOCH, null]);
  await writer.append(acme.id);
  const before = Number((await last())?.at);
  await withClient(world.databaseUrl, beginEpoch);
  const [once] = [await readEpochs(world.database)];
  expect(once.current).toMatch(/^[0-9a-f]{12}$/);
  expect([once.lastPositionOf(once.current), once.lastPositionOf(FIRST_EPOCH)]).toEqual([null, before]);
  await writer.append(acme.id);
  const between = Number((await last())?.at);
  expect(between - before).toBeGreaterThanOrEqual(1_000_000_000_000);
  await withClient(world.databaseUrl, beginEpoch);
  const twice = await readEpochs(world.database);
  const positions = [FIRST_EPOCH, once.current, twice.current].map((epoch) => twice.lastPositionOf(epoch));
  expect(positions).toEqual([before, between, null]);
  expect(() => once.lastPositionOf(twice.current)).toThrow("restored from a backup");
  await writer.append(acme.id);
  expect(Number((await last())?.at) - between).toBeGreaterThanOrEqual(1_000_000_000_000);
});

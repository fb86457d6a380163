import { withClient } from "../../src/store/engine/database-identity";
import { migrate } from "../../src/store/engine/migrate";
import { FIRST_EPOCH, readEpochs } from "../../src/store/events/epochs";
import type { FeedPosition } from "../../src/store/events/feed-position";
import { beginEpoch } from "../../src/store/restore";
import { EventWriter } from "../support/event-writer";
import { FeedReader } from "../support/feed-reader";
import { type TestOrganization, World } from "../support/world";

let world: World;
let acme: TestOrganization;
let writers: EventWriter[];
beforeAll(async () => {
  world = await World.create();
  acme = await world.organization();
  writers = await Promise.all([1, 2].map(() => EventWriter.connect(world.databaseUrl)));
});
afterAll(async () => {
  await Promise.all(writers.map((writer) => writer.close()));
  await world.close();
});

const names = (): Record<string, string> => ({ [acme.id]: "acme" });

const nameOf = ({ organizationId, sequence }: { organizationId: string; sequence: number }) =>
  `${names()[organizationId]} ${sequence}`;
const readerNow = () => FeedReader.now(world.database, nameOf);
const readerAt = (position: FeedPosition) => FeedReader.at(world.database, nameOf, position);
const headOf = async ({ id }: TestOrganization): Promise<number> => {
  const text = "SELECT event_sequence AS head FROM organization WHERE id = $1";
  return (await world.query<{ head: number }>(text, id))[0]?.head ?? 0;
};
/** The names of the next events of an organization, before they are written. */
const upcoming = async (organization: TestOrganization, count: number) => {
  const head = await headOf(organization);
  return Array.from({ length: count }, (_, n) => `${names()[organization.id]} ${head + 1 + n}`);
};

test("events from before the feed existed are in no page", async () => {
  const reader = readerAt({ last: [0, acme.id, 0], running: [], unfinished: null });
  const all = await reader.all();
  const old = `acme ${await headOf(acme)}`;
  expect(all).toContain(old);
  await world.query(
    "UPDATE organization_event SET feed_position = NULL WHERE organization_id = $1 AND sequence = $2",
    acme.id,
    await headOf(acme),
  );
  const again = readerAt({ last: [0, acme.id, 0], running: [], unfinished: null });
  expect(await again.all()).toEqual(all.filter((name) => name !== old));
  // The next event follows one without a position.
  const [writer] = writers as [EventWriter];
  const [next] = await upcoming(acme, 1);
  await writer.append(acme.id);
  expect(await again.all()).toEqual([next]);
});

test("a purged organization leaves the cursors of its events valid", async () => {
  const [writer] = writers as [EventWriter];
  const { id } = await world.organization();
  const reader = await readerNow();
  await writer.append(id, 2);
  const [event] = (await reader.page({ limit: 1 })).events;
  await world.query("DELETE FROM organization WHERE id = $1", id);
  const next = await upcoming(acme, 1);
  await writer.append(acme.id);
  expect(await readerAt(event?.position ?? reader.position).all()).toEqual(next);
});

test("in a restored database, whose transactions count from the beginning, new events come after the old ones", async () => {
  const [one, other] = writers as [EventWriter, EventWriter];
  // As if this had been written by a server that was further.
  await world.query("UPDATE event_feed SET transaction_offset = transaction_offset + 1000000");
  const reader = await readerNow();
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

test("each restore begins an epoch after a gap; what an earlier one shares with it ends with what the backup had", async () => {
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

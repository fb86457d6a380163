import { setTimeout as pause } from "node:timers/promises";
import { BatchCache } from "../../src/live/batch-cache";
import { EventStream } from "../../src/live/event-stream";
import { Expiries } from "../../src/live/expiries";
import { OpenStreams, STREAMS_PER_PERSON } from "../../src/live/open-streams";
import type { Reader } from "../../src/store/engine/statement";
import { Epochs } from "../../src/store/events/epochs";

const clock = { now: () => new Date("2026-03-01T12:00:00Z") };
const realTime = { now: () => new Date() };
const cursor = { userId: "ada", backlog: 0, next: () => null, onStalled: () => undefined };
const owner = { id: "ada", expiresAt: null, signedBy: "withdrawn" };
const newStream = () => new EventStream<number>(cursor, () => undefined);

test("a stream whose key is withdrawn during its start ends as soon as it is open", async () => {
  const streams = new OpenStreams(clock);
  const stream = await streams.add(owner, async () => {
    streams.endUntrusted((signedBy) => signedBy !== "withdrawn");
    return newStream();
  });
  await expect(stream.next()).rejects.toMatchObject({ extensions: { code: "UNAUTHENTICATED" } });
});

test("streams of other keys continue, and so do those of a key that is published again", async () => {
  const streams = new OpenStreams(clock);
  const other = await streams.add({ ...owner, signedBy: "other" }, async () => newStream());
  const ended = await streams.add(owner, async () => newStream());
  streams.endUntrusted((signedBy) => signedBy !== "withdrawn");
  await expect(ended.next()).rejects.toMatchObject({ extensions: { code: "UNAUTHENTICATED" } });
  streams.endUntrusted(() => true);
  const again = await streams.add(owner, async () => newStream());
  let ends = 0;
  for (const stream of [other, again]) stream.readInto({ deliver: () => undefined, end: () => (ends += 1) });
  expect(ends).toBe(0);
});

test("a person who has the most streams allowed can open another once one ends", async () => {
  const streams = new OpenStreams(clock);
  const open = () => streams.add(owner, async () => newStream());
  const opened = [];
  for (let n = 0; n < STREAMS_PER_PERSON; n++) opened.push(await open());
  await expect(open()).rejects.toMatchObject({ extensions: { code: "RATE_LIMITED", retryAfterSeconds: 60 } });
  await streams.add({ ...owner, id: "grace" }, async () => newStream());
  await opened[0]?.return();
  await open();
  await expect(open()).rejects.toMatchObject({ extensions: { code: "RATE_LIMITED" } });
});

test("a stream ends when its token expires", async () => {
  const streams = new OpenStreams(realTime);
  const stream = await streams.add({ ...owner, expiresAt: new Date(Date.now() + 20) }, async () => newStream());
  await expect(stream.next()).rejects.toMatchObject({ extensions: { code: "UNAUTHENTICATED" } });
});

test("streams with the same expiry end together, and no others", async () => {
  const expiries = new Expiries(realTime);
  const soon = new Date(Date.now() + 50);
  const ended: string[] = [];
  const each = (name: string) => ({ expire: () => void ended.push(name) });
  const [gone, later] = [each("gone"), each("later")];
  const finished = new Promise<void>((resolve) => {
    expiries.add(soon, each("first"));
    expiries.add(soon, gone);
    expiries.add(soon, { expire: resolve });
  });
  expiries.add(new Date(Date.now() + 60_000), later);
  expiries.remove(soon, gone);
  await finished;
  expect(Date.now()).toBeGreaterThanOrEqual(soon.getTime());
  expect(ended).toEqual(["first"]);
});

test("a token that outlasts the longest timer does not expire early", async () => {
  const expiries = new Expiries(realTime);
  const expire = jest.fn();
  const timers = jest.spyOn(globalThis, "setTimeout");
  expiries.add(new Date("9999-12-31T00:00:00Z"), { expire });
  const delays = timers.mock.calls.map(([, milliseconds]) => milliseconds);
  timers.mockRestore();
  expect(delays).toEqual([2 ** 31 - 1]);
  // Node fires a timer with too long a delay at once.
  await pause(20);
  expect(expire).not.toHaveBeenCalled();
});

test("a batch of events for many subscribers is at most ten seconds old", async () => {
  const events = Array.from({ length: 50 }, (_, n) => ({ sequence: n + 1 }));
  const rows = jest.fn(async () => [{ batch: { isDeleted: false, roles: null, events } }]);
  const cache = new BatchCache({ database: { rows } as unknown as Reader, clock, epochs: new Epochs() });
  const now = jest.spyOn(performance, "now");
  for (const [at, reads] of [
    ...[
      [1_000, 1],
      [10_900, 1],
    ],
    ...[
      [11_100, 2],
      [12_000, 2],
    ],
  ] as Array<[number, number]>) {
    now.mockReturnValue(at);
    expect(await cache.batchAfter("acme", 7)).toHaveLength(50);
    expect([at, rows.mock.calls.length]).toEqual([at, reads]);
    // The cache reads the time at most once a millisecond.
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  now.mockRestore();
});

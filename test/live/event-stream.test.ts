import { buildSchema, parse } from "graphql";
import { EventStream } from "../../src/live/event-stream";
import { FeedRegistry } from "../../src/live/feed-registry";
import { OpenStreams, STREAMS_PER_PERSON } from "../../src/live/open-streams";
import { SingleFlight } from "../../src/live/single-flight";
import { createLog } from "../../src/log";
import { createStreamer, type SubscriptionRequest } from "../../src/server/graphql/stream-results";
import { Deadline } from "../../src/store/engine/deadline";

afterEach(() => jest.restoreAllMocks());

describe("a stream", () => {
  const streamOf = (backlog: number, next: () => number | null | Promise<number | null>) =>
    new EventStream<number>({ userId: "ada", backlog, next, onStalled: () => undefined }, () => undefined);

  test.each([
    [1_000, 5_000, false],
    [1_001, 4_999, false],
    [1_001, 5_000, true],
  ])("whose backlog is %i stalls after %i ms: %s", async (backlog, milliseconds, hasStalled) => {
    const now = jest.spyOn(performance, "now").mockReturnValue(100_000);
    const stream = streamOf(backlog, () => 1);
    await stream.next();
    now.mockReturnValue(100_000 + milliseconds);
    expect(stream.hasStalled).toBe(hasStalled);
  });

  test("whose client waits has not stalled, however long the read takes", () => {
    jest.spyOn(performance, "now").mockReturnValue(100_000);
    const stream = streamOf(5_000, () => new Promise(() => undefined));
    void stream.next();
    expect(stream.hasStalled).toBe(false);
  });

  test("whose client reads again has not stalled, however long the client took", async () => {
    const now = jest.spyOn(performance, "now").mockReturnValue(100_000);
    const payloads = [1, new Promise<number>(() => undefined)];
    const stream = streamOf(5_000, () => payloads.shift() ?? null);
    await stream.next();
    now.mockReturnValue(200_000);
    expect(stream.hasStalled).toBe(true);
    void stream.next();
    expect(stream.hasStalled).toBe(false);
  });

  test("that is notified during a read reads again, because the result may be out of date", async () => {
    let endRead: (payload: null) => void = () => undefined;
    const payloads = [new Promise<null>((resolve) => (endRead = resolve)), 7];
    const stream = streamOf(0, () => payloads.shift() ?? null);
    const next = stream.next();
    stream.notify();
    endRead(null);
    expect(await next).toEqual({ value: 7, done: false });
  });

  test("tells its listener once that it has ended, before or after it did", async () => {
    const ends = { early: 0, late: 0 };
    const stream = streamOf(0, () => null);
    stream.onEnd(() => (ends.early += 1));
    expect(ends.early).toBe(0);
    stream.expire();
    await stream.return();
    stream.onEnd(() => (ends.late += 1));
    expect(ends).toEqual({ early: 1, late: 1 });
  });

  test("that failed gives the error once, and then ends", async () => {
    const stream = streamOf(0, () => null);
    stream.fail(new Error("lost"));
    await expect(stream.next()).rejects.toThrow("lost");
    expect(await stream.next()).toEqual({ value: undefined, done: true });
  });
});

test("streams that could not be opened do not count for the person", async () => {
  const streams = new OpenStreams({ now: () => new Date() });
  const owner = { id: "ada", expiresAt: null };
  const fail = () => streams.add(owner, () => Promise.reject(new Error("down")));
  for (let n = 0; n < STREAMS_PER_PERSON; n++) await expect(fail()).rejects.toThrow("down");
  await expect(fail()).rejects.toThrow("down");
});

test("a feed is removed once its last stream has ended, or none could be opened", async () => {
  const registry = new FeedRegistry<{ size: number; onEmpty(): void }>();
  const feed = { size: 0, onEmpty: () => undefined };
  await expect(
    registry.openStream(
      "a",
      () => feed,
      () => Promise.reject(new Error("no")),
    ),
  ).rejects.toThrow("no");
  expect(registry.topics()).toEqual([]);
  await registry.openStream(
    "a",
    () => feed,
    async () => {
      feed.size = 1;
    },
  );
  expect(registry.topics()).toEqual(["a"]);
  feed.size = 0;
  feed.onEmpty();
  expect(registry.topics()).toEqual([]);
});

test("a feed stays while a stream of it is being opened, even if another could not be opened", async () => {
  const registry = new FeedRegistry<{ size: number; onEmpty(): void }>();
  const feed = { size: 0, onEmpty: () => undefined };
  let open: () => void = () => undefined;
  const opening = registry.openStream(
    "a",
    () => feed,
    () => new Promise<void>((resolve) => (open = resolve)),
  );
  const other = registry.openStream(
    "a",
    () => ({ ...feed }),
    () => Promise.reject(new Error("no")),
  );
  await expect(other).rejects.toThrow("no");
  expect(registry.get("a")).toBe(feed);
  open();
  await opening;
  expect(registry.all()).toEqual([]);
});

test("a read that was requested during a failing one runs after it", async () => {
  let reads = 0;
  const flight = new SingleFlight(async () => {
    reads += 1;
    if (reads === 1) throw new Error("down");
  });
  const first = flight.run();
  const [second, third] = [flight.run(), flight.run()];
  await expect(first).rejects.toThrow("down");
  await Promise.all([second, third]);
  expect(reads).toBe(2);
});

test("a result that cannot be made is the last one, and ends its stream", async () => {
  const closed = jest.fn();
  const stream = new EventStream({ userId: "ada", backlog: 0, next: () => ({}), onStalled: () => undefined }, closed);
  const schema = buildSchema("type Query { x: Int } type Subscription { x: Int }");
  Object.assign(schema.getSubscriptionType()?.getFields().x ?? {}, { subscribe: () => stream });
  const start = createStreamer({ schema, log: createLog("silent"), tracing: null }, () =>
    Promise.reject(new Error("a bug")),
  );
  const context = { dependencies: { operationDeadlineMs: 60_000 }, caller: { requestId: "1", viewer: {} } };
  const request = { document: parse("subscription { x }"), operationName: null, variables: {}, context, options: {} };
  const results = await start(request as unknown as SubscriptionRequest);
  if (!(Symbol.asyncIterator in results)) throw new Error("The stream did not start.");
  const clear = jest.spyOn(Deadline.prototype, "clear");
  expect((await results.next()).value).toMatchObject({ errors: [{ extensions: { code: "INTERNAL_SERVER_ERROR" } }] });
  expect([closed.mock.calls.length, clear.mock.calls.length]).toEqual([1, 1]);
  expect(await results.next()).toEqual({ value: undefined, done: true });
});

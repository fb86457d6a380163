import { type ExecutionResult, parse } from "graphql";
import type { Context } from "../../src/context";
import type { Viewer } from "../../src/domain/viewer";
import { EVENT_SHARE, FAIR_SHARE, FairShare, startsWithSubscription } from "../../src/server/caller/fair-share";
import { buildSubgraph } from "../../src/server/graphql/schema";
import { createStreamer } from "../../src/server/graphql/stream-results";
import { fakeResolvers } from "../support/fake-resolvers";
import { refusalCount } from "../support/refusal-count";
import { silentLog } from "../support/world";

const person = (id: string): Viewer => ({ kind: "person", id, name: id, email: null, emailVerified: false });
const LIMITS = { running: 2, waiting: 3, waitingStreams: 4, waitMs: 60_000 };

/** Work that ends when the test says so. */
class Gate {
  begun: string[] = [];
  private readonly open = new Map<string, { resolve(): void; reject(error: Error): void }>();

  work(name: string): () => Promise<string> {
    return () =>
      new Promise((resolve, reject) => {
        this.begun.push(name);
        this.open.set(name, { resolve: () => resolve(name), reject });
      });
  }

  end(name: string): void {
    this.open.get(name)?.resolve();
  }

  fail(name: string): void {
    this.open.get(name)?.reject(new Error(name));
  }
}

const turn = (viewer: Viewer, startsStream = false, isWanted = () => true) => ({ viewer, startsStream, isWanted });
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("turns", () => {
  let share: FairShare;
  let gate: Gate;
  beforeEach(() => {
    share = new FairShare(LIMITS);
    gate = new Gate();
  });
  let afterThis = () => {};
  afterEach(() => afterThis());
  const start = (name: string, viewer = person("ann"), startsStream = false, isWanted = () => true) =>
    share
      .run(turn(viewer, startsStream, isWanted), gate.work(name))
      .catch((error) => error.extensions ?? error.message);

  test("a person's operations run up to the limit, then wait in order, then are refused at once", async () => {
    const refusals = await refusalCount("fair_share");
    const running = ["1", "2", "3", "4", "5"].map((name) => start(name));
    expect(await start("6")).toEqual({ code: "RATE_LIMITED", retryAfterSeconds: 1 });
    expect(await refusalCount("fair_share")).toBe(refusals + 1);
    expect(share.size).toEqual({ people: 1, running: 2, waiting: 3 });
    expect(gate.begun).toEqual(["1", "2"]);
    gate.end("2");
    await settle();
    expect(gate.begun).toEqual(["1", "2", "3"]);
    // A failed operation passes its turn on, too.
    gate.fail("1");
    await settle();
    expect(gate.begun).toEqual(["1", "2", "3", "4"]);
    const late = start("7");
    for (const name of ["3", "4"]) gate.end(name);
    await settle();
    expect(gate.begun).toEqual(["1", "2", "3", "4", "5", "7"]);
    for (const name of ["5", "7"]) gate.end(name);
    expect(await Promise.all([...running, late])).toEqual(["1", "2", "3", "4", "5", "7"]);
    expect(share.size).toEqual({ people: 0, running: 0, waiting: 0 });
  });

  test("people do not wait for each other; services and anonymous callers are not limited", async () => {
    for (let n = 0; n < 5; n++) void start(`ann ${n}`);
    void start("bob", person("bob"));
    const service: Viewer = { kind: "service", name: "metering", scopes: new Set() };
    for (let n = 0; n < 10; n++) void start(`service ${n}`, service);
    for (let n = 0; n < 10; n++) void start(`anonymous ${n}`, { kind: "anonymous" });
    await settle();
    expect(gate.begun).toHaveLength(2 + 1 + 10 + 10);
    expect(gate.begun).toContain("bob");
  });

  test("subscriptions have a longer queue, and the same number at a time", async () => {
    const streams = Array.from({ length: 6 }, (_, n) => start(`stream ${n}`, person("ann"), true));
    expect(await start("one too many", person("ann"), true)).toMatchObject({ code: "RATE_LIMITED" });
    const query = start("query");
    expect(share.size).toEqual({ people: 1, running: 2, waiting: 5 });
    for (let n = 0; n < 6; n++) {
      gate.end(`stream ${n}`);
      await settle();
    }
    gate.end("query");
    expect(await Promise.all([...streams, query])).toHaveLength(7);
  });

  test("an abandoned operation does not start, and the next one gets its place", async () => {
    let isWanted = true;
    void start("1");
    void start("2");
    const left = start("left", person("ann"), false, () => isWanted);
    const next = start("next");
    await settle();
    isWanted = false;
    gate.end("1");
    expect(await left).toMatchObject({ code: "RATE_LIMITED" });
    await settle();
    expect(gate.begun).toEqual(["1", "2", "next"]);
    gate.end("next");
    expect(await next).toBe("next");
  });

  test("an operation that waits too long is refused and leaves the queue", async () => {
    jest.useFakeTimers({ doNotFake: ["setImmediate"] });
    afterThis = () => jest.useRealTimers();
    void start("1");
    void start("2");
    const waiting = start("3");
    const later = start("4");
    await settle();
    jest.advanceTimersByTime(LIMITS.waitMs - 1);
    expect(share.size.waiting).toBe(2);
    gate.end("1");
    await settle();
    const last = start("5");
    jest.advanceTimersByTime(1);
    expect(await later).toEqual({ code: "RATE_LIMITED", retryAfterSeconds: 1 });
    // The time of an operation that has begun is over, too, and removes no other one.
    expect(share.size).toEqual({ people: 1, running: 2, waiting: 1 });
    gate.end("3");
    expect(await waiting).toBe("3");
    await settle();
    gate.end("5");
    expect(await last).toBe("5");
    expect(share.size).toEqual({ people: 1, running: 1, waiting: 0 });
  });

  test("by default, a person runs eight operations, 32 and 500 subscriptions wait, and none waits over ten seconds", () => {
    expect(FAIR_SHARE).toEqual({ running: 8, waiting: 32, waitingStreams: 500, waitMs: 10_000 });
  });

  test.each([
    ["subscription { x }", true],
    ["\n # first\n subscription S($a: ID) { x }", true],
    ["query { subscription }", false],
    ["{ subscription }", false],
    ["fragment f on T { x } subscription { ...f }", false],
    ['"', false],
    ["", false],
    [undefined, false],
  ])("%j begins with a subscription: %j", (query, expected) => {
    expect(startsWithSubscription(query)).toBe(expected);
  });
});

describe("events of streams", () => {
  const schema = fakeResolvers(buildSubgraph().guarded);
  let begun: Array<(result: ExecutionResult) => void> = [];
  const stream = createStreamer({ schema, log: silentLog, tracing: null }, () => new Promise((end) => begun.push(end)));
  beforeEach(() => {
    begun = [];
  });

  /** Opens streams whose first event is being executed. */
  async function open(count: number, viewer: Viewer, selection: string): Promise<void> {
    const document = parse(`subscription { membershipChanged(organizationId: "x") { ${selection} } }`);
    const dependencies = { operationDeadlineMs: 60_000 };
    const context = { dependencies, caller: { viewer } } as unknown as Context;
    for (let n = 0; n < count; n++) {
      const started = await stream({ document, operationName: null, variables: {}, context, options: {} });
      if (Symbol.asyncIterator in started) void started.next();
    }
    await settle();
  }

  test("a person's events take turns over all of their streams, and those of others do not wait", async () => {
    const { running } = EVENT_SHARE;
    await open(running + 3, person("ann"), "member { user { email } }");
    await open(1, person("bob"), "member { user { email } }");
    expect(begun).toHaveLength(running + 1);
    for (const end of begun.splice(0)) end({ data: {} });
    await settle();
    expect(begun).toHaveLength(3);
  });

  test("results that are the same for all subscribers wait for nobody's turn", async () => {
    await open(EVENT_SHARE.running + 3, person("ann"), "cursor");
    expect(begun).toHaveLength(EVENT_SHARE.running + 3);
  });
});

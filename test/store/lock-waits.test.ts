import type { PoolClient } from "pg";
import { Deadline } from "../../src/store/engine/deadline";
import { LockQueue, lockTimeout, RowsLocked } from "../../src/store/engine/lock-queue";
import { waitForLocks, withLockLimit } from "../../src/store/engine/lock-waits";
import { KeyedMutex } from "../../src/store/engine/mutex";
import { MergedWords, settle } from "../support/merged-words";

let merged: MergedWords;
let sent: MergedWords["sent"];
beforeEach(() => {
  jest.useFakeTimers();
  merged = new MergedWords();
  ({ sent } = merged);
});
afterEach(() => jest.useRealTimers());

test("a batch that shares a statement with a locked one gets its result while that waits for the lock", async () => {
  const [free, locked] = await merged.third("ok", "lock");
  await merged.fail(2, new RowsLocked());
  expect(merged.words.slice(3)).toEqual(["ok", "lock"]);
  sent[3]?.succeed();
  expect(await free).toBe("ok");
  sent[4]?.fail(lockTimeout());
  await expect(locked).rejects.toMatchObject({ extensions: { code: "RATE_LIMITED" } });
});

test("a batch that meets a lock alone is sent again, to wait for it", async () => {
  const [result] = merged.add("lock");
  await merged.fail(0, new RowsLocked());
  expect(sent[1]).toMatchObject({ words: "lock", lockMs: null });
  sent[1]?.succeed();
  expect(await result).toBe("lock");
});

describe("after a lock, for the batches of its owner", () => {
  /** Adds a batch, and returns whether it was sent separately. */
  const isApart = async (word: string) => {
    merged.add(word);
    const last = sent.at(-1);
    expect(last?.words).toBe(word);
    last?.succeed();
    await settle();
    return last?.lockMs === null;
  };
  beforeEach(async () => {
    const [free, locked] = await merged.third("ok", "lock");
    await merged.fail(2, new RowsLocked());
    sent[3]?.succeed();
    await free;
    await jest.advanceTimersByTimeAsync(2_000);
    sent[4]?.fail(lockTimeout());
    await expect(locked).rejects.toThrow();
  });

  test("each is sent separately until one succeeds, and those of others are merged meanwhile", async () => {
    expect(await isApart("fine")).toBe(false);
    expect(await isApart("other")).toBe(false);
    merged.add("l1");
    const [first] = sent.splice(-1);
    merged.add("l2");
    expect([first, sent.at(-1)]).toMatchObject([{ lockMs: null }, { lockMs: null }]);
    first?.succeed();
    await settle();
    expect(await isApart("l3")).toBe(false);
  });

  test("each is sent separately for a minute after the last failure", async () => {
    await jest.advanceTimersByTimeAsync(59_999);
    expect(await isApart("late")).toBe(true);
    expect(await isApart("late")).toBe(false);
  });

  test("a minute later, it is merged again", async () => {
    await jest.advanceTimersByTimeAsync(60_000);
    expect(await isApart("late")).toBe(false);
  });
});

test("a batch that waits for its turn is sent separately as soon as its owner's lock is known", async () => {
  merged.add("l1", "b", "l2", "c");
  await merged.fail(0, new RowsLocked());
  expect(sent.slice(2)).toMatchObject([
    { words: "l1", lockMs: null },
    { words: "l2", lockMs: null },
    { words: "c", lockMs: 50 },
  ]);
});

test("a statement may wait for a lock twice as long as recent ones took, and 50 ms at least", async () => {
  const limitAfter = async (milliseconds: number) => {
    await jest.advanceTimersByTimeAsync(milliseconds);
    sent.at(-1)?.succeed();
    await settle();
    merged.add("a");
    return sent.at(-1)?.lockMs;
  };
  merged.add("a");
  expect(sent[0]?.lockMs).toBe(50);
  expect(await limitAfter(25)).toBe(50);
  expect(await limitAfter(100)).toBe(200);
  // An earlier time fades by a tenth with each statement.
  expect(await limitAfter(1)).toBe(180);
  expect(await limitAfter(1)).toBe(162);
});

describe("places to wait for locks", () => {
  test("a place that became free before somebody queued for it is taken at once", async () => {
    const places = new LockQueue(1, 2_000);
    expect([places.enter(), places.enter()]).toEqual([true, false]);
    places.leave();
    await places.enterInTurn(performance.now());
    expect(places.taken).toBe(1);
  });

  test("a place goes to those that wait, in turn, and to nobody else", async () => {
    const places = new LockQueue(1, 2_000);
    places.enter();
    const turns: string[] = [];
    const wait = async (name: string) => {
      await places.enterInTurn(performance.now() + 2_000);
      turns.push(name);
    };
    const all = [wait("first"), wait("second")];
    places.leave();
    expect(places.enter()).toBe(false);
    await settle();
    expect(turns).toEqual(["first"]);
    places.leave();
    await Promise.all(all);
    places.leave();
    expect(places.enter()).toBe(true);
  });

  test("a request without a place in time is refused, and leaves the queue", async () => {
    const places = new LockQueue(1, 2_000);
    places.enter();
    const refused = expect(places.enterInTurn(performance.now() + 10)).rejects.toMatchObject({
      extensions: { code: "RATE_LIMITED" },
    });
    const next = places.enterInTurn(performance.now() + 20);
    await jest.advanceTimersByTimeAsync(10);
    await refused;
    places.leave();
    await next;
    expect(places.taken).toBe(1);
  });
});

describe("the lock timeout of a connection", () => {
  const places = new LockQueue(1, 2_000);
  const sent: string[] = [];
  const connection = { query: async (text: string) => void sent.push(text) } as unknown as PoolClient;
  const note = async () => void sent.push("work");
  beforeEach(() => sent.splice(0));

  test("is the rest of the wait during a wait, and the usual one afterwards", async () => {
    const waits = { queue: places, until: performance.now() + 1_500, hasPlace: false };
    await waitForLocks(connection, waits, note);
    expect(sent).toEqual(["SET LOCAL lock_timeout = 1500", "work", "SET LOCAL lock_timeout = 2000"]);
    expect(places.taken).toBe(0);
  });

  test("is at most the usual one for a statement that commits by itself", async () => {
    await withLockLimit(connection, places, 1_999.5, note);
    await withLockLimit(connection, places, 2_001, note);
    const [limit, usual] = ["SET lock_timeout = 2000", "SET lock_timeout = 2000"];
    expect(sent).toEqual([limit, "work", usual, limit, "work", usual]);
  });
});

test("a change whose turn within the process comes after its deadline does not run", async () => {
  const mutex = new KeyedMutex();
  let finish = () => {};
  const finishing = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const first = mutex.run("organization", () => finishing, null);
  const work = jest.fn(async () => undefined);
  const late = expect(mutex.run("organization", work, new Deadline(10))).rejects.toMatchObject({
    extensions: { code: "DEADLINE_EXCEEDED" },
  });
  await jest.advanceTimersByTimeAsync(10);
  finish();
  await Promise.all([first, late]);
  expect(work).not.toHaveBeenCalled();
});

import { DatabaseError } from "pg";
import { Unavailable } from "../../src/domain/denial";
import { Deadline } from "../../src/store/engine/deadline";
import { lockTimeout } from "../../src/store/engine/lock-queue";
import { type MergeableWrite, MergedWrites } from "../../src/store/engine/merged-writes";

// A batch is a word, the value of a statement is its words, and the result of a batch is its word.
const write: MergeableWrite<string, string, string> = {
  statement: { name: "words", text: "…" },
  limit: 6,
  sizeOf: (word) => word.length,
  areCompatible: (one, other) => (one === one.toLowerCase()) === (other === other.toLowerCase()),
  valuesOf: (words) => [words.join(" ")],
  resultsOf: (rows) => [...rows],
};

interface Sent {
  words: string;
  deadline: Deadline | null;
  /** Whether a separately sent batch waits for locks. */
  waits?: boolean;
  succeed(): void;
  fail(error: unknown): void;
}

let sent: Sent[];
let queue: MergedWrites<string, string, string>;
beforeEach(() => {
  jest.useFakeTimers();
  sent = [];
  const send = ([words]: readonly unknown[], deadline: Deadline | null, waits?: boolean) =>
    new Promise((resolve, reject) => {
      const succeed = () => resolve(String(words).split(" "));
      sent.push({ words: String(words), deadline, ...(waits !== undefined && { waits }), succeed, fail: reject });
    });
  queue = new MergedWrites(write, (deadline) => ({
    together: (_statement, values) => send(values, deadline) as never,
    apart: (_statement, values, waits) => send(values, deadline, waits) as never,
  }));
});
afterEach(() => jest.useRealTimers());

const words = () => sent.map((each) => each.words);
const settle = () => jest.advanceTimersByTimeAsync(0);
const rejection = () => Object.assign(new DatabaseError("deadlock", 1, "error"), { severity: "ERROR" });
/** Adds batches. The first two occupy both statements that may run at a time. */
const add = (...batches: string[]) => batches.map((batch) => queue.add(batch, null));

test("while two statements run, the next batches are collected for one statement, and each gets its own result", async () => {
  const results = add("a", "b", "cc", "dd", "ee", "f");
  expect(words()).toEqual(["a", "b"]);
  sent[1]?.succeed();
  await settle();
  expect(words()).toEqual(["a", "b", "cc dd ee"]);
  sent[0]?.succeed();
  await settle();
  expect(words().slice(3)).toEqual(["f"]);
  for (const each of sent) each.succeed();
  expect(await Promise.all(results)).toEqual(["a", "b", "cc", "dd", "ee", "f"]);
});

test("a statement has at most the limit of rows, and only compatible batches", async () => {
  add("a", "b", "cccccccc", "ddd", "eee", "f", "G");
  for (let n = 0; n < 6; n++) {
    sent[n]?.succeed();
    await settle();
  }
  expect(words()).toEqual(["a", "b", "cccccccc", "ddd eee", "f", "G"]);
});

test("when a statement fails, its batches are sent separately, and so are others for a minute", async () => {
  const results = add("a", "b", "c", "bad");
  sent[0]?.succeed();
  await settle();
  sent[1]?.succeed();
  sent[2]?.fail(rejection());
  await settle();
  expect(words()).toEqual(["a", "b", "c bad", "c", "bad"]);
  const error = rejection();
  sent[4]?.fail(error);
  await expect(results[3]).rejects.toBe(error);
  sent[3]?.succeed();
  expect(await results[2]).toBe("c");
  await jest.advanceTimersByTimeAsync(59_999);
  add("d", "e", "f");
  expect(words().slice(5)).toEqual(["d", "e", "f"]);
  for (const each of sent) each.succeed();
  await jest.advanceTimersByTimeAsync(1);
  add("g", "h", "i", "j");
  sent.at(-1)?.succeed();
  await settle();
  expect(words().slice(8)).toEqual(["g", "h", "i j"]);
});

test("a group that waited for a lock is sent separately without another wait, and later batches wait", async () => {
  const results = add("a", "b", "c", "held");
  sent[0]?.succeed();
  await settle();
  sent[2]?.fail(lockTimeout());
  await settle();
  expect(sent.slice(3)).toMatchObject([
    { words: "c", waits: false },
    { words: "held", waits: false },
  ]);
  sent[3]?.succeed();
  expect(await results[2]).toBe("c");
  sent[4]?.fail(lockTimeout());
  await expect(results[3]).rejects.toMatchObject({ extensions: { code: "RATE_LIMITED" } });
  add("d");
  expect(sent[5]).toMatchObject({ words: "d", waits: true });
});

test("a group that failed for another reason is sent separately with the usual wait", async () => {
  add("a", "b", "c", "bad");
  sent[0]?.succeed();
  await settle();
  sent[2]?.fail(rejection());
  await settle();
  expect(sent.slice(3)).toMatchObject([{ waits: true }, { waits: true }]);
});

test("a single batch that fails is not sent again", async () => {
  const [result] = add("a");
  const error = rejection();
  sent[0]?.fail(error);
  await expect(result).rejects.toBe(error);
  expect(words()).toEqual(["a"]);
});

test("after an outage nothing is sent again, because it may have been written", async () => {
  const results = add("a", "b", "c", "d");
  sent[0]?.succeed();
  await settle();
  const outage = new Unavailable("The connection broke.", { mayHaveHappened: true });
  sent[2]?.fail(outage);
  await expect(results[2]).rejects.toBe(outage);
  await expect(results[3]).rejects.toBe(outage);
  expect(words()).toEqual(["a", "b", "c d"]);
});

test("a statement that waits for a second does not delay others", async () => {
  const results = add("a", "b", "c", "d");
  await jest.advanceTimersByTimeAsync(999);
  expect(words()).toEqual(["a", "b"]);
  await jest.advanceTimersByTimeAsync(1);
  expect(words()).toEqual(["a", "b", "c", "d"]);
  add("e");
  expect(words()).toHaveLength(5);
  for (const each of sent) each.succeed();
  expect(await Promise.all(results)).toEqual(["a", "b", "c", "d"]);
});

test("a waiting batch whose deadline passes is not sent; a batch that was sent may have been written", async () => {
  add("a");
  const early = new Deadline(100);
  const running = queue.add("b", early);
  const waiting = queue.add("c", early);
  const later = queue.add("d", new Deadline(900));
  const failures = Promise.allSettled([running, waiting]);
  await jest.advanceTimersByTimeAsync(100);
  const [first, second] = await failures;
  const reason = { reason: { extensions: { code: "DEADLINE_EXCEEDED" } } };
  expect([first, second]).toMatchObject([reason, reason]);
  expect(sent[1]?.deadline).toBe(early);
  sent[0]?.succeed();
  await settle();
  expect(words()).toEqual(["a", "b", "d"]);
  sent[2]?.succeed();
  expect(await later).toBe("d");
});

test("the error of a waiting batch says that nothing was changed", async () => {
  add("a", "b");
  const waiting = queue.add("c", new Deadline(100));
  const sentOne = queue.add("d", new Deadline(500));
  const failed = expect(waiting).rejects.toThrow("Nothing was changed.");
  await jest.advanceTimersByTimeAsync(100);
  await failed;
  sent[0]?.succeed();
  await settle();
  expect(words()).toEqual(["a", "b", "d"]);
  const doubtful = expect(sentOne).rejects.toMatchObject({ extensions: { mayHaveHappened: true } });
  await jest.advanceTimersByTimeAsync(400);
  await doubtful;
});

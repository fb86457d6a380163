import { DatabaseError } from "pg";
import { Unavailable } from "../../src/domain/denial";
import { Deadline } from "../../src/store/engine/deadline";
import { MergedWords, settle } from "../support/merged-words";

let merged: MergedWords;
let sent: MergedWords["sent"];
beforeEach(() => {
  jest.useFakeTimers();
  merged = new MergedWords();
  ({ sent } = merged);
});
afterEach(() => jest.useRealTimers());

const words = () => merged.words;
const add = (...batches: string[]) => merged.add(...batches);
const rejection = () => Object.assign(new DatabaseError("deadlock", 1, "error"), { severity: "ERROR" });

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

test("when a statement fails, its batches are sent separately, and each gets its own result", async () => {
  const [good, bad] = await merged.third("ok", "bad");
  await merged.fail(2, rejection());
  expect(sent.slice(3)).toMatchObject([
    { words: "ok", lockMs: null },
    { words: "bad", lockMs: null },
  ]);
  const error = rejection();
  sent[4]?.fail(error);
  await expect(bad).rejects.toBe(error);
  sent[3]?.succeed();
  expect(await good).toBe("ok");
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

test("a statement that hangs for a second does not delay others", async () => {
  const results = add("a", "b", "c", "d");
  await jest.advanceTimersByTimeAsync(999);
  expect(words()).toEqual(["a", "b"]);
  await jest.advanceTimersByTimeAsync(1);
  expect(words()).toEqual(["a", "b", "c d"]);
  add("a2", "e");
  expect(sent.slice(3)).toMatchObject([
    { words: "a2", lockMs: null },
    { words: "e", lockMs: 50 },
  ]);
  for (const each of sent) each.succeed();
  expect(await Promise.all(results)).toEqual(["a", "b", "c", "d"]);
});

test("a waiting batch whose deadline passes is not sent; a batch that was sent may have been written", async () => {
  add("a");
  const early = new Deadline(100);
  const running = merged.queue.add("b", early);
  const waiting = merged.queue.add("c", early);
  const later = merged.queue.add("d", new Deadline(900));
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
  const waiting = merged.queue.add("c", new Deadline(100));
  const sentOne = merged.queue.add("d", new Deadline(500));
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

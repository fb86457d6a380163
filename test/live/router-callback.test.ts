import { setTimeout as pause } from "node:timers/promises";
import { RouterCallback } from "../../src/server/live/router-callback";

jest.mock("node:timers/promises", () => ({ setTimeout: jest.fn(async () => undefined) }));
afterEach(() => {
  jest.restoreAllMocks();
  jest.mocked(pause).mockClear();
});

const request = { url: "https://router.example/callback/1", id: "1", verifier: "v", heartbeatMs: 0 };
const callback = () => new RouterCallback(request);
const failure = (code: string) => Object.assign(new TypeError("fetch failed"), { cause: { code } });

/** Answers calls with these statuses or failures, in order. */
function router(...answers: Array<number | string>) {
  return jest.spyOn(globalThis, "fetch").mockImplementation(async () => {
    const answer = answers.shift() ?? 0;
    if (typeof answer === "string") throw failure(answer);
    return new Response(null, { status: answer });
  });
}

test.each<["check" | "next" | "complete", Array<number | string>, string]>([
  ["check", [204], "delivered"],
  ["check", [200], "failed"],
  ["check", [404], "gone"],
  ["check", [500, 204], "delivered"],
  ["check", [502, 503, "ECONNRESET", 204], "delivered"],
  ["check", [503, 503, 503, 503], "failed"],
  ["next", [200], "delivered"],
  ["next", [404], "gone"],
  ["next", [503, 200], "delivered"],
  ["next", ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", 200], "delivered"],
  ["next", ["UND_ERR_CONNECT_TIMEOUT", 200], "delivered"],
  ["next", [500], "failed"],
  ["next", ["ECONNRESET"], "failed"],
  ["next", [307], "failed"],
  ["complete", [202], "delivered"],
  ["complete", [503, 202], "delivered"],
])("the message '%s' with the answers %j is %s", async (action, answers, delivery) => {
  const calls = router(...answers);
  const sent = {
    check: () => callback().check(),
    next: () => callback().next({}),
    complete: () => callback().complete([]),
  };
  expect(await sent[action]()).toBe(delivery);
  expect(calls).toHaveBeenCalledTimes(answers.length);
  expect(jest.mocked(pause).mock.calls.map(([ms]) => ms)).toEqual([100, 200, 400].slice(0, answers.length - 1));
});

test("a message may take five seconds, and follows no redirect", async () => {
  const timeout = jest.spyOn(AbortSignal, "timeout");
  const calls = router(200);
  await callback().next({ data: null });
  expect(timeout).toHaveBeenCalledWith(5_000);
  const [[, options] = []] = calls.mock.calls;
  expect(options).toMatchObject({ redirect: "manual", signal: timeout.mock.results[0]?.value });
});

test("after the end, and after a stop, nothing is sent", async () => {
  const calls = router(202);
  const [ended, stopped] = [callback(), callback()];
  const last = [ended.complete(undefined), ended.next({}), ended.check()];
  expect(await Promise.all(last)).toEqual(["delivered", "gone", "gone"]);
  stopped.stop();
  expect(await stopped.complete(undefined)).toBe("gone");
  expect(calls).toHaveBeenCalledTimes(1);
});

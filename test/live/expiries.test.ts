import { setTimeout as pause } from "node:timers/promises";
import { Expiries } from "../../src/live/expiries";

const clock = { now: () => new Date() };

test("streams with the same expiry end together, and no others", async () => {
  const expiries = new Expiries(clock);
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
  const expiries = new Expiries(clock);
  const expire = jest.fn();
  expiries.add(new Date("9999-12-31T00:00:00Z"), { expire });
  // Node fires a timer with too long a delay at once.
  await pause(20);
  expect(expire).not.toHaveBeenCalled();
});

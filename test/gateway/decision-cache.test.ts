import { type Check, type Decision, DecisionCache } from "../../examples/agents/decision-cache";
import type { OrganizationEvent } from "../../examples/agents/event-follower";

const decided = (sequence: number, more: Partial<Decision> = {}): Decision => ({
  ...{ allowed: true, reasons: [], organizationId: "acme", sequence, validUntil: null },
  ...more,
});
const event = (sequence: number, more: Partial<OrganizationEvent> = {}): OrganizationEvent => ({
  ...{ cursor: `${sequence}`, organizationId: "acme", sequence, type: "member.role_changed", workspaceId: null },
  ...more,
});
const ADA: Check = { userId: "ada", workspaceId: "w" };

/** A cache in front of a service whose responses are given by the test. */
function createCache(now: () => number = Date.now) {
  const waiting: Array<(decision: Decision) => void> = [];
  const ask = (checks: readonly Check[]) =>
    Promise.all(checks.map(() => new Promise<Decision>((resolve) => waiting.push(resolve))));
  const cache = new DecisionCache(ask, now);
  cache.setFollowing(true);
  /** Starts a decision. Resolves when its request has reached the service. */
  const begin = async (check = ADA) => {
    const before = waiting.length;
    const decision = cache.decide(check);
    while (waiting.length === before) await new Promise((resolve) => setImmediate(resolve));
    return { decision, answer: (given: Decision) => waiting[before]?.(given) };
  };
  const decide = async (given: Decision, check = ADA) => {
    const { decision, answer } = await begin(check);
    answer(given);
    return await decision;
  };
  return { cache, begin, decide };
}

test("a decision is requested once until an event with a higher sequence arrives", async () => {
  const { cache, decide } = createCache();
  const first = await decide(decided(5));
  expect(await cache.decide(ADA)).toBe(first);
  for (const harmless of [
    event(5),
    event(9, { organizationId: "globex" }),
    ...["invitation.created", "subscription.renewed", "credits.threshold_reached", "byok.paused"].map((type) =>
      event(9, { type }),
    ),
  ]) {
    cache.onEvent(harmless);
    expect(await cache.decide(ADA)).toBe(first);
  }
  expect(cache.requests).toBe(1);
  cache.onEvent(event(6));
  const second = await decide(decided(6));
  expect(await cache.decide(ADA)).toBe(second);
  expect(cache.requests).toBe(2);
});

test.each([
  "workspace.deleted",
  "organization.deleted",
  "ownership.transferred",
  "workspace_access.expired",
  "new.kind",
])("%s drops the decisions of its organization", async (type) => {
  const { cache, decide } = createCache();
  await decide(decided(5));
  cache.onEvent(event(6, { type }));
  await decide(decided(6));
  expect(cache.requests).toBe(2);
});

test("a decision from before an event that arrives after it is not cached", async () => {
  const { cache, begin, decide } = createCache();
  const { decision, answer } = await begin();
  cache.onEvent(event(6));
  answer(decided(5));
  await decision;
  await decide(decided(6));
  expect(cache.requests).toBe(2);
});

test("a decision that includes an event which arrives during the request is cached", async () => {
  const { cache, begin } = createCache();
  const { decision, answer } = await begin();
  cache.onEvent(event(6));
  answer(decided(6));
  const first = await decision;
  expect(await cache.decide(ADA)).toBe(first);
});

test("while no events arrive, nothing is cached, and earlier decisions are dropped", async () => {
  const { cache, begin, decide } = createCache();
  await decide(decided(5));
  const { decision, answer } = await begin({ ...ADA, userId: "bob" });
  cache.setFollowing(false);
  await decide(decided(5));
  cache.setFollowing(true);
  // The request started before events arrived again.
  answer(decided(5));
  await decision;
  await decide(decided(5));
  await decide(decided(5), { ...ADA, userId: "bob" });
  expect(cache.requests).toBe(5);
});

test("a decision by temporary access is used until the end of the access, but not at it", async () => {
  const end = Date.parse("2026-04-01T00:00:00.000Z");
  let now = end - 1;
  const { cache, decide } = createCache(() => now);
  const first = await decide(decided(5, { validUntil: new Date(end).toISOString() }));
  expect(await cache.decide(ADA)).toBe(first);
  now = end;
  await decide(decided(5));
  expect(cache.requests).toBe(2);
});

test("a decision about a stranger is never cached, because no event reports its change", async () => {
  const { cache, decide } = createCache();
  for (const _ of [1, 2]) await decide(decided(0, { sequence: null, organizationId: null, allowed: false }));
  expect(cache.requests).toBe(2);
});

test("simultaneous decisions share one request", async () => {
  const asked: number[] = [];
  const cache = new DecisionCache(async (checks) => {
    asked.push(checks.length);
    return checks.map(() => decided(1));
  });
  const people = Array.from({ length: 1_500 }, (_, n) => cache.decide({ userId: `${n}`, workspaceId: "w" }));
  await Promise.all(people);
  expect(asked).toEqual([1_000, 500]);
});

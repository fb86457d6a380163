import { Denied } from "../../src/domain/denial";
import * as domain from "../../src/domain/founding";
import { Refused } from "../../src/domain/refusal";

const NOW = new Date("2026-03-31T09:00:00.000Z");
const ago = (milliseconds: number) => new Date(NOW.getTime() - milliseconds);

function thrownBy(rule: () => unknown) {
  try {
    rule();
    return null;
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    if (error instanceof Denied) return { ...error.extensions, message: error.message };
    throw error;
  }
}

test("the limits equal the README's", () => {
  expect(domain).toMatchObject({ MAX_FOUNDED_PER_DAY: 20, FOUNDING_WINDOW_MS: 86_400_000, MAX_FREE_ORGANIZATIONS: 25 });
  expect(domain.FREE_PLAN_CODES).toEqual(["STARTER"]);
});

const FOUNDED: domain.Founded = { lately: 0, oldestOfLately: null, free: 0 };
const found = (founded: Partial<domain.Founded>) =>
  thrownBy(() => domain.assertMayFound({ ...FOUNDED, ...founded }, NOW));

test("a person can found twenty organizations a day, and then has to wait until the oldest is a day old", () => {
  expect([found({}), found({ lately: 19, oldestOfLately: ago(1) })]).toEqual([null, null]);
  const wait = (oldestOfLately: Date | null, lately = 20) => found({ lately, oldestOfLately });
  expect(wait(ago(0))).toEqual({
    ...{ code: "RATE_LIMITED", retryAfterSeconds: 86_400 },
    message: "You can create at most 20 organizations a day. Try again later.",
  });
  expect(wait(ago(86_340_000), 21)).toMatchObject({ retryAfterSeconds: 60 });
  // Rounded up to the full second and never zero, so that clients do not retry at once.
  expect(wait(ago(86_340_001))).toMatchObject({ retryAfterSeconds: 60 });
  expect(wait(ago(86_339_999))).toMatchObject({ retryAfterSeconds: 61 });
  expect(wait(ago(86_400_000))).toMatchObject({ retryAfterSeconds: 1 });
  expect(wait(null)).toMatchObject({ retryAfterSeconds: 86_400 });
});

test("a person can have twenty-five organizations on a free plan", () => {
  expect(found({ free: 24 })).toBeNull();
  expect(found({ free: 25 })).toEqual({
    code: "ORGANIZATION_LIMIT_REACHED",
    message:
      "You can have at most 25 organizations on a free plan, and you have created 25. Upgrade or delete one of them first.",
    path: null,
    retryAfterSeconds: null,
    limit: { used: 25, limit: 25, remaining: 0 },
  });
  expect(found({ free: 30 })).toMatchObject({ limit: { used: 30, limit: 25, remaining: 0 } });
});

test("a restored organization counts again, and only its founder sees their number", () => {
  const restore = (free: number, planCode: string, isFounder: boolean) =>
    thrownBy(() => domain.assertMayRestore({ free }, planCode, isFounder));
  expect([restore(24, "STARTER", true), restore(25, "STANDARD", true)]).toEqual([null, null]);
  const refusal = {
    code: "ORGANIZATION_LIMIT_REACHED",
    message:
      "One person can have at most 25 organizations on a free plan, and this one's founder has reached that. " +
      "Upgrade or delete one of theirs first.",
    path: null,
    retryAfterSeconds: null,
  };
  expect(restore(25, "STARTER", true)).toEqual({ ...refusal, limit: { used: 25, limit: 25, remaining: 0 } });
  expect(restore(26, "STARTER", false)).toEqual({ ...refusal, limit: null });
});

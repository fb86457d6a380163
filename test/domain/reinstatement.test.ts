import { Refused } from "../../src/domain/refusal";
import { assertReinstatable, type EndedMembership, REINSTATABLE_MS } from "../../src/domain/reinstatement";

const now = new Date("2026-03-31T09:00:00.000Z");
const ago = (milliseconds: number) => new Date(now.getTime() - milliseconds);
const REMOVED: EndedMembership = { endedAt: now, hasLeft: false, isMember: false };

/** "ok", or the message of the refusal. */
function answer(ended: Partial<EndedMembership>): string {
  try {
    assertReinstatable({ ...REMOVED, ...ended }, now);
    return "ok";
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    expect(error.refusal).toMatchObject({ code: "NOT_REINSTATABLE", path: ["memberId"] });
    return error.refusal.message;
  }
}

test("members can be reinstated for 30 days", () => {
  expect(REINSTATABLE_MS).toBe(30 * 86_400_000);
});

test("reinstating is possible until a millisecond before 30 days have passed", () => {
  expect(answer({})).toBe("ok");
  expect(answer({ endedAt: ago(REINSTATABLE_MS - 1) })).toBe("ok");
  expect(answer({ endedAt: ago(REINSTATABLE_MS) })).toBe(
    "This person was removed more than 30 days ago. Invite them instead.",
  );
});

test("members who left, and current members, cannot be reinstated", () => {
  expect(answer({ hasLeft: true })).toBe("This person left the organization on their own. Invite them instead.");
  expect(answer({ isMember: true, hasLeft: true, endedAt: ago(REINSTATABLE_MS) })).toBe(
    "This person is a member already. There is nothing left to do.",
  );
});

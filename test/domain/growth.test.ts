import * as domain from "../../src/domain/growth";
import type { SubscriptionStatus } from "../../src/domain/plan";
import { refusalOf } from "../../src/domain/refusal";

const on = (planCode: string, scheduledPlanCode: string | null = null) => ({ planCode, scheduledPlanCode });

function room(memberLimit: number | null, workspaceLimit: number | null, mayGrow = true): domain.Room {
  return { memberLimit, workspaceLimit, mayGrow };
}

test.each<[string, string | null, [string, boolean], [string, boolean]]>([
  // The plan, the scheduled plan, and the plans whose limits of members and workspaces count.
  ["STANDARD", null, ["STANDARD", false], ["STANDARD", false]],
  ["ENTERPRISE", null, ["ENTERPRISE", false], ["ENTERPRISE", false]],
  ["STANDARD", "STARTER", ["STARTER", true], ["STARTER", true]],
  ["ENTERPRISE", "STANDARD", ["STANDARD", true], ["STANDARD", true]],
  // The same plan with another interval, and one with the same limit of members.
  ["STANDARD", "STANDARD", ["STANDARD", false], ["STANDARD", false]],
  ["ENTERPRISE", "ADVANCED", ["ENTERPRISE", false], ["ADVANCED", true]],
  // A larger plan counts from its start.
  ["STARTER", "STANDARD", ["STARTER", false], ["STARTER", false]],
  ["STANDARD", "ENTERPRISE", ["STANDARD", false], ["STANDARD", false]],
])("on %s with %s scheduled, the limits are those of %j and %j", (planCode, scheduled, members, workspaces) => {
  const limiting = (limit: domain.CountedLimit) => {
    const { plan, isScheduled } = domain.limitingPlan(on(planCode, scheduled), limit);
    return [plan.code, isScheduled];
  };
  expect([limiting("memberLimit"), limiting("workspaceLimit")]).toEqual([members, workspaces]);
});

test.each<[string, string | null, SubscriptionStatus, domain.Room, string]>([
  ["STARTER", null, "ACTIVE", room(1, 1), "1 member and 1 workspace."],
  ["STANDARD", null, "TRIALING", room(3, 3), "3 members and 3 workspaces."],
  ["ENTERPRISE", null, "ACTIVE", room(null, null), "any number of members and any number of workspaces."],
  ["ADVANCED", "STANDARD", "ACTIVE", room(3, 3), "3 members and 3 workspaces."],
  [
    ...(["ADVANCED", null, "PAST_DUE", room(null, 30, false)] as const),
    "any number of members and 30 workspaces, but cannot grow for now.",
  ],
  ["STARTER", "STANDARD", "CANCELED", room(1, 1, false), "1 member and 1 workspace, but cannot grow for now."],
])("on %s with %s scheduled, %s, the room is %j", (planCode, scheduled, status, expected, sentence) => {
  const found = domain.roomOf({ ...on(planCode, scheduled), status });
  expect(found).toEqual(expected);
  expect(domain.sentenceOf(found)).toBe(`The organization may have ${sentence}`);
});

test("two rooms are the same if both limits and the permission to grow are", () => {
  expect(domain.isSameRoom(room(3, null), room(3, null))).toBe(true);
  for (const other of [room(4, null), room(3, 3), room(3, null, false)]) {
    expect(domain.isSameRoom(room(3, null), other)).toBe(false);
  }
});

test("either all added people get seats or none does", () => {
  const refusal = (added: number, plans: domain.CountingPlans, seats: number) =>
    refusalOf(() => domain.assertSeatsFor(added, plans, seats));
  expect(refusal(0, on("STANDARD"), 4)).toBeNull();
  expect(refusal(1, on("STANDARD"), 2)).toBeNull();
  expect(refusal(3, on("STANDARD"), 0)).toBeNull();
  expect(refusal(1_000, on("ADVANCED"), 1_000)).toBeNull();
  expect(refusal(2, on("STANDARD"), 2)).toEqual({
    code: "MEMBER_LIMIT_REACHED",
    message:
      "The Standard plan has 3 seats, 2 of them taken by members and pending invitations; 2 more do not fit. Upgrade, remove members or cancel invitations.",
    path: ["emails"],
    retryAfterSeconds: null,
    limit: { used: 2, limit: 3, remaining: 1 },
  });
  expect(refusal(1, on("STARTER"), 1)?.message).toMatch(/^The Starter plan has 1 seat, 1 of them/);
});

test("the scheduled plan limits seats if it has fewer", () => {
  expect(refusalOf(() => domain.assertSeatsFor(1, on("ADVANCED", "STANDARD"), 2))).toBeNull();
  expect(refusalOf(() => domain.assertSeatsFor(1, on("ADVANCED", "STANDARD"), 3))).toEqual({
    code: "MEMBER_LIMIT_REACHED",
    message:
      "The Standard plan, which is scheduled for the next period, has 3 seats, 3 of them taken by members " +
      "and pending invitations; 1 more does not fit. Ask an Owner to cancel the scheduled change, remove members or cancel invitations.",
    path: ["emails"],
    retryAfterSeconds: null,
    limit: { used: 3, limit: 3, remaining: 0 },
  });
});

test("an invited person can join while there is a free seat, and the refusal hides the number of members", () => {
  const refusal = (plans: domain.CountingPlans, members: number) =>
    refusalOf(() => domain.assertSeatToJoin(plans, members));
  expect([refusal(on("STANDARD"), 2), refusal(on("ENTERPRISE"), 9_999)]).toEqual([null, null]);
  expect(refusal(on("ADVANCED", "STANDARD"), 2)).toBeNull();
  const message = (remedy: string) =>
    `The organization has no free seat for you. Ask an Owner to ${remedy} or to free a seat. The invitation stays open meanwhile.`;
  for (const members of [3, 4]) {
    expect(refusal(on("STANDARD"), members)).toEqual({
      ...{
        code: "MEMBER_LIMIT_REACHED",
        message: message("upgrade"),
        path: null,
        retryAfterSeconds: null,
        limit: null,
      },
    });
  }
  expect(refusal(on("ADVANCED", "STANDARD"), 3)).toEqual({
    ...{ code: "MEMBER_LIMIT_REACHED", path: null, retryAfterSeconds: null, limit: null },
    message: message("cancel the scheduled change of plan"),
  });
});

test("a workspace can be created up to the limit", () => {
  const refusal = (plans: domain.CountingPlans, workspaces: number) =>
    refusalOf(() => domain.assertRoomForWorkspace(plans, workspaces));
  const room = [refusal(on("STARTER"), 0), refusal(on("STANDARD"), 2), refusal(on("ENTERPRISE"), 9_999)];
  expect(room).toEqual([null, null, null]);
  expect(refusal(on("STANDARD"), 3)).toEqual({
    code: "WORKSPACE_LIMIT_REACHED",
    message: "The Standard plan allows 3 workspaces, all of them in use. Upgrade, or delete one.",
    path: null,
    retryAfterSeconds: null,
    limit: { used: 3, limit: 3, remaining: 0 },
  });
  expect(refusal(on("STANDARD"), 4)?.code).toBe("WORKSPACE_LIMIT_REACHED");
  expect(refusal(on("STARTER"), 1)?.message).toMatch(/allows 1 workspace, all/);
  expect(refusal(on("ADVANCED", "STANDARD"), 3)).toEqual({
    code: "WORKSPACE_LIMIT_REACHED",
    message:
      "The Standard plan, which is scheduled for the next period, allows 3 workspaces, all of them in use. " +
      "Ask an Owner to cancel the scheduled change, or delete one.",
    path: null,
    retryAfterSeconds: null,
    limit: { used: 3, limit: 3, remaining: 0 },
  });
});

test("a refusal of seats has the path of the field with the addresses", () => {
  const refused = () => domain.assertSeatsFor(1, { planCode: "STANDARD", scheduledPlanCode: null }, 3, "memberId");
  expect(refused).toThrow(expect.objectContaining({ refusal: expect.objectContaining({ path: ["memberId"] }) }));
});

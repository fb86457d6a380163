import {
  AccessReviewDecision,
  AccessReviewFinding,
  AccessReviewOutcome,
  AccessReviewStatus,
  assertDueLater,
  assertMayDecide,
  assertReviewOpen,
  assertReviewSize,
  decisionRefusal,
  findingsOf,
  type ReviewedAccess,
  type ReviewedGrant,
  remindersReached,
  remindersSkipped,
} from "../../src/domain/access-review";
import type { OrganizationRole } from "../../src/domain/role";
import type { Viewer } from "../../src/domain/viewer";

const now = new Date("2026-03-31T09:00:00Z");
const DAY = 86_400_000;
const before = (milliseconds: number) => new Date(now.getTime() - milliseconds);
const after = (milliseconds: number) => new Date(now.getTime() + milliseconds);

test("every enum value equals its own name, as the graph registers it", () => {
  for (const values of [AccessReviewDecision, AccessReviewFinding, AccessReviewOutcome, AccessReviewStatus]) {
    expect(Object.values(values)).toEqual(Object.keys(values));
  }
  expect(Object.keys(AccessReviewStatus)).toEqual(["OPEN", "COMPLETED", "CANCELED"]);
  expect(Object.keys(AccessReviewDecision)).toEqual(["KEEP", "CHANGE", "REMOVE"]);
  expect(Object.keys(AccessReviewOutcome)).toEqual(["APPLIED", "UNCHANGED", "MEMBER_GONE", "CHANGED_MEANWHILE"]);
  expect(Object.keys(AccessReviewFinding)).toEqual([
    ...["UNUSED_90_DAYS", "MANY_OWNERS", "RAISED_BY_OVERRIDE", "UNASSIGNED", "PERMANENT_OVERRIDE"],
  ]);
});

test("a review is due in the future", () => {
  assertDueLater(after(1), now);
  for (const dueAt of [now, before(1)]) {
    expect(() => assertDueLater(dueAt, now)).toThrow(
      expect.objectContaining({
        refusal: expect.objectContaining({ code: "INVALID_INPUT", path: ["dueAt"] }),
        message: "A review must be due in the future. Choose a later time.",
      }),
    );
  }
});

test("a review has at least one member and at most 20,000", () => {
  assertReviewSize(1);
  assertReviewSize(20_000);
  const refused = (members: number, message: string) =>
    expect(() => assertReviewSize(members)).toThrow(
      expect.objectContaining({
        message,
        refusal: expect.objectContaining({ code: "INVALID_INPUT", path: ["roles"] }),
      }),
    );
  refused(0, "No member has these roles and workspaces. Choose others.");
  refused(20_001, "A review covers at most 20,000 members. Narrow it by roles or workspaces.");
});

test("only an open review takes decisions", () => {
  assertReviewOpen("OPEN");
  for (const [status, word] of [
    ["COMPLETED", "completed"],
    ["CANCELED", "canceled"],
  ] as const) {
    expect(() => assertReviewOpen(status)).toThrow(
      expect.objectContaining({
        refusal: expect.objectContaining({ code: "REVIEW_NOT_OPEN" }),
        message: `This review is closed: it was ${word}. Start a new one.`,
      }),
    );
  }
});

test("reminders are due a week and a day before the review, to the millisecond", () => {
  const reached = [7 * DAY + 1, 7 * DAY, DAY + 1, DAY, 0, -1].map((left) => remindersReached(after(left), now));
  expect(reached).toEqual([0, 1, 1, 2, 2, 2]);
});

test("a review that is due sooner skips the reminder", () => {
  const skipped = [7 * DAY, 7 * DAY - 1, DAY, DAY - 1].map((left) => remindersSkipped(after(left), now));
  expect(skipped).toEqual([0, 1, 1, 2]);
});

const grant = (roleOverride: ReviewedGrant["roleOverride"], expiresAt: Date | null = null): ReviewedGrant => ({
  ...{ workspaceId: "w", workspaceName: "Alpha", roleOverride, expiresAt },
});
const access = (changes: Partial<ReviewedAccess>): ReviewedAccess => ({
  ...{ role: "DEVELOPER", grants: [grant(null)], joinedAt: before(1), lastSeenAt: now, ownerRank: null },
  ...changes,
});
const findings = (changes: Partial<ReviewedAccess>) => findingsOf(access(changes), now);

test("ordinary access has no findings", () => {
  expect(findings({})).toEqual([]);
  expect(findings({ role: "OWNER", grants: [], ownerRank: 1 })).toEqual([]);
});

test("access is unused 90 days after the last use, or after joining if the member was never seen", () => {
  expect(findings({ lastSeenAt: before(90 * DAY) })).toEqual(["UNUSED_90_DAYS"]);
  expect(findings({ lastSeenAt: before(90 * DAY - 1) })).toEqual([]);
  expect(findings({ lastSeenAt: null, joinedAt: before(90 * DAY) })).toEqual(["UNUSED_90_DAYS"]);
  expect(findings({ lastSeenAt: null, joinedAt: before(90 * DAY - 1) })).toEqual([]);
  expect(findings({ lastSeenAt: now, joinedAt: before(400 * DAY) })).toEqual([]);
});

test("the third and later Owners are a finding", () => {
  const of = (ownerRank: number) => findings({ role: "OWNER", grants: [], ownerRank });
  expect([of(1), of(2), of(3)]).toEqual([[], [], ["MANY_OWNERS"]]);
});

test("only an override above the organization role is a finding", () => {
  const end = after(DAY);
  const of = (role: OrganizationRole, override: ReviewedGrant["roleOverride"]) =>
    findings({ role, grants: [grant(null), grant(override, end)] });
  expect(of("VIEWER", "ADMIN")).toEqual(["RAISED_BY_OVERRIDE"]);
  expect(of("VIEWER", "DEVELOPER")).toEqual(["RAISED_BY_OVERRIDE"]);
  expect(of("VIEWER", "VIEWER")).toEqual([]);
  expect(of("DEVELOPER", "ADMIN")).toEqual(["RAISED_BY_OVERRIDE"]);
  expect(of("DEVELOPER", "DEVELOPER")).toEqual([]);
  expect(of("DEVELOPER", "VIEWER")).toEqual([]);
});

test("an override without an end is a finding; an assignment without an end is not", () => {
  expect(findings({ grants: [grant("VIEWER")] })).toEqual(["PERMANENT_OVERRIDE"]);
  expect(findings({ grants: [grant("VIEWER", after(1)), grant("VIEWER")] })).toEqual(["PERMANENT_OVERRIDE"]);
  expect(findings({ grants: [grant("VIEWER", after(1))] })).toEqual([]);
  expect(findings({ role: "VIEWER", grants: [grant("ADMIN")] })).toEqual(["RAISED_BY_OVERRIDE", "PERMANENT_OVERRIDE"]);
});

test("Developers and Viewers without a workspace are unassigned; stored grants of Owners and Admins do not count", () => {
  for (const role of ["DEVELOPER", "VIEWER"] as const) expect(findings({ role, grants: [] })).toEqual(["UNASSIGNED"]);
  for (const role of ["OWNER", "ADMIN"] as const) {
    expect([findings({ role, grants: [] }), findings({ role, grants: [grant("VIEWER")] })]).toEqual([[], []]);
  }
});

const member = (role: OrganizationRole, currentRole: OrganizationRole | null = role) => ({
  ...{ userId: "ada", role, currentRole },
});
const refused = (code: string) => expect.objectContaining({ refusal: expect.objectContaining({ code }) });

test("nobody can decide on themself, not even an Owner", () => {
  for (const role of ["OWNER", "ADMIN"] as const) {
    expect(() => assertMayDecide({ userId: "ada", role }, member(role), null)).toThrow(
      expect.objectContaining({
        refusal: expect.objectContaining({ code: "OWN_ACCESS" }),
        message: "Nobody decides on their own access. Leave this decision to another Owner or Admin.",
      }),
    );
  }
});

test("an Admin cannot decide on a member who is Owner or was Owner at the start, and cannot make somebody Owner", () => {
  const admin = { userId: "bob", role: "ADMIN" } as const;
  for (const role of ["ADMIN", "DEVELOPER", "VIEWER"] as const) {
    assertMayDecide(admin, member(role), null);
    assertMayDecide(admin, member(role, null), "ADMIN");
    expect(() => assertMayDecide(admin, member(role, "OWNER"), null)).toThrow(refused("ROLE_TOO_HIGH"));
    expect(() => assertMayDecide(admin, member(role), "OWNER")).toThrow(refused("ROLE_TOO_HIGH"));
  }
  for (const currentRole of ["OWNER", "VIEWER", null] as const) {
    expect(() => assertMayDecide(admin, member("OWNER", currentRole), null)).toThrow(refused("ROLE_TOO_HIGH"));
  }
  assertMayDecide({ userId: "bob", role: "OWNER" }, member("OWNER"), "OWNER");
});

const person = (id: string): Viewer => ({ kind: "person", id, name: "Bob", email: null, emailVerified: false });
const service: Viewer = { kind: "service", name: "s", scopes: new Set(["entities:read"]) };

test("the field with the refusal equals the refusal of deciding, and is null if the viewer may decide", () => {
  expect(decisionRefusal(person("bob"), "ADMIN", "OPEN", member("VIEWER"))).toBeNull();
  const code = (...asked: Parameters<typeof decisionRefusal>) => decisionRefusal(...asked)?.code;
  expect(code(person("bob"), "ADMIN", "CANCELED", member("VIEWER"))).toBe("REVIEW_NOT_OPEN");
  expect(code(person("bob"), "ADMIN", "OPEN", member("OWNER"))).toBe("ROLE_TOO_HIGH");
  expect(code(person("bob"), "ADMIN", "OPEN", member("VIEWER", "OWNER"))).toBe("ROLE_TOO_HIGH");
  expect(code(person("ada"), "ADMIN", "OPEN", member("ADMIN"))).toBe("OWN_ACCESS");
  expect(code(person("bob"), "DEVELOPER", "OPEN", member("VIEWER"))).toBe("FORBIDDEN");
  expect(code(person("bob"), null, "OPEN", member("VIEWER"))).toBe("FORBIDDEN");
  expect(code(service, null, "OPEN", member("VIEWER"))).toBe("FORBIDDEN");
  expect(code(service, "OWNER", "OPEN", member("VIEWER"))).toBe("FORBIDDEN");
});

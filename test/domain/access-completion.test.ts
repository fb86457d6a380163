import {
  type Access,
  assertUndecidedGets,
  type CompletionState,
  describeOutcomes,
  type ItemToComplete,
  planCompletion,
  unchangedGrants,
} from "../../src/domain/access-completion";
import type { ReviewedGrant } from "../../src/domain/access-review";

const now = new Date("2026-03-31T09:00:00Z");
const later = new Date(now.getTime() + 1);
const grant = (workspaceId: string, changes: Partial<ReviewedGrant> = {}): ReviewedGrant => ({
  ...{ workspaceId, workspaceName: workspaceId, roleOverride: null, expiresAt: null },
  ...changes,
});
const state = (changes: Partial<CompletionState> = {}): CompletionState => ({
  ...{ reviewer: { userId: "owner", role: "OWNER" }, undecided: null, owners: 2, now },
  ...{ workspaces: new Set(["alpha", "beta"]) },
  ...changes,
});
const VIEWER: Access = { role: "VIEWER", grants: [grant("alpha")] };
const item = (changes: Partial<ItemToComplete> = {}): ItemToComplete => ({
  ...{ id: "i", userId: "ada", ...VIEWER, decision: "KEEP", newRole: null, newGrants: null, current: VIEWER },
  ...changes,
});
const one = (changes: Partial<ItemToComplete>, completion: Partial<CompletionState> = {}) => {
  const [planned] = planCompletion([item(changes)], state(completion));
  return planned && { decision: planned.decision, outcome: planned.outcome, change: planned.change };
};
const refused = (code: string) => expect.objectContaining({ refusal: expect.objectContaining({ code }) });

test("undecided items can get KEEP, REMOVE or nothing, but no change", () => {
  for (const undecided of ["KEEP", "REMOVE", null] as const) assertUndecidedGets(undecided);
  expect(() => assertUndecidedGets("CHANGE")).toThrow(
    expect.objectContaining({
      message: "Undecided items have no new role or workspaces. Choose KEEP or REMOVE.",
      refusal: expect.objectContaining({ code: "INVALID_INPUT", path: ["undecided"] }),
    }),
  );
});

test("completing applies removals and changes, and does not change kept members", () => {
  expect(one({})).toEqual({ decision: "KEEP", outcome: "UNCHANGED", change: null });
  expect(one({ decision: "REMOVE" })).toEqual({
    ...{ decision: "REMOVE", outcome: "APPLIED", change: { kind: "REMOVE", from: VIEWER } },
  });
  expect(one({ decision: "CHANGE", newRole: "DEVELOPER" })?.change).toEqual({
    ...{ kind: "CHANGE", from: VIEWER, role: "DEVELOPER", grants: null },
  });
  expect(one({ decision: "CHANGE", newGrants: [grant("beta")] })).toEqual({
    ...{ decision: "CHANGE", outcome: "APPLIED" },
    change: { kind: "CHANGE", from: VIEWER, role: "VIEWER", grants: [grant("beta")] },
  });
  expect(one({ decision: "CHANGE", newGrants: [] })?.change).toMatchObject({ grants: [] });
});

test("a change to the current access of a member has no effect", () => {
  const none = { decision: "CHANGE", outcome: "UNCHANGED", change: null };
  expect(one({ decision: "CHANGE", newRole: "VIEWER" })).toEqual(none);
  expect(one({ decision: "CHANGE", newGrants: [grant("alpha")] })).toEqual(none);
  expect(one({ decision: "CHANGE", newRole: "VIEWER", newGrants: [grant("alpha")] })).toEqual(none);
  expect(one({ decision: "CHANGE", newRole: "DEVELOPER", newGrants: [grant("alpha")] })?.change).toMatchObject({
    ...{ role: "DEVELOPER", grants: null },
  });
});

test("a member who has left is GONE, whatever was decided", () => {
  for (const decision of ["KEEP", "CHANGE", "REMOVE"] as const) {
    const outcome = one({ decision, newRole: "ADMIN", current: null });
    expect(outcome).toEqual({ decision, outcome: "MEMBER_GONE", change: null });
  }
});

const CHANGES: Array<[string, Access]> = [
  ["another role", { role: "DEVELOPER", grants: VIEWER.grants }],
  ["one workspace more", { role: "VIEWER", grants: [grant("alpha"), grant("beta")] }],
  ["no workspace", { role: "VIEWER", grants: [] }],
  ["another workspace", { role: "VIEWER", grants: [grant("beta")] }],
  ["an override", { role: "VIEWER", grants: [grant("alpha", { roleOverride: "ADMIN" })] }],
  ["an end", { role: "VIEWER", grants: [grant("alpha", { expiresAt: later })] }],
];
test.each(CHANGES)("a member with %s since the start is CHANGED_MEANWHILE, whatever was decided", (_, current) => {
  for (const decision of ["KEEP", "CHANGE", "REMOVE"] as const) {
    const outcome = one({ decision, newRole: "ADMIN", current });
    expect(outcome).toEqual({ decision, outcome: "CHANGED_MEANWHILE", change: null });
  }
});

test("a grant that ends by date or with its workspace does not count as a change", () => {
  const ended = [grant("alpha"), grant("beta", { expiresAt: now })];
  expect(one({ grants: ended, decision: "REMOVE" })?.outcome).toBe("APPLIED");
  expect(one({ grants: [grant("alpha"), grant("deleted")], decision: "REMOVE" })?.outcome).toBe("APPLIED");
  const lasting = [grant("alpha"), grant("beta", { expiresAt: later })];
  expect(one({ grants: lasting, decision: "REMOVE" })?.outcome).toBe("CHANGED_MEANWHILE");
});

test("a grant that the member still holds but that has ended, or whose workspace is deleted, does not count", () => {
  for (const lost of [grant("beta", { expiresAt: now }), grant("deleted")]) {
    const current = { role: "VIEWER", grants: [grant("alpha"), lost] } as const;
    expect(one({ current, decision: "REMOVE" })?.change).toEqual({ kind: "REMOVE", from: VIEWER });
  }
});

test("a grant is unchanged if the member has the workspace with the same role and end", () => {
  const before = [grant("alpha"), grant("beta", { roleOverride: "ADMIN", expiresAt: later })];
  const same = [grant("beta", { roleOverride: "ADMIN", expiresAt: new Date(later) }), grant("alpha")];
  expect(unchangedGrants(before, same)).toEqual(same);
  const other = [grant("gamma"), grant("beta", { roleOverride: "ADMIN", expiresAt: now }), grant("beta")];
  expect(unchangedGrants(before, other)).toEqual([]);
  expect(unchangedGrants(before, [grant("alpha", { roleOverride: "VIEWER" })])).toEqual([]);
});

test("new grants that have ended, or whose workspace is deleted, are left out", () => {
  const newGrants = [grant("deleted"), grant("beta", { expiresAt: now }), grant("alpha", { expiresAt: later })];
  const change = one({ decision: "CHANGE", newGrants })?.change;
  expect(change).toMatchObject({ grants: [grant("alpha", { expiresAt: later })] });
  expect(one({ decision: "CHANGE", newGrants: [grant("alpha"), grant("deleted")] })?.outcome).toBe("UNCHANGED");
});

test("undecided items are refused, unless they get a decision", () => {
  const undecided = item({ decision: null });
  expect(() => planCompletion([undecided], state())).toThrow(
    expect.objectContaining({
      message: "1 item of this review is undecided. Decide on them, or set 'undecided' to KEEP or REMOVE.",
      refusal: expect.objectContaining({ code: "REVIEW_INCOMPLETE" }),
    }),
  );
  expect(() => planCompletion([undecided, item(), undecided], state())).toThrow(
    "2 items of this review are undecided. Decide on them, or set 'undecided' to KEEP or REMOVE.",
  );
  expect(one({ decision: null }, { undecided: "KEEP" })).toMatchObject({ decision: "KEEP", outcome: "UNCHANGED" });
  expect(one({ decision: null }, { undecided: "REMOVE" })).toMatchObject({ decision: "REMOVE", outcome: "APPLIED" });
  expect(one({ decision: "KEEP" }, { undecided: "REMOVE" })).toMatchObject({ decision: "KEEP", outcome: "UNCHANGED" });
});

test("the completer's own item may stay undecided and is kept, unless somebody else decided on it", () => {
  const own = { userId: "owner", role: "OWNER", grants: [], current: { role: "OWNER", grants: [] } } as const;
  for (const undecided of ["KEEP", "REMOVE", null] as const) {
    const outcome = one({ ...own, decision: null }, { undecided });
    expect(outcome).toEqual({ decision: null, outcome: "UNCHANGED", change: null });
  }
  expect(one({ ...own, decision: "REMOVE" })?.outcome).toBe("APPLIED");
});

const ADMIN = { reviewer: { userId: "admin", role: "ADMIN" } } as const;
const OWNER: Access = { role: "OWNER", grants: [] };

test("an Admin cannot complete a review that changes an Owner or makes somebody Owner", () => {
  expect(() => one({ ...OWNER, current: OWNER, decision: "REMOVE" }, ADMIN)).toThrow(refused("ROLE_TOO_HIGH"));
  expect(() => one({ decision: "CHANGE", newRole: "OWNER" }, ADMIN)).toThrow(refused("ROLE_TOO_HIGH"));
  for (const undecided of ["KEEP", "REMOVE"] as const) {
    const open = { ...OWNER, decision: null };
    expect(() => one({ ...open, current: OWNER }, { ...ADMIN, undecided })).toThrow(refused("ROLE_TOO_HIGH"));
    expect(() => one({ ...open, current: null }, { ...ADMIN, undecided })).toThrow(refused("ROLE_TOO_HIGH"));
    expect(() => one({ decision: null, current: OWNER }, { ...ADMIN, undecided })).toThrow(refused("ROLE_TOO_HIGH"));
  }
  expect(one({ ...OWNER, current: OWNER, decision: "KEEP" }, ADMIN)?.outcome).toBe("UNCHANGED");
  expect(one({ decision: "CHANGE", newRole: "ADMIN" }, ADMIN)?.outcome).toBe("APPLIED");
});

test("a review that would leave no Owner after all changes is refused", () => {
  const owner = item({ ...OWNER, current: OWNER });
  const gone = { ...owner, decision: "REMOVE" as const };
  const demoted = { ...owner, decision: "CHANGE" as const, newRole: "ADMIN" as const };
  const promoted = item({ decision: "CHANGE", newRole: "OWNER" });
  const plan = (items: ItemToComplete[], owners: number) => () => planCompletion(items, state({ owners }));
  expect(plan([gone], 1)).toThrow(refused("LAST_OWNER"));
  expect(plan([demoted], 1)).toThrow(refused("LAST_OWNER"));
  expect(plan([gone, demoted], 2)).toThrow(refused("LAST_OWNER"));
  expect(plan([gone, demoted], 3)).not.toThrow();
  expect(plan([gone, promoted], 1)).not.toThrow();
  expect(plan([gone, gone, promoted], 2)).not.toThrow();
  expect(plan([gone, gone, promoted], 1)).toThrow(refused("LAST_OWNER"));
  // A review that changes no Owner is not refused, even if the organization has none.
  expect(plan([item({ decision: "REMOVE" })], 0)).not.toThrow();
  expect(
    plan(
      [
        { ...gone, current: null },
        { ...gone, current: VIEWER },
      ],
      1,
    ),
  ).not.toThrow();
});

test("a sentence counts the outcomes that occur", () => {
  expect(describeOutcomes(["UNCHANGED", "APPLIED", "UNCHANGED"])).toBe("1 changed, 2 kept");
  expect(describeOutcomes(["MEMBER_GONE", "CHANGED_MEANWHILE"])).toBe("1 had left, 1 changed by others meanwhile");
});

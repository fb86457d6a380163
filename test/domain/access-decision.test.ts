import {
  assertDecidable,
  assertDecisionConsistent,
  assertStillDecided,
  describeDecisions,
  parseNote,
  type RequestedDecision,
} from "../../src/domain/access-decision";
import type { OrganizationRole } from "../../src/domain/role";

const refusal = (code: string, path: string[] | null, message: string) =>
  expect.objectContaining({ message, refusal: expect.objectContaining({ code, path }) });
const keep = (itemId: string): RequestedDecision => ({ itemId, decision: "KEEP" });
const items = (count: number) => Array.from({ length: count }, (_, index) => keep(String(index)));

test("one to 100 items are decided at a time", () => {
  assertDecidable(items(1));
  assertDecidable(items(100));
  for (const count of [0, 101]) {
    expect(() => assertDecidable(items(count))).toThrow(
      refusal("INVALID_INPUT", ["decisions"], "Decide on one to 100 items at a time."),
    );
  }
});

test("an expected decision is still the current one if its time is", () => {
  const [now, later] = [new Date(1_000), new Date(1_001)];
  const all = [
    { id: "a", userName: "Ada", decidedAt: now },
    { id: "b", userName: "Bob", decidedAt: null },
  ];
  const expected = (...decisions: Array<[string, Date?]>) =>
    decisions.map(([itemId, decidedAt]) => ({ itemId, ...(decidedAt && { decidedAt }) }));
  assertStillDecided([], all);
  assertStillDecided(expected(["A", new Date(now)], ["b"]), all);
  assertStillDecided([{ itemId: "b", decidedAt: null }], all);
  const changed = (index: string, name: string) =>
    refusal("DECIDED_MEANWHILE", ["expected", index], `Somebody else has decided on ${name} since then.`);
  expect(() => assertStillDecided(expected(["a", later]), all)).toThrow(changed("0", "Ada"));
  expect(() => assertStillDecided(expected(["a"]), all)).toThrow(changed("0", "Ada"));
  expect(() => assertStillDecided(expected(["a", now], ["b", now]), all)).toThrow(changed("1", "Bob"));
  expect(() => assertStillDecided(expected(["c"]), all)).toThrow(
    refusal("INVALID_INPUT", ["expected", "0", "itemId"], "Expect only items that you decide on."),
  );
});

test("an item can occur once, in any case of its id", () => {
  expect(() => assertDecidable([keep("a"), keep("b"), keep("A")])).toThrow(
    refusal("INVALID_INPUT", ["decisions", "2", "itemId"], "This item occurs twice. Send each item once."),
  );
});

test("items that are taken back count, too, and cannot be decided in the same call", () => {
  assertDecidable([], ["a"]);
  assertDecidable(items(60), ["a", ...Array.from({ length: 39 }, (_, index) => `b${index}`)]);
  expect(() =>
    assertDecidable(
      items(60),
      Array.from({ length: 41 }, (_, index) => `b${index}`),
    ),
  ).toThrow(refusal("INVALID_INPUT", ["decisions"], "Decide on one to 100 items at a time."));
  expect(() => assertDecidable([keep("a")], ["b", "A"])).toThrow(
    refusal("INVALID_INPUT", ["takenBack", "1"], "This item occurs twice. Send each item once."),
  );
});

const check = (requested: Partial<RequestedDecision>, role: OrganizationRole = "VIEWER") =>
  assertDecisionConsistent({ ...keep("a"), ...requested }, role, "decisions", "3");

test("a change needs a new role or new workspaces", () => {
  check({ decision: "CHANGE", newRole: "DEVELOPER" });
  check({ decision: "CHANGE", newGrants: [] });
  check({ decision: "CHANGE", newRole: "VIEWER", newGrants: [{}] });
  for (const nothing of [{}, { newRole: null, newGrants: null }]) {
    expect(() => check({ decision: "CHANGE", ...nothing })).toThrow(
      refusal("INVALID_INPUT", ["decisions", "3", "decision"], "A change needs a new role, new workspaces or both."),
    );
  }
});

test("new access is refused for kept and removed members", () => {
  for (const decision of ["KEEP", "REMOVE"] as const) {
    check({ decision, newRole: null, newGrants: null });
    expect(() => check({ decision, newRole: "ADMIN" })).toThrow(
      refusal("INVALID_INPUT", ["decisions", "3", "newRole"], "Only the decision CHANGE takes a new role."),
    );
    expect(() => check({ decision, newGrants: [] })).toThrow(
      refusal("INVALID_INPUT", ["decisions", "3", "newGrants"], "Only the decision CHANGE takes new workspaces."),
    );
  }
});

test("workspaces are refused for members who are or become Owner or Admin", () => {
  const implicit = expect.objectContaining({ refusal: expect.objectContaining({ code: "IMPLICIT_ACCESS" }) });
  for (const role of ["OWNER", "ADMIN"] as const) {
    expect(() => check({ decision: "CHANGE", newGrants: [] }, role)).toThrow(implicit);
    expect(() => check({ decision: "CHANGE", newRole: role, newGrants: [] })).toThrow(implicit);
    check({ decision: "CHANGE", newRole: "VIEWER", newGrants: [] }, role);
    check({ decision: "CHANGE", newRole: role });
  }
});

test("a sentence counts the decisions that occur", () => {
  expect(describeDecisions(["REMOVE", "KEEP", "KEEP"])).toBe("2 to keep, 1 to remove");
  expect(describeDecisions(["CHANGE"])).toBe("1 to change");
  expect(describeDecisions([null, "REMOVE", null])).toBe("1 to remove, 2 taken back");
  expect(describeDecisions([null])).toBe("1 taken back");
});

test("a note is trimmed and has at most 1,000 characters; an empty note is null", () => {
  expect(parseNote(" Left the\r\nteam ")).toBe("Left the\nteam");
  expect([parseNote("  "), parseNote(null), parseNote(undefined)]).toEqual([null, null, null]);
  expect(parseNote("x".repeat(1000))).toHaveLength(1000);
  expect(() => parseNote("x".repeat(1001), "decisions", "0", "note")).toThrow(
    refusal("INVALID_INPUT", ["decisions", "0", "note"], "A note has at most 1000 characters. Shorten it."),
  );
  expect(() => parseNote("a\u0000b")).toThrow("A note must have no control characters. Remove them.");
});

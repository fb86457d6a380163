import type { ReviewItemFragment } from "../../web/src/graph/generated/graphql";
import { areSame, type Choice, summaryOf, toGrants, withEdits } from "../../web/src/pages/access/choices";
import { auditSearch } from "../../web/src/pages/audit/search";
import { batchesOf, type Chip, type ChipState, moved, withPieces } from "../../web/src/pages/invite/chips";
import { addressesInCsv, piecesIn, toAddress } from "../../web/src/pages/invite/parse-addresses";
import { membersSearch } from "../../web/src/pages/members/search";
import { organizationsSearch } from "../../web/src/pages/organizations/search";
import { countOf, FILTERS, matching } from "../../web/src/pages/review/filter";
import { gainsAndLosses } from "../../web/src/pages/roles/gains";
import { csvOf } from "../../web/src/parts/csv";

describe("pasted addresses", () => {
  test.each([
    ["nothing", " \n ", []],
    [
      "commas, semicolons, tabs and lines",
      "a@b.co, c@d.co;e@f.co\tg@h.co\r\ni@j.co",
      "a@b.co c@d.co e@f.co g@h.co i@j.co",
    ],
    ["spaces alone", "a@b.co c@d.co", "a@b.co c@d.co"],
    ["names", "Ada Lovelace <ada@b.co>, Grace <grace@b.co>", "ada@b.co grace@b.co"],
    ["a name with a comma in quotes", '"Hopper, Grace" <grace@b.co>, ada@b.co', "grace@b.co ada@b.co"],
    ["a name with a comma and no quotes", "Hopper, Grace <grace@b.co>", ["Hopper", "grace@b.co"]],
    ["text that is no address", "not an address", ["not an address"]],
    ["a right-to-left name with emoji", "שלום 🎉 <shalom@b.co>", "shalom@b.co"],
  ])("%s", (_what, text, pieces) => {
    expect(piecesIn(text)).toEqual(typeof pieces === "string" ? pieces.split(" ") : pieces);
  });

  test("of a CSV file come from every column, without headings, names and roles", () => {
    const text = 'Name,E-mail,Role\r\n"Lovelace, Ada","ada@b.co",Admin\r\nGrace,grace@b.co,Viewer\r\n';
    expect(addressesInCsv(text)).toEqual(["ada@b.co", "grace@b.co"]);
  });

  test.each([
    ["ada@example.com", "ada@example.com"],
    ["  ADA@Example.COM ", "ada@example.com"],
    ["a.b+c'd@sub.example.co.uk", "a.b+c'd@sub.example.co.uk"],
    [`${"a".repeat(64)}@b.co`, `${"a".repeat(64)}@b.co`],
    [`${"a".repeat(65)}@b.co`, null],
    [`a@${"b".repeat(249)}.co`, `a@${"b".repeat(249)}.co`],
    [`a@${"b".repeat(250)}.co`, null],
    ["ada@localhost", null],
    ["ada@", null],
    ["@example.com", null],
    ["ada", null],
    ["a b@example.com", null],
    ["ada@exam ple.com", null],
    ["ada@example..com", null],
    ["\u212Aate@example.com", null],
  ])("%s are normalized like in the service", (piece, address) => {
    expect(toAddress(piece)).toBe(address);
  });
});

describe("the chips of the invite dialog", () => {
  const states = (chips: readonly Chip[]) => chips.map(({ text, state }) => `${text} ${state}`);
  const chip = (text: string, state: ChipState): Chip => ({ id: text, text, state });

  test("text that is no address, and repeated addresses, are marked when they are added", () => {
    const first = withPieces([], ["Ada@b.co", "nonsense", "ada@B.co"]);
    expect(states(first)).toEqual(["ada@b.co ready", "nonsense INVALID_EMAIL", "ada@b.co DUPLICATE"]);
    expect(states(withPieces(first, ["ada@b.co", "eve@b.co"])).slice(3)).toEqual([
      "ada@b.co DUPLICATE",
      "eve@b.co ready",
    ]);
    expect(new Set(first.map(({ id }) => id)).size).toBe(3);
  });

  test.each([
    [0, []],
    [1, [1]],
    [10, [10]],
    [11, [10, 1]],
    [25, [10, 10, 5]],
  ])("%d addresses are sent in batches of ten", (count, sizes) => {
    const chips = Array.from({ length: count }, (_, index) => chip(`p${index}@b.co`, "ready"));
    const done = [chip("done@b.co", "invited"), chip("x", "INVALID_EMAIL"), ...chips, chip("y@b.co", "sending")];
    expect(batchesOf(done).map(({ length }) => length)).toEqual(sizes);
    expect(batchesOf(done).flat()).toEqual(chips.map(({ text }) => text));
  });

  test("a response changes only the addresses of its batch that wait for it", () => {
    const chips = [
      chip("a@b.co", "ready"),
      chip("b@b.co", "sending"),
      chip("c@b.co", "ready"),
      chip("a@b.co", "DUPLICATE"),
    ];
    expect(states(moved(chips, ["a@b.co", "b@b.co"], () => "invited"))).toEqual([
      ...["a@b.co invited", "b@b.co invited", "c@b.co ready", "a@b.co DUPLICATE"],
    ]);
  });
});

describe("the access grid", () => {
  const choice = (roleOverride: Choice["roleOverride"] = null, expiresAt: string | null = null) => ({
    roleOverride,
    expiresAt,
  });
  const before = new Map([
    ["same", choice("ADMIN", "2030-01-01T00:00:00Z")],
    ["lifted", choice()],
    ["lowered", choice("ADMIN")],
    ["ending", choice()],
    ["removed", choice()],
  ]);
  const edits = new Map([
    ["lifted", choice("DEVELOPER")],
    ["lowered", choice("VIEWER")],
    ["ending", choice(null, "2030-01-01T00:00:00Z")],
    ["removed", null],
    ["added", choice()],
  ]);

  test("describes what saving will change", () => {
    const after = withEdits(before, edits);
    expect(summaryOf(before, after, "VIEWER")).toEqual({ adds: 1, lifts: 1, lowers: 1, ends: 1, removes: 1 });
    // For a Developer, an override to Developer has no effect.
    expect(summaryOf(before, after, "DEVELOPER")).toEqual({ adds: 1, lifts: 0, lowers: 1, ends: 1, removes: 1 });
    expect(summaryOf(before, before, "VIEWER")).toEqual({ adds: 0, lifts: 0, lowers: 0, ends: 0, removes: 0 });
  });

  test("keeps changes by others to workspaces that were not edited", () => {
    const theirs = new Map(before).set("theirs", choice("ADMIN"));
    theirs.delete("same");
    expect([...withEdits(theirs, edits).keys()]).toEqual(["lifted", "lowered", "ending", "theirs", "added"]);
    expect(before.size).toBe(5);
  });

  test("is equal in any order, and for the same instant in another format", () => {
    const other = new Map([...before].reverse()).set("same", choice("ADMIN", "2030-01-01T01:00:00+01:00"));
    expect(areSame(before, other)).toBe(true);
    for (const changed of [
      choice("VIEWER", "2030-01-01T00:00:00Z"),
      choice("ADMIN"),
      choice("ADMIN", "2030-01-02T00:00:00Z"),
    ])
      expect(areSame(before, new Map(before).set("same", changed))).toBe(false);
    expect(areSame(before, new Map([...before].slice(1)))).toBe(false);
  });

  test("sends the values that are set and omits the others", () => {
    expect(
      toGrants(
        new Map([
          ["a", choice()],
          ["b", choice("ADMIN", "2030-01-01T00:00:00Z")],
        ]),
      ),
    ).toEqual([{ workspaceId: "a" }, { workspaceId: "b", roleOverride: "ADMIN", expiresAt: "2030-01-01T00:00:00Z" }]);
  });
});

describe("a URL", () => {
  test.each([
    [{ tab: "answered", q: "ada", role: "ADMIN", order: "NAME", invite: true, access: "m" }, "same"],
    [{ tab: "other", q: 3, role: "admin", order: "AGE", invite: "true", access: "" }, {}],
    [{ q: "" }, {}],
  ])("keeps known values of the members page: %j", (search, known) => {
    expect(membersSearch(search)).toEqual(known === "same" ? search : known);
  });

  test("keeps known values of the organizations page", () => {
    expect(organizationsSearch({ q: "a", view: "grid", chosen: "o", x: 1 })).toEqual({
      q: "a",
      view: "grid",
      chosen: "o",
    });
    expect(organizationsSearch({ q: "", view: "list", chosen: 1 })).toEqual({});
  });

  test("keeps known values of the audit log", () => {
    const workspace = "01234567-89ab-7def-8123-456789abcdef";
    const known = { types: ["member.joined"], actor: "u", workspace, since: "2026-03-01", until: "2026-12-31" };
    expect(auditSearch(known)).toEqual(known);
    expect(
      auditSearch({ types: "member.joined", actor: "", workspace: "w", since: "2026-13-01", until: "today" }),
    ).toEqual({});
    expect(auditSearch({ types: ["", 1] })).toEqual({});
  });
});

test("a CSV file quotes everything, so that no spreadsheet runs text as a formula", () => {
  const dangerous = ["=1+1", "+1", "-1", "@a", "|a", "%a", " =1", "\tx", "\nx"];
  expect(csvOf([["a", 'say "b"', 1, null, undefined]])).toBe('"a","say ""b""","1","",""\r\n');
  expect(csvOf([dangerous])).toBe(`${dangerous.map((text) => `"'${text}"`).join(",")}\r\n`);
  expect(csvOf([[-1, "a-b", "x\ny"]])).toBe('"-1","a-b","x\ny"\r\n');
});

test("a review is filtered by findings, decisions and names", () => {
  const item = (userName: string, findings: string[], decision: string | null) =>
    ({ userName, findings, decision }) as unknown as ReviewItemFragment;
  const items = [
    item("Ada", ["UNASSIGNED"], null),
    item("Bea", [], "KEEP"),
    item("Cleo", ["MANY_OWNERS"], "REMOVE"),
    item("Dan", [], "CHANGE"),
  ];
  const names = FILTERS.map((filter) =>
    matching(items, filter, "")
      .map(({ userName }) => userName[0])
      .join(""),
  );
  expect(names).toEqual(["ABCD", "AC", "A", "B", "D", "C"]);
  expect(FILTERS.map((filter) => countOf(items, filter))).toEqual([4, 2, 1, 1, 1, 1]);
  expect(matching(items, "all", " EA").map(({ userName }) => userName)).toEqual(["Bea"]);
});

test("a new role is described by the permissions that it adds and removes", () => {
  const viewer = { permissions: [], workspacePermissions: ["VIEW_WORKSPACE" as const] };
  const admin = {
    permissions: ["CREATE_WORKSPACES" as const],
    workspacePermissions: ["VIEW_WORKSPACE" as const, "RUN_OPERATIONS" as const],
  };
  const up = gainsAndLosses(viewer, admin);
  expect(up).toEqual({ gains: [expect.any(String), expect.any(String)], losses: [] });
  expect(gainsAndLosses(admin, viewer)).toEqual({ gains: [], losses: up.gains });
});

import type { GraphQLSchema } from "graphql";
import { documentChecker, operationOf } from "../../src/server/documents/check-document";
import { guardedSchema } from "../../src/server/graphql/schema";
import { inOrganization, members, nested, times } from "../support/hostile-parts";

// Each limit, at it and one above it, by the document's own text and by its fragments.
const schema: GraphQLSchema = guardedSchema();

/** The service's error for a new document; null if the document passes. */
function refusal(query: string, variables: unknown = {}): string | null {
  const check = documentChecker(schema, () => undefined);
  try {
    check({ query, variables });
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Fields with different names, which validation does not compare with each other. */
const fields = (count: number, name = "n") => times(count, (i) => `${name}${i}`);
const again = (count: number, text: string) => `${text} `.repeat(count);
const user = (selection: string, fragments = "") => `{ viewer { ${selection} } } ${fragments}`;
const onUser = (name: string, selection: string) => `fragment ${name} on User { ${selection} }`;
const aliases = (count: number, name = "a") => times(count, (i) => `${name}${i}: id`);
const directives = (count: number, name = "n") => times(count, (i) => `${name}${i} @include(if: true)`);

type Case = [name: string, make: (n: number) => string, limit: number, says: RegExp];
const cases: Case[] = [
  ["characters", (n) => "{ plans { code } }".padEnd(n, ","), 200_000, /at most 200000 characters/],
  ["fields", (n) => user(fields(n - 1)), 1_000, /1001 fields/],
  [
    "fields of a fragment",
    (n) => user(`...f ...f ${fields(n - 803)}`, onUser("f", fields(400, "m"))),
    1_000,
    /1001 fields/,
  ],
  [
    "fields of a fragment in fragments",
    (n) => user(`...f ...f ${fields(n - 807)}`, `${onUser("f", "...g ...g")} ${onUser("g", fields(200, "m"))}`),
    1_000,
    /1001 fields/,
  ],
  [
    "fields of a fragment below fields",
    (n) => user(`a { ...f } b { ...f } ${fields(n - 805)}`, onUser("f", fields(400, "m"))),
    1_000,
    /1001 fields/,
  ],
  ["inline fragments", (n) => user(`${fields(n - 3)} ... { id }`), 1_000, /1001 fields/],
  [
    "fragments",
    (n) =>
      user(
        times(n, (i) => `...f${i}`),
        times(n, (i) => onUser(`f${i}`, `n${i}`)),
      ),
    100,
    /101 fragments/,
  ],
  ["aliases", (n) => user(aliases(n)), 100, /101 aliases/],
  [
    "aliases of a fragment",
    (n) => user(`...f ...f ${aliases(n - 80)}`, onUser("f", aliases(40, "b"))),
    100,
    /101 aliases/,
  ],
  [
    "aliases of a fragment in fragments",
    (n) => user(`...f ...f ${aliases(n - 80)}`, `${onUser("f", "...g ...g")} ${onUser("g", aliases(20, "b"))}`),
    100,
    /101 aliases/,
  ],
  ["directives, one on each field", (n) => user(directives(n)), 50, /51 directives/],
  [
    "directives of a fragment",
    (n) => user(`...f ...f ${directives(n - 40)}`, onUser("f", directives(20, "m"))),
    50,
    /51 directives/,
  ],
  ["directives on spreads", (n) => user(again(n, "...f @include(if: true)"), onUser("f", "id")), 50, /51 directives/],
  ["directives on inline fragments", (n) => user(again(n, "... @skip(if: false) { id }")), 50, /51 directives/],
  ["directives on a fragment", (n) => user(again(n, "...f"), "fragment f on User @a { id }"), 50, /51 directives/],
  ["directives of two operations", (n) => user(directives(25)) + user(directives(n - 25)), 50, /51 directives/],
  ["directives on an operation", (n) => `query ${again(n, "@a")} { viewer { id } }`, 50, /51 directives/],
  ["root fields", (n) => `{ ${fields(n)} }`, 30, /31 root fields/],
  [
    "root fields of a fragment",
    (n) => `{ ...F ...F ${fields(n - 20)} } fragment F on Query { ${fields(10, "m")} }`,
    30,
    /31 root fields/,
  ],
  ["levels of fields", (n) => nested(n - 1, "{ a", "{ id }"), 15, /16 levels of fields/],
  [
    "levels of fields in fragments",
    (n) => `{ a { ...f } } ${onUser("f", "b { ...g }")} fragment g on User ${nested(n - 3, "{ a", "{ id }")}`,
    15,
    /16 levels of fields/,
  ],
  ["levels of brackets", (n) => nested(n - 1, "{ ...", "{ id }"), 64, /65 levels of brackets/],
  [
    "levels of brackets in a value",
    (n) => `{ a(b: ${"[".repeat(n - 2)}${"]".repeat(n - 2)}) }`,
    64,
    /65 levels of brackets/,
  ],
  [
    "levels of selections in fragments",
    (n) => user("...f0", `${times(n - 3, (i) => onUser(`f${i}`, `...f${i + 1}`))} ${onUser(`f${n - 3}`, "id")}`),
    64,
    /65 levels of selections/,
  ],
  // 200 fields make 19,900 pairs, and 14 fields of another name 91.
  ["pairs of fields", (n) => user(`${again(200, "id")} ${again(n, "name")}`), 14, /20005 pairs/],
  [
    "pairs of fields in fragments",
    (n) => user(`${again(20, "...f")} ${again(n, "name")}`, onUser("f", again(10, "id"))),
    14,
    /20005 pairs/,
  ],
  [
    "pairs of fields below",
    (n) => `{ ${again(20, `viewer { ${again(9, "id")} }`)} viewer { ${again(n, "id")} } }`,
    19,
    /pairs/,
  ],
];

test.each(cases)("%s: passes at the limit, and is refused above it", (_name, make, limit, says) => {
  expect(refusal(make(limit))).toBeNull();
  expect(refusal(make(limit + 1))).toMatch(says);
});

test.each([5, 20, 21, 40, 60, 98])("the size of fragments that double %i times is computed quickly", (levels) => {
  const chain = (below: (next: string) => string) =>
    `${times(levels, (i) => onUser(`f${i}`, below(`f${i + 1}`)))} ${onUser(`f${levels}`, "id")}`;
  const says = levels > 5 ? /once its fragments are expanded/ : /^$/;
  const doubled = chain((next) => `...${next} ...${next}`);
  const inline = chain((next) => `...${next} ... { ...${next} }`);
  for (const query of [user("...f0", doubled), user("...f0", inline), user("id", doubled)]) {
    expect(refusal(query) ?? "").toMatch(says);
  }
  const inLists = chain(
    (next) => `memberships { user { ...${next} } } receivedInvitations { invitedBy { ...${next} } }`,
  );
  expect(refusal(user("...f0", inLists))).toMatch(/cost|levels/);
});

test("a selection of infinite cost is refused even below a page of size zero", () => {
  const chain = `${times(90, (i) => onUser(`f${i}`, `...f${i + 1} ...f${i + 1}`))} ${onUser("f90", "memberships { id }")}`;
  for (const none of [
    "members(first: 0) { nodes { user { ...f0 } } }",
    "members(first: $n) { nodes { user { ...f0 } } }",
  ]) {
    expect(refusal(`query($n: Int) ${inOrganization(none)} ${chain}`, { n: 0 })).toMatch(/too much/);
  }
  const entities = `{ _entities(representations: []) { ... on User { ...f0 } } } ${chain}`;
  expect(refusal(entities)).toMatch(/too much/);
});

test("the cost of an operation includes every use of a fragment", () => {
  const page = members("workspaceAccess { workspace { id } member { id } }");
  const query = (spreads: number) =>
    `${inOrganization(times(spreads, (i) => `a${i}: viewerMember { organization { ...p } }`))} fragment p on Organization { ${page} }`;
  expect(refusal(query(50))).toBeNull();
  expect(refusal(query(99))).toMatch(/estimated cost/);
});

test("a list whose size is not known, or not allowed, counts as the longest one", () => {
  const below = `organization { ${members("organization { members(first: 30) { nodes { user { id } } } }")} }`;
  const page = (first: string) => `query($n: Int) ${inOrganization(`members(first: ${first}) { nodes { ${below} } }`)}`;
  for (const first of ["1", "5"]) expect(refusal(page(first))).toBeNull();
  for (const first of ["100", "101", "0", "-1", "-1000", "null"])
    expect(refusal(page(first))).toMatch(/estimated cost/);
  expect(refusal(page("$n"), { n: 1 })).toBeNull();
  for (const n of [100, 101, 0, -1000, "1", null, undefined])
    expect(refusal(page("$n"), { n })).toMatch(/estimated cost/);
  const entities = `query($r: [_Any!]!) { _entities(representations: $r) {
    ... on Organization { ${members("user { id }")} } } }`;
  expect(refusal(entities, { r: [{}] })).toBeNull();
  for (const r of [Array(1_000).fill({}), {}, undefined]) expect(refusal(entities, { r })).toMatch(/estimated cost/);
});

describe("variables", () => {
  const lists = (depth: number) => JSON.parse(`${"[".repeat(depth)}1${"]".repeat(depth)}`);
  const objects = (depth: number) => JSON.parse(`${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`);

  test.each([
    ["lists", lists],
    ["objects", objects],
  ])("%s can nest 64 levels deep, including the variables object", (_, make) => {
    expect(refusal("{ plans { code } }", { v: make(63) })).toBeNull();
    expect(refusal("{ plans { code } }", { v: make(64) })).toMatch(/nest at most 64 levels/);
    expect(refusal("{ plans { code } }", { v: make(100_000) })).toMatch(/nest at most 64 levels/);
  });

  test("a list can have 5,000 items, in any place", () => {
    const list = (length: number) => Array.from({ length }, () => 1);
    expect(refusal("{ plans { code } }", { v: [{ w: list(5_000) }] })).toBeNull();
    expect(refusal("{ plans { code } }", { v: [{ w: list(5_001) }] })).toMatch(/at most 5000 items/);
  });
});

test("a document in a URL is checked in its decoded form", () => {
  // A check that does not decode an escape would see the whole text as a comment.
  const url = `/graphql?query=${encodeURIComponent("# ")}%ZZ${encodeURIComponent(`\n${user(aliases(101))}`)}`;
  expect(operationOf({ method: "GET", body: undefined, url }).query).toContain("a100: id");
  expect(operationOf({ method: "GET", body: undefined, url: "/graphql" })).toEqual({});
  const variables = encodeURIComponent('{"n":1}');
  expect(
    operationOf({ method: "GET", body: undefined, url: `/graphql?query={a}&variables=${variables}` }),
  ).toMatchObject({
    query: "{a}",
    variables: { n: 1 },
  });
});

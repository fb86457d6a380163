import { doubling, type Family, ID, inOrganization, nested, times } from "./hostile-parts";

/** Hostile documents with too many or too deep fields, aliases, directives and fragments. */
export const selections: Record<string, Family> = {
  "levels of objects": [
    (n) => inOrganization(nested(n * 10, "viewerMember { organization {", "id")),
    "depth",
    "brackets",
  ],
  "levels under inline fragments": [
    (n) => `{ viewer { ${nested(n * 8, "... on User { memberships { user {", "id")} } }`,
    "depth",
    "brackets",
  ],
  "levels of lists": [
    (n) => inOrganization(nested(n + 2, "members(first: 100) { nodes { organization {", "id")),
    "cost",
    "depth",
  ],
  "pages below pages": [
    (n) =>
      inOrganization(
        nested(
          n,
          "members(first: 100) { nodes { workspaceAccess { workspace { access(first: 100) { nodes { member { organization {",
          "id",
        ),
      ),
    "cost",
    "depth",
  ],
  "pages below pages, by variables": [
    (n) =>
      `query($n: Int = 100) { organization(id: "${ID}") { ${nested(n + 1, "workspaces(first: $n) { nodes { organization { members(first: $n) { nodes { organization {", "id")} } }`,
    "cost",
    "depth",
  ],
  aliases: [(n) => `{ viewer { ${times(n * 101, (i) => `a${i}: id`)} } }`, "aliases"],
  "aliases in a fragment": [
    (n) => `{ viewer { ${"...f ".repeat(n * 5)} } } fragment f on User { ${times(21, (i) => `a${i}: id`)} }`,
    "aliases",
  ],
  "aliased root fields": [(n) => `{ ${times(n * 31, (i) => `a${i}: viewer { id }`)} }`, "rootFields", "aliases"],
  "root fields": [
    (n) => `mutation { ${times(n * 40, (i) => `a${i}: createOrganization(input: { name: "x" }) { __typename }`)} }`,
    "rootFields",
    "aliases",
  ],
  "the same field": [(n) => `{ viewer { ${"id ".repeat(n * 1_001)}} }`, "fields"],
  "the same object": [(n) => `{ ${"viewer { id } ".repeat(n * 501)}}`, "fields", "tokens"],
  "the same field, within the limit": [(n) => `{ viewer { ${"id ".repeat(n * 199 + 3)}} }`, "pairs"],
  "the same object, within the limit": [
    (n) => `{ viewer { ${`memberships { ${"id ".repeat(n * 15)}} `.repeat(15)} } }`,
    "pairs",
    "fields",
  ],
  "the same field in fragments": [
    (n) => `{ viewer { ${"...f ".repeat(n * 21)} } } fragment f on User { ${"id ".repeat(10)} }`,
    "pairs",
    "fields",
  ],
  directives: [(n) => `{ viewer { id ${times(n * 51, () => "@skip(if: false)")} } }`, "directives"],
  "fields with a directive each": [(n) => `{ viewer { ${"id @include(if: true) ".repeat(n * 51)} } }`, "directives"],
  "directives in a fragment": [
    (n) => `{ viewer { ${"...f ".repeat(n * 5)} } } fragment f on User { ${"id @include(if: true) ".repeat(11)} }`,
    "directives",
  ],
  "directives on spreads": [
    (n) => `{ viewer { ${"...f @skip(if: false) ".repeat(n * 51)} } } fragment f on User { id }`,
    "directives",
  ],
  "unknown directives": [(n) => `{ viewer { id ${times(n * 51, (i) => `@nothing${i}`)} } }`, "directives"],
  "fragments that double": [
    (n) =>
      `{ viewer { ...f0 } } ${doubling(20 + n, (next) => `id ...${next} ...${next} memberships { user { ...${next} } }`)}`,
    "depth",
  ],
  "fragments that double at every level": [(n) => `{ viewer { ...f0 } } ${doubling(n * 19)}`, "fields", "nesting"],
  "fragments that double below fields": [
    (n) =>
      `{ viewer { ...f0 } } ${doubling(5 + n, (next) => `memberships { a: user { ...${next} } b: user { ...${next} } }`)}`,
    "aliases",
    "depth",
  ],
  "fragments that double, of a list of nothing": [
    (n) =>
      `{ viewer { ...f0 } } ${doubling(n * 19)} fragment e on User { memberships { organization { members(first: 0) { nodes { user { ...f0 } } } } } }`,
    "fields",
    "nesting",
  ],
  "fragments in a chain": [
    (n) => `{ viewer { ...f0 } } ${doubling(n * 19 + 45, (next) => `...${next}`)}`,
    "nesting",
    "fragments",
  ],
  "fragments that nobody spreads": [(n) => `{ viewer { id } } ${doubling(n * 19)}`, "fields", "nesting"],
  "fragments in a circle": [
    (n) => `{ viewer { ...f0 } } ${times(n + 1, (i) => `fragment f${i} on User { ...f${(i + 1) % (n + 1)} }`)}`,
    "circle",
  ],
  "a fragment in itself": [
    (n) => `{ viewer { ...f } } fragment f on User { ${"id ".repeat(n)} memberships { user { ...f } } }`,
    "circle",
  ],
  fragments: [(n) => `{ viewer { ...f0 } } ${times(n * 101, (i) => `fragment f${i} on User { id }`)}`, "fragments"],
  "fragments that are all used": [
    (n) =>
      `{ viewer { ${times(n * 101, (i) => `...f${i}`)} } } ${times(n * 101, (i) => `fragment f${i} on User { id }`)}`,
    "fragments",
    "fields",
  ],
  "spreads of one fragment": [
    (n) => `{ viewer { ${"...f ".repeat(n * 1_001)} } } fragment f on User { id }`,
    "fields",
    "tokens",
  ],
  "inline fragments without end": [(n) => `{ viewer { ${nested(n * 1_000, "... {", "id")} } }`, "brackets"],
  operations: [(n) => times(n * 1_001, (i) => `query q${i} { viewer { id } }`), "fields", "tokens"],
};

import { checks, type Family, ID, members, nested, times } from "./hostile-parts";

/** Hostile documents with too many tokens or brackets, with unknown names, and with expensive root fields. */
export const texts: Record<string, Family> = {
  "tokens in a list": [(n) => checks(`[${"1 ".repeat(n * 10_001)}]`), "tokens"],
  "brackets without end": [(n) => checks("[".repeat(n * 3_000)), "brackets"],
  "braces without end": [(n) => "{ a ".repeat(n * 3_000), "brackets"],
  "deep fields": [(n) => nested(n * 4_000, "{ a", "{ id }"), "brackets"],
  "deep list literals": [(n) => checks(`${"[".repeat(n * 4_000)}${"]".repeat(n * 4_000)}`), "brackets"],
  "deep object literals": [(n) => checks(nested(n * 4_000, "{ a:", "1")), "brackets"],
  "deep representations": [
    (n) =>
      `{ _entities(representations: [{ __typename: "User", a: ${"[{ a: ".repeat(n * 2_000)}1${" }]".repeat(n * 2_000)} }]) { __typename } }`,
    "brackets",
  ],
  "deep list types": [
    (n) => `query($v: ${"[".repeat(n * 4_000)}ID${"]".repeat(n * 4_000)}) { viewer { id } }`,
    "brackets",
  ],
  "deep defaults": [
    (n) => `query($v: _Any = ${"[".repeat(n * 4_000)}${"]".repeat(n * 4_000)}) { viewer { id } }`,
    "brackets",
  ],
  "deep conditions": [
    (n) => `{ viewer { id @include(if: ${"[".repeat(n * 4_000)}${"]".repeat(n * 4_000)}) } }`,
    "brackets",
  ],
  "deep after an error": [(n) => `{ viewer { id } } nonsense ${"{ a ".repeat(n * 4_000)}`, "brackets"],
  "deep behind text that hides it": [
    (n) =>
      `{ organization(id: "]]]]\\"}}}}") { # }}}}\n description(x: """ }} \\""" }} """) ${"{ a ".repeat(n * 4_000)}`,
    "brackets",
  ],
  "types of types": [(n) => `{ __schema { types { ${nested(n + 3, "fields { type {", "name")} } } }`, "cost", "depth"],
  "deep types": [(n) => `{ __type(name: "Query") { ${nested(n * 20, "ofType {", "name")} } }`, "depth", "brackets"],
  "introspection, again and again": [
    (n) =>
      `{ ${times(n + 3, (i) => `a${i}: __schema { types { fields { args { type { name } } type { fields { name type { fields { name } } } } } } }`)} }`,
    "cost",
  ],
  "unknown fields": [(n) => `{ ${times(n * 20, (i) => `nothing${i}`)} }`, "field", "rootFields"],
  "root fields in a fragment": [
    (n) => `query { ...F } fragment F on Query { ${times(n * 31, (i) => `a${i}: viewer { id }`)} }`,
    "rootFields",
    "aliases",
  ],
  "root fields in a fragment that is spread again": [
    (n) => `query { ${"...F ".repeat(n * 2)} } fragment F on Query { ${times(16, (i) => `a${i}: viewer { id }`)} }`,
    "rootFields",
  ],
  "root fields in fragments of fragments": [
    (n) =>
      `query { ${times(n * 8, (i) => `...f${i}`)} } ${times(n * 8, (i) => `fragment f${i} on Query { ${times(5, (k) => `a${i}_${k}: plans { code }`)} }`)}`,
    "rootFields",
    "aliases",
  ],
  "root fields under inline fragments": [
    (n) => `{ ${times(n * 31, (i) => `... { a${i}: viewer { id } }`)} }`,
    "rootFields",
    "aliases",
  ],
  "representations of everything": [
    (n) =>
      `{ ${times(n * 2, (i) => `a${i}: _entities(representations: [${'{ __typename: "Organization", id: "x" }, '.repeat(150)}]) { ... on Organization { ${members("workspaceAccess { role }")} } }`)} }`,
    "cost",
    "tokens",
  ],
  "calls to AWS": [
    (n) =>
      `mutation { ${times(n * 11, (i) => `a${i}: verifyByokConfig(input: { organizationId: "${ID}" }) { __typename }`)} }`,
    "cost",
    "rootFields",
  ],
  "variables that nobody uses": [
    (n) => `query(${times(n * 400, (i) => `$v${i}: ID = "x"`)}) { viewer { id } }`,
    "unused",
    "tokens",
  ],
  "variables that are used without being there": [
    (n) =>
      `{ ${times(29, (i) => `a${i}: organization(id: $v${i}) { id }`)} viewer { ${"id @include(if: $x) ".repeat(n * 4)} } }`,
    "undefined",
  ],
  "unknown types": [
    (n) => `{ viewer { ${times(n * 100, (i) => `... on Orgnization${i} { id }`)} } }`,
    "type",
    "pairs",
    "fields",
  ],
  "unknown arguments": [
    (n) => `{ viewer { memberships(${times(n * 500, (i) => `frist${i}: 1`)}) { id } } }`,
    "argument",
  ],
  "one name of great length": [(n) => `{ ${"viewer".repeat(n * 5_000)} }`, "field"],
  "one string of great length": [
    (n) => `{ organization(id: "${"x".repeat(n * 60_000)}") { nothing } }`,
    "field",
    "characters",
  ],
  "comments without end": [(n) => `# ${"x".repeat(n * 60_000)}\n{ nothing }`, "field", "characters"],
  "commas without end": [(n) => `{${",".repeat(n * 150_000)} nothing }`, "field", "characters"],
  "block strings": [
    (n) => `{ ${`organization(id: """${"\n  x".repeat(n * 10_000)}""") { nothing }`} }`,
    "field",
    "characters",
  ],
  "names that conflict, pair by pair": [
    (n) =>
      `{ viewer { ${times(n * 20, (i) => `... on User { a: id b${i}: name } ... on User { a: name b${i}: id }`)} } }`,
    "conflict",
    "aliases",
  ],
  "conflicts in fragments": [
    (n) =>
      `{ viewer { ${times(n * 10, (i) => `...f${i}`)} } } ${times(n * 10, (i) => `fragment f${i} on User { a: ${i % 2 ? "id" : "name"} memberships { ${times(5, (k) => `id${k}: id`)} } }`)}`,
    "conflict",
    "aliases",
  ],
  "type extensions and definitions": [(n) => times(n * 20, (i) => `type T${i} { f: ID }`), "definition"],
  "subscriptions side by side": [
    (n) => `subscription { ${times(n + 1, (i) => `a${i}: receivedInvitationChanged { id }`)} }`,
    "subscription",
  ],
  "the schema under many names": [
    (n) => `{ ${times(n * 31, (i) => `a${i}: __schema { queryType { name } }`)} }`,
    "rootFields",
    "aliases",
  ],
  "deep input": [(n) => checks(nested(n * 500, "{ a:", "1")), "brackets"],
};

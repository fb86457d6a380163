export const ID = "01900000-0000-7000-8000-000000000000";
export const times = (count: number, make: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => make(n)).join(" ");
/** A selection in `depth` others, each of which is `open` with all its braces. */
export const nested = (depth: number, open: string, core: string) =>
  `${`${open} `.repeat(depth)}${core}${" }".repeat(depth * (open.match(/\{/g)?.length ?? 0))}`;
export const inOrganization = (selection: string) => `{ organization(id: "${ID}") { ${selection} } }`;
export const members = (below: string) => `members(first: 100) { nodes { ${below} } }`;
const checks = (literal: string) => `{ organizationPermissions(checks: ${literal}) { allowed } }`;
/** Fragments that each spread the next one twice: the last stands in the answer twice as often with every level. */
const doubling = (levels: number, below = (next: string) => `...${next} ...${next}`) =>
  `${times(levels, (i) => `fragment f${i} on User { ${below(`f${i + 1}`)} }`)} fragment f${levels} on User { id }`;

/** Which limit a document is beyond, as the error names it; it is refused before it is validated. */
const BEYOND = {
  characters: /at most 200000 characters/,
  brackets: /levels of brackets; at most 64/,
  depth: /levels of fields; at most 15/,
  nesting: /levels of selections .*; at most 64/,
  fields: / fields.*; at most 1000 /,
  fragments: /\d fragments; at most 100/,
  circle: /contains itself/,
  aliases: / aliases.*; at most 100/,
  directives: / directives.*; at most 50/,
  rootFields: / root fields; at most 30/,
  pairs: /pairs of fields .*; at most 20000/,
  cost: /an estimated cost of \d+; at most 250000/,
} as const;

/** What is refused by the parser, which stops at its limit of tokens, or by validation, within the other limits. */
const REFUSED = {
  tokens: /more that 10000 tokens/,
  parser: /Syntax Error: /,
  field: /Cannot query field/,
  unused: /is never used/,
  undefined: /is not defined\.$/,
  type: /Unknown type/,
  argument: /Unknown argument/,
  conflict: /conflict because/,
  definition: /is not executable/,
  subscription: /must select only one top level field/,
} as const;

type Limit = keyof typeof BEYOND;
type Reason = Limit | keyof typeof REFUSED;
type Family = readonly [make: (size: number) => string, ...reasons: [Reason, ...Reason[]]];

/**
 * Documents that are sent to hurt: each asks for too much, or for what is not there. Families of them, each in several
 * sizes, with what refuses them: the first reason refuses the smallest, any of them the others.
 */
const families: Record<string, Family> = {
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

/** One document: who is to refuse it, and what the error has to say. */
export interface Hostile {
  name: string;
  query: string;
  refusals: RegExp[];
  /** Whether it has to be refused before it is validated. */
  isLimited: boolean;
}

const SIZES = [1, 2, 3, 5];
const isLimit = (reason: Reason): reason is Limit => Object.hasOwn(BEYOND, reason);

export const corpus: Hostile[] = Object.entries(families).flatMap(([family, [make, ...all]]) =>
  SIZES.map((size) => {
    const reasons = size === SIZES[0] ? all.slice(0, 1) : all;
    const refusals = reasons.map((reason) => (isLimit(reason) ? BEYOND[reason] : REFUSED[reason]));
    return { name: `${family}, size ${size}`, query: make(size), refusals, isLimited: reasons.every(isLimit) };
  }),
);

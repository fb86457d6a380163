export const ID = "01900000-0000-7000-8000-000000000000";
export const times = (count: number, make: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => make(n)).join(" ");
const nested = (depth: number, open: string, core: string) =>
  `${`${open} { `.repeat(depth)}${core}${" }".repeat(depth)}`;
export const inOrganization = (selection: string) => `{ organization(id: "${ID}") { ${selection} } }`;
export const members = (below: string) => `members(first: 100) { nodes { ${below} } }`;

/**
 * Documents that are sent to hurt: each asks for too much, or for what is not there. Families of them, each in several
 * sizes.
 */
const families: Record<string, (size: number) => string> = {
  "levels of objects": (n) => inOrganization(nested(n * 10, "viewerMember { organization", "id") + " }".repeat(n * 10)),
  "levels under inline fragments": (n) => `{ ${nested(n * 20, "viewer { ... on User", "id }".repeat(n * 20))}`,
  "levels of lists": (n) => inOrganization(nested(n + 1, members("organization"), "id").replaceAll("} }", "}")),
  "pages below pages": (n) =>
    inOrganization(
      `${`members(first: 100) { nodes { workspaceAccess { workspace { access(first: 100) { nodes { member { organization { `.repeat(n)}id${" } } } } } } } } }".repeat(n)}`,
    ),
  "pages below pages, by variables": (n) =>
    `query($n: Int = 100) { organization(id: "${ID}") { ${"workspaces(first: $n) { nodes { organization { members(first: $n) { nodes { organization { ".repeat(n + 1)}id${" } } } } } }".repeat(n + 1)} } }`,
  aliases: (n) => `{ viewer { ${times(n * 101, (i) => `a${i}: id`)} } }`,
  "aliased root fields": (n) => `{ ${times(n * 31, (i) => `a${i}: viewer { id }`)} }`,
  "root fields": (n) =>
    `mutation { ${times(n * 40, (i) => `a${i}: createOrganization(input: { name: "x" }) { __typename }`)} }`,
  "the same field": (n) => `{ viewer { ${"id ".repeat(n * 1_001)}} }`,
  "the same object": (n) => `{ ${"viewer { id } ".repeat(n * 501)}}`,
  directives: (n) => `{ viewer { id ${times(n * 51, () => "@skip(if: false)")} } }`,
  "unknown directives": (n) => `{ viewer { id ${times(n * 51, (i) => `@nothing${i}`)} } }`,
  "fragments that double": (n) =>
    `{ viewer { ...f0 } } ${times(20 + n, (i) => `fragment f${i} on User { id ...f${i + 1} ...f${i + 1} memberships { user { ...f${i + 1} } } }`)} fragment f${20 + n} on User { id }`,
  "fragments in a circle": (n) =>
    `{ viewer { ...f0 } } ${times(n + 1, (i) => `fragment f${i} on User { ...f${(i + 1) % (n + 1)} }`)}`,
  "a fragment in itself": (n) =>
    `{ viewer { ...f } } fragment f on User { ${"id ".repeat(n)} memberships { user { ...f } } }`,
  fragments: (n) => `{ viewer { ...f0 } } ${times(n * 101, (i) => `fragment f${i} on User { id }`)}`,
  "spreads of one fragment": (n) => `{ viewer { ${"...f ".repeat(n * 1_001)} } } fragment f on User { id }`,
  operations: (n) => times(n * 1_001, (i) => `query q${i} { viewer { id } }`),
  "tokens in a list": (n) => `{ organizationPermissions(checks: [${"1 ".repeat(n * 10_001)}]) { allowed } }`,
  "brackets without end": (n) => `{ organizationPermissions(checks: ${"[".repeat(n * 3_000)}`,
  "braces without end": (n) => "{ a ".repeat(n * 3_000),
  "types of types": (n) => `{ __schema { types { ${nested(n + 3, "fields { type", "name")} ${"} ".repeat(n + 3)} } } }`,
  "deep types": (n) => `{ __type(name: "Query") { ${nested(n * 20, "ofType", "name")} } }`,
  "introspection, again and again": (n) =>
    `{ ${times(n + 3, (i) => `a${i}: __schema { types { fields { args { type { name } } type { fields { name type { fields { name } } } } } } }`)} }`,
  "unknown fields": (n) => `{ ${times(n * 20, (i) => `nothing${i}`)} }`,
  "root fields in a fragment": (n) =>
    `query { ...F } fragment F on Query { ${times(n * 31, (i) => `a${i}: viewer { id }`)} }`,
  "root fields in fragments of fragments": (n) =>
    `query { ${times(n * 8, (i) => `...f${i}`)} } ${times(n * 8, (i) => `fragment f${i} on Query { ${times(5, (k) => `a${i}_${k}: plans { code }`)} }`)}`,
  "root fields under inline fragments": (n) => `{ ${times(n * 31, (i) => `... { a${i}: viewer { id } }`)} }`,
  "representations of everything": (n) =>
    `{ ${times(n * 2, (i) => `a${i}: _entities(representations: [${'{ __typename: "Organization", id: "x" }, '.repeat(150)}]) { ... on Organization { ${members("workspaceAccess { role }")} } }`)} }`,
  "calls to AWS": (n) =>
    `mutation { ${times(n * 11, (i) => `a${i}: verifyByokConfig(input: { organizationId: "${ID}" }) { __typename }`)} }`,
  "variables that nobody uses": (n) => `query(${times(n * 400, (i) => `$v${i}: ID = "x"`)}) { viewer { id } }`,
  "variables that are used without being there": (n) =>
    `{ ${times(30, (i) => `a${i}: organization(id: $v${i}) { id }`)} viewer { id ${"@include(if: $x) ".repeat(n * 4)} } }`,
  "unknown types": (n) => `{ viewer { ${times(n * 100, (i) => `... on Orgnization${i} { id }`)} } }`,
  "unknown arguments": (n) => `{ viewer { memberships(${times(n * 500, (i) => `frist${i}: 1`)}) { id } } }`,
  "one name of great length": (n) => `{ ${"viewer".repeat(n * 5_000)} }`,
  "one string of great length": (n) => `{ organization(id: "${"x".repeat(n * 60_000)}") { nothing } }`,
  "comments without end": (n) => `# ${"x".repeat(n * 60_000)}\n{ nothing }`,
  "commas without end": (n) => `{${",".repeat(n * 150_000)} nothing }`,
  "block strings": (n) => `{ ${`organization(id: """${"\n  x".repeat(n * 10_000)}""") { nothing }`} }`,
  "names that conflict, pair by pair": (n) =>
    `{ viewer { ${times(n * 20, (i) => `... on User { a: id b${i}: name } ... on User { a: name b${i}: id }`)} } }`,
  "conflicts in fragments": (n) =>
    `{ viewer { ${times(n * 10, (i) => `...f${i}`)} } } ${times(n * 10, (i) => `fragment f${i} on User { a: ${i % 2 ? "id" : "name"} memberships { ${times(5, (k) => `id${k}: id`)} } }`)}`,
  "type extensions and definitions": (n) => times(n * 20, (i) => `type T${i} { f: ID }`),
  "subscriptions side by side": (n) =>
    `subscription { ${times(n + 1, (i) => `a${i}: receivedInvitationChanged { id }`)} }`,
  "the schema under many names": (n) => `{ ${times(n * 31, (i) => `a${i}: __schema { queryType { name } }`)} }`,
  "deep input": (n) =>
    `{ organizationPermissions(checks: ${"{ a: ".repeat(n * 500)}1${" }".repeat(n * 500)}) { allowed } }`,
};

export const corpus = Object.entries(families).flatMap(([family, make]) =>
  [1, 2, 3, 5].map((size) => [family, size, make(size)] as const),
);

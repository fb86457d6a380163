export const ID = "01900000-0000-7000-8000-000000000000";
export const times = (count: number, make: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => make(n)).join(" ");
/** `core` inside `depth` repetitions of `open`, with all their braces closed. */
export const nested = (depth: number, open: string, core: string) =>
  `${`${open} `.repeat(depth)}${core}${" }".repeat(depth * (open.match(/\{/g)?.length ?? 0))}`;
export const inOrganization = (selection: string) => `{ organization(id: "${ID}") { ${selection} } }`;
export const members = (below: string) => `members(first: 100) { nodes { ${below} } }`;
export const checks = (literal: string) => `{ organizationPermissions(checks: ${literal}) { allowed } }`;
/** Fragments that each spread the next one twice: the size of the answer doubles with every level. */
export const doubling = (levels: number, below = (next: string) => `...${next} ...${next}`) =>
  `${times(levels, (i) => `fragment f${i} on User { ${below(`f${i + 1}`)} }`)} fragment f${levels} on User { id }`;

/** Errors of the limits. A document over a limit is refused before validation. */
export const BEYOND = {
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

/** Errors of the parser, which stops at its token limit, and of validation. These documents are within the other limits. */
export const REFUSED = {
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

export type Limit = keyof typeof BEYOND;
export type Reason = Limit | keyof typeof REFUSED;
/** Makes a document of a given size. The first reason refuses the smallest size, any of them the larger ones. */
export type Family = readonly [make: (size: number) => string, ...reasons: [Reason, ...Reason[]]];

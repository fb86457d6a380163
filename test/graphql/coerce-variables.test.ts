import { inspect } from "node:util";
import { type GraphQLInputType, getVariableValues, isInputType, parse, print } from "graphql";
import { compileDocument } from "../../src/server/graphql/compile";
import { guardedSchema } from "../../src/server/graphql/schema";
import { untypedDocuments } from "../../src/server/graphql/untyped";
import { Random } from "../support/random";
import { jsonFor, wrong } from "../support/random-values";

const schema = guardedSchema();
const untypedFor = untypedDocuments(schema);
const known = { ids: ["a", "01900000-0000-7000-8000-000000000000"], entities: ["Workspace"] };

/** A document that declares one variable. Its selection is irrelevant. */
const withVariable = (declaration: string) => parse(`query(${declaration}) { __typename }`);

function coercedByGraphQL(document: ReturnType<typeof parse>, given: Record<string, unknown>) {
  const [operation] = document.definitions;
  if (operation?.kind !== "OperationDefinition") throw new Error("The document has no operation.");
  return getVariableValues(schema, operation.variableDefinitions ?? [], given).coerced ?? null;
}

const inputTypes = Object.values(schema.getTypeMap()).filter(
  (type): type is typeof type & GraphQLInputType => isInputType(type) && !type.name.startsWith("__"),
);

/** A value with an error somewhere inside. */
function spoiled(value: unknown, random: Random): unknown {
  if (typeof value !== "object" || value === null || random.chance(0.2))
    return random.chance(0.3) ? null : wrong(random);
  if (Array.isArray(value)) return [...value, spoiled(value[0] ?? {}, random)];
  const [name] = Object.keys(value);
  if (!name || random.chance(0.3)) return { ...value, nowhere: 1 };
  return { ...value, [name]: spoiled((value as Record<string, unknown>)[name], random) };
}

/** Random values for a declared type, some of them absent and some invalid. */
function* samples(type: GraphQLInputType, isList: boolean, random: Random): Generator<Record<string, unknown>> {
  for (let n = 0; n < 20; n++) {
    const one = () => jsonFor(type, random, known);
    const valid = isList ? Array.from({ length: random.below(4) }, one) : one();
    yield n % 4 === 0 ? {} : { v: n % 4 === 1 ? spoiled(valid, random) : valid };
  }
}

/** Unlike JSON, it distinguishes dates from texts, and undefined from absent. */
const shown = (value: unknown) => inspect(value, { depth: 20, maxArrayLength: null });

test("variables of every input type are coerced like in graphql-js, or left to it", () => {
  const random = new Random(20_261_126);
  let coerced = 0;
  const different: string[] = [];
  const declarations = inputTypes.flatMap((type) =>
    [`${type}`, `${type}!`, `[${type}!]!`, `[${type}]`].map((declared) => ({ type, declared })),
  );
  for (const { type, declared } of declarations) {
    const document = withVariable(`$v: ${declared}`);
    for (const given of samples(type, declared.startsWith("["), random)) {
      const own = untypedFor(document)?.coerce(given) ?? null;
      if (own === null) continue;
      coerced += 1;
      const expected = coercedByGraphQL(document, given);
      if (shown(own) !== shown(expected)) different.push(`${declared} ${shown({ given, own, expected })}`);
    }
  }
  expect(different).toEqual([]);
  expect(coerced).toBeGreaterThan(declarations.length * 10);
});

test.each([
  ["a required variable that is absent", "$v: ID!", {}],
  ["a required variable that is null", "$v: ID!", { v: null }],
  ["null in a list of required items", "$v: [ID!]", { v: ["a", null] }],
  ["a required field that is absent", "$v: PermissionCheck", { v: {} }],
  ["an unknown field", "$v: PermissionCheck", { v: { userId: "a", nowhere: 1 } }],
  ["a list in the place of an object", "$v: PermissionCheck", { v: [] }],
  ["a text in the place of an object", "$v: PermissionCheck", { v: "a" }],
  ["one item in the place of a list", "$v: [ID!]", { v: "a" }],
  ["an unknown value of an enum", "$v: OrganizationRole", { v: "KING" }],
  ["a number out of range", "$v: Int", { v: 2 ** 31 }],
  ["a type that is not an input", "$v: Organization", { v: {} }],
])("%s is left to graphql-js", (_what, declared, given) => {
  expect(untypedFor(withVariable(declared))?.coerce(given)).toBeNull();
});

test("defaults apply to absent variables and fields, and null stays null", () => {
  const coerce = untypedFor(withVariable('$a: Int = 3, $b: Int = 3, $c: [ID!] = ["x"], $d: Int'))?.coerce;
  expect({ ...coerce?.({ b: null }) }).toEqual({ a: 3, b: null, c: ["x"] });
});

test("a document with several operations has no untyped form; the untyped form of others lacks only the types", () => {
  expect(untypedFor(parse("query A($v: Int) { a } query B { b }"))).toBeNull();
  const document = untypedFor(withVariable("$v: [Int!] = [1]"))?.document;
  expect(document && print(document)).toBe("query ($v: _Any) {\n  __typename\n}");
});

test("checks for services are compiled; a query with side effects is not, because an error would execute it twice", () => {
  const checks = "query($c: [PermissionCheck!]!) { checkPermissions(checks: $c) { allowed } }";
  const access = "query($id: ID!) { plans { code } llmAccess(workspaceId: $id) { __typename } }";
  expect(compileDocument(schema, parse(checks))).not.toBeNull();
  expect(compileDocument(schema, parse(access))).toBeNull();
  expect(compileDocument(schema, parse("{ plans { code } }"))).not.toBeNull();
});

import {
  type ExecutionResult,
  type GraphQLField,
  type GraphQLOutputType,
  getNamedType,
  isEnumType,
  isObjectType,
  isRequiredArgument,
  isScalarType,
  parse,
  validate,
} from "graphql";
import { commands } from "../../src/commands";
import type { Viewer } from "../../src/domain/viewer";
import { createExecutor } from "../../src/server/graphql/execute";
import { guardedSchema } from "../../src/server/graphql/schema";
import { type Actor, silentLog, type TestOrganization, World } from "../support/world";

// A compiled query returns exactly what graphql-js returns, for every selection and every viewer.
const schema = guardedSchema();
/** Hops below a root. PROVE_DEPTH=3 makes three times as many documents. */
const DEPTH = Number(process.env.PROVE_DEPTH ?? 2);
/** The short form takes every third document, and starts at a different one for each viewer. */
const ONE_OF = process.env.PROVE_DEPTH ? 1 : 3;

let world: World;
let acme: TestOrganization;
let viewer: Actor;
let roots: string[];
beforeAll(async () => {
  world = await World.create();
  acme = await world.organization();
  const [workspace] = await world.query<{ id: string }>("SELECT id FROM workspace WHERE organization_id = $1", acme.id);
  const workspaceId = workspace?.id ?? "";
  viewer = await acme.member("VIEWER", [workspaceId]);
  const invited = { emails: ["new@example.com"], role: "VIEWER" as const, workspaces: [{ workspaceId }] };
  await acme.owner.run(commands.inviteMembers, { organizationId: acme.id, ...invited });
  roots = [
    "viewer",
    "plans",
    `organization(id: "${acme.id}")`,
    `workspace(id: "${workspaceId}")`,
    'invitation(token: "nothing")',
    `organizationPermissions(checks: [{ organizationId: "${acme.id}", permission: MANAGE_BILLING }])`,
    `workspacePermissions(checks: [{ workspaceId: "${workspaceId}", permission: RUN_OPERATIONS }])`,
  ];
});
afterAll(() => world.close());

/** Every path of fields without a required argument, with all scalar fields at its end. */
function* pathsBelow(type: GraphQLOutputType, depth: number): Generator<string> {
  const named = getNamedType(type);
  if (!isObjectType(named)) return;
  const fields = Object.values(named.getFields()).filter(({ args }) => !args.some(isRequiredArgument));
  const isPlain = (field: GraphQLField<unknown, unknown>) => {
    const leaf = getNamedType(field.type);
    return isScalarType(leaf) || isEnumType(leaf);
  };
  const plain = fields.filter(isPlain).map(({ name }) => name);
  yield `{ __typename ${plain.join(" ")} }`;
  for (const name of plain) yield `{ ${name} }`;
  if (depth === 0) return;
  for (const field of fields.filter((each) => !isPlain(each))) {
    for (const below of pathsBelow(field.type, depth - 1)) yield `{ again: __typename ${field.name} ${below} }`;
  }
}

function* documents(): Generator<string> {
  const query = schema.getQueryType()?.getFields() ?? {};
  for (const root of roots) {
    const field = query[root.split("(")[0] ?? ""];
    if (!field) throw new Error(`No root field ${root}`);
    for (const below of pathsBelow(field.type, DEPTH)) yield `{ ${root} ${below} }`;
  }
}

function comparable({ data, errors }: ExecutionResult): string {
  const reported = (errors ?? []).map(({ message, path, extensions }) => JSON.stringify({ message, path, extensions }));
  return JSON.stringify({ data, errors: reported.sort() });
}

const anonymous: Viewer = { kind: "anonymous" };
const service: Viewer = { kind: "service", name: "tester", scopes: new Set(["entities:read"] as const) };

async function differences(who: Viewer, first: number): Promise<{ count: number; different: string[] }> {
  const run = createExecutor(schema, silentLog);
  const different: string[] = [];
  let count = 0;
  for (const text of [...documents()].filter((_, n) => n % ONE_OF === first % ONE_OF)) {
    const document = parse(text);
    if (validate(schema, document).length > 0) throw new Error(`Invalid: ${text}`);
    const ask = () => run({ document, context: world.context(who) });
    const interpreted = comparable(await ask());
    const compiled = (await Promise.all([ask(), ask()])).map(comparable);
    count += 1;
    if (compiled.some((each) => each !== interpreted)) different.push(`${text}\n${interpreted}\n${compiled[0]}`);
  }
  return { count, different };
}

const VIEWERS = ["Owner", "Viewer", "anonymous", "service"] as const;

test.each(VIEWERS)("%s gets the same result from a compiled query", async (name) => {
  const who = { Owner: acme.owner, Viewer: viewer, anonymous, service }[name];
  const { count, different } = await differences(who, VIEWERS.indexOf(name));
  expect(different.slice(0, 3)).toEqual([]);
  expect(count).toBeGreaterThan(150);
});

test("graphql-js executes documents that cannot be compiled: with variables, unusual names or mutations", async () => {
  const run = createExecutor(schema, silentLog);
  const ask = async (text: string, variables = {}, operationName?: string) => {
    const document = parse(text);
    const context = () => world.context(acme.owner);
    const answers = [];
    for (let time = 0; time < 3; time++) {
      answers.push(comparable(await run({ document, variables, operationName, context: context() })));
    }
    expect(new Set(answers).size).toBe(1);
    return answers[0];
  };
  const members = `query($id: ID!, $first: Int) { organization(id: $id) { members(first: $first) { nodes { id } } } }`;
  expect(await ask(members, { id: acme.id, first: 1 })).toContain('"nodes":[{"id"');
  expect(await ask(members, { id: acme.id, first: 2 ** 40 })).toContain("32-bit");
  expect(await ask(members, { id: acme.id, first: "1" })).toContain("Int cannot represent");
  expect(await ask(members, {})).toContain("of required type");
  expect(await ask("{ __proto__: viewer { __proto__: name } }")).toContain('"__proto__"');
  expect(await ask("{ __schema { queryType { name } } }")).toContain('"Query"');
  const two = "query A { viewer { name } } query B($on: Boolean!) { viewer { id name @include(if: $on) } }";
  expect(await ask(two, {}, "A")).not.toContain('"id"');
  expect(await ask(two, { on: false }, "B")).not.toContain('"name"');
  expect(await ask(two, { on: true }, "B")).toContain('"name"');
});

import { type GraphQLInputObjectType, type GraphQLSchema, parse } from "graphql";
import type { Viewer } from "../../src/domain/viewer";
import { createExecutor } from "../../src/server/graphql/execute";
import { buildSubgraph } from "../../src/server/graphql/schema";
import { silentLog, World } from "../support/world";
import { createFixtures, type Fixtures, type Target } from "./actors";
import { MUTATIONS, rollingBack } from "./mutation-table";

let world: World;
let fixtures: Fixtures;
beforeAll(async () => {
  world = await World.create();
  fixtures = await createFixtures(world);
});
afterAll(() => world.close());

const { guarded, open } = buildSubgraph();
const NAMES = Object.keys((guarded.getType("DryRunInput") as GraphQLInputObjectType).getFields());

/** The end of an operation: the code and message of its error, or the refusal, or the type of its success. */
async function endOf(schema: GraphQLSchema, viewer: Viewer, text: string): Promise<string> {
  const document = parse(text);
  const context = world.context(viewer, rollingBack(world.database));
  const { errors, data } = await createExecutor(schema, silentLog)({ document, context });
  const denial = errors?.[0]?.originalError as { extensions?: { code: string } } | undefined;
  if (errors) return `${denial?.extensions?.code}: ${errors[0]?.message}`;
  const [result] = Object.values(data ?? {}) as Array<{ code?: string; message?: string }>;
  return result?.code ? `${result.code}: ${result.message}` : "success";
}

const RESULT = "{ __typename ... on Refusal { code message } }";
const dryRunOf = (name: string, input: string) => `{ dryRun(mutation: { ${name}: { ${input} } }) ${RESULT} }`;
const mutationOf = (name: string, input: string) => `mutation { ${name}(input: { ${input} }) ${RESULT} }`;

test.each(["target", "foreign", "deleted"] as const)(
  "on the %s, a dry run has the result of its mutation for every viewer, with and without the guard",
  async (key) => {
    const aim: Target = fixtures[key];
    const wrong: string[] = [];
    const ends = new Set<string>();
    for (const [who, viewer] of Object.entries(fixtures.actors)) {
      for (const name of NAMES) {
        const input = MUTATIONS[name]?.input(aim) ?? "";
        for (const schema of [guarded, open]) {
          const end = await endOf(schema, viewer, mutationOf(name, input));
          const dry = await endOf(schema, viewer, dryRunOf(name, input));
          ends.add(end.split(":")[0] ?? "");
          if (dry !== end)
            wrong.push(`${who}, ${name}${schema === open ? ", without the guard" : ""}: ${dry}, not ${end}`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect([...ends]).toEqual(expect.arrayContaining(["UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND"]));
  },
);

test("each field of DryRunInput has the type of its mutation's input", () => {
  const fields = (guarded.getType("DryRunInput") as GraphQLInputObjectType).getFields();
  for (const name of NAMES) {
    const [argument] = guarded.getMutationType()?.getFields()[name]?.args ?? [];
    expect(`${fields[name]?.type}!`).toBe(String(argument?.type));
  }
});

const LEAVE = `leaveOrganization: { organizationId: "x" }`;

test.each(["", "leaveOrganization: null", `${LEAVE}, removeByokConfig: { organizationId: "x" }`])(
  "a dry run of {%s} is refused: it needs exactly one mutation",
  async (members) => {
    const text = `{ dryRun(mutation: { ${members} }) ${RESULT} }`;
    const { anonymous, owner, stranger } = fixtures.actors as Record<string, Viewer>;
    for (const viewer of [owner, stranger] as Viewer[]) {
      expect(await endOf(guarded, viewer, text)).toBe("INVALID_INPUT: Give exactly one mutation to try.");
    }
    expect(await endOf(guarded, anonymous as Viewer, text)).toContain("UNAUTHENTICATED");
    expect(await endOf(guarded, fixtures.actors["service entities:read"] as Viewer, text)).toContain("FORBIDDEN");
  },
);

test("a null field does not count", async () => {
  const { organizationId } = fixtures.target;
  const text = `{ dryRun(mutation: { removeMember: null, leaveOrganization: { organizationId: "${organizationId}" } }) ${RESULT} }`;
  expect(await endOf(guarded, fixtures.actors.viewer as Viewer, text)).toBe("success");
});

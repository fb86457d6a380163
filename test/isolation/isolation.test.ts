import type { Viewer } from "../../src/domain/viewer";
import { World } from "../support/world";
import { type Actors, createFixtures } from "./actors";
import { Comparison, type Root } from "./comparison";
import { KNOWN_FIELDS, Oracle } from "./oracle";
import { fieldsOf, IDENTIFIED, objectOf, selectionsBelow } from "./selections";
import { type Thing, thingsOf, type WorldState } from "./world-state";

// Compares every field with the oracle, by every path of up to two hops (four in npm run prove), for every viewer.
// Paths from a single organization or workspace are one hop shorter, except in npm run prove.
const HOPS = Number(process.env.PROVE_HOPS ?? 2);
const HOPS_FROM_ONE = process.env.PROVE_HOPS ? HOPS : HOPS - 1;

let world: World;
let state: WorldState;
let actors: Actors;
let oracle: Oracle;
let gone: Thing[];
// Thousands of refusals are expected, and Jest formats each stack trace at a high cost.
const { stackTraceLimit } = Error;
beforeAll(async () => {
  world = await World.create();
  ({ state, actors, gone } = await createFixtures(world));
  oracle = new Oracle(state);
  Error.stackTraceLimit = 0;
});
afterAll(async () => {
  Error.stackTraceLimit = stackTraceLimit;
  await world.close();
});

/** Root fields for the same objects, and the number of hops to follow below them. */
interface Task {
  roots: Root[];
  hops: number;
}

const VIEWER: Root = {
  ...{ field: "viewer", document: (selection) => `{ viewer { ${selection} } }`, variables: {} },
  ...{ type: "User", ids: [null] },
};

/** Ids are variables, so that one document fits all; one request reads all entities of a type. */
function rootsOf(type: string, ids: string[]): Root[] {
  const entities: Root = {
    field: "_entities",
    document: (selection) =>
      `query ($all: [_Any!]!) { _entities(representations: $all) { ... on ${type} { ${selection} } } }`,
    variables: { all: ids.map((id) => ({ __typename: type, id })) },
    ...{ type, ids },
  };
  if (type !== "Organization" && type !== "Workspace") return [entities];
  const field = type.toLowerCase();
  const document = (selection: string) => `query ($id: ID!) { ${field}(id: $id) { ${selection} } }`;
  return [entities, ...ids.map((id) => ({ field, document, variables: { id }, type, ids: [id] }))];
}

/** More hops in the organizations of several people, and half as many in those of one person. */
function tasks(): Task[] {
  const users = [...new Set([...state.members.values()].map(({ userId }) => userId))];
  const things = [...thingsOf(state), ...gone];
  const far = things.filter((thing) => !isOfOnePerson(thing));
  const near = things.filter(isOfOnePerson);
  const tasksOf = (chosen: readonly Thing[], hops: number): Task[] =>
    [...IDENTIFIED].flatMap((type) => {
      const ids = chosen.filter((thing) => thing[0] === type).map(([, id]) => id);
      const [entities, ...single] = ids.length > 0 ? rootsOf(type, ids) : [];
      return [
        { hops, roots: entities ? [entities] : [] },
        { hops: Math.min(hops, HOPS_FROM_ONE - 1), roots: single },
      ];
    });
  return [
    { roots: [VIEWER, ...rootsOf("User", users)], hops: HOPS - 1 },
    ...tasksOf(far, HOPS - 1),
    ...tasksOf(near, 1),
  ];
}

function isOfOnePerson([, id]: Thing): boolean {
  const { members, workspaces, invitations, subscriptions, byokConfigs } = state;
  const holder = members.get(id) ?? workspaces.get(id) ?? invitations.get(id);
  const organizationId = holder?.organizationId ?? subscriptions.get(id) ?? byokConfigs.get(id) ?? id;
  return state.roles.get(organizationId)?.size === 1;
}

test("every field of every visible object has a rule", () => {
  const missing = Object.entries(KNOWN_FIELDS).flatMap(([type, known]) =>
    fieldsOf(type)
      .filter(({ name }) => !known.split(" ").includes(name))
      .map(({ name }) => `${type}.${name}`),
  );
  const reachable = new Set<string>();
  const visit = (type: string) => {
    if (reachable.has(type)) return;
    reachable.add(type);
    for (const field of fieldsOf(type)) {
      const below = objectOf(field);
      if (below) visit(below.type);
    }
  };
  for (const type of IDENTIFIED) visit(type);
  expect([...missing, ...[...reachable].filter((type) => !(type in KNOWN_FIELDS))]).toEqual([]);
});

test("the tested ids include deleted objects of every type", () => {
  const types = new Set(gone.map(([type]) => type));
  expect([...types].sort()).toEqual([...IDENTIFIED].filter((type) => type !== "User").sort());
  for (const [, id] of gone) expect(thingsOf(state).map((thing) => thing[1])).not.toContain(id);
});

test("every viewer sees exactly what the oracle grants", async () => {
  const compare = async ([name, viewer]: [string, Viewer]) => {
    const comparison = new Comparison(viewer, world, oracle);
    for (const { roots, hops } of tasks()) {
      for (const root of roots) {
        for (const selection of selectionsBelow(root.type, hops)) await comparison.ask(root, selection, name);
      }
    }
    return { cases: comparison.cases, wrong: comparison.wrong.map((line) => `${name}: ${line}`) };
  };
  const compared = await Promise.all(Object.entries(actors).map(compare));
  const cases = compared.reduce((sum, each) => sum + each.cases, 0);
  const wrong = compared.flatMap((each) => each.wrong);
  expect(wrong.slice(0, 10)).toEqual([]);
  expect(cases).toBeGreaterThan(40_000);
  process.stdout.write(`isolation: ${cases} cases\n`);
}, 300_000);

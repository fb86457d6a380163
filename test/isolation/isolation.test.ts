import type { Viewer } from "../../src/domain/viewer";
import { World } from "../support/world";
import { type Cast, castOf, type Facts } from "./cast";
import { Comparison, fieldsOf, IDENTIFIED, objectOf, type Root, selectionsBelow } from "./comparison";
import { KNOWN_FIELDS, Oracle } from "./oracle";

// Every field, by every path of up to four hops to it, as everybody, against the oracle.
const HOPS = 4;

let world: World;
let facts: Facts;
let cast: Cast;
let oracle: Oracle;
beforeAll(async () => {
  world = await World.create();
  ({ facts, cast } = await castOf(world));
  oracle = new Oracle(facts);
});
afterAll(() => world.close());

function roots(): Root[] {
  const keyed = [
    ...[...facts.roles.keys()].map((id) => ["Organization", id] as const),
    ...[...facts.workspaces.keys()].map((id) => ["Workspace", id] as const),
    ...[...facts.invitations.keys()].map((id) => ["Invitation", id] as const),
    ...[...facts.subscriptions.keys()].map((id) => ["OrganizationSubscription", id] as const),
    ...[...facts.byokConfigs.keys()].map((id) => ["ByokConfig", id] as const),
    ...[...facts.members].flatMap(([id, { userId }]) => [["Member", id] as const, ["User", userId] as const]),
  ];
  const entity = ([type, id]: readonly [string, string]): Root => ({
    field: "_entities",
    document: `_entities(representations: [{ __typename: "${type}", id: "${id}" }]) { ... on ${type} { SELECTION } }`,
    type,
    id,
  });
  const direct = ([type, id]: readonly [string, string]): Root => {
    const field = type.toLowerCase();
    return { field, document: `${field}(id: "${id}") { SELECTION }`, type, id };
  };
  const named = keyed.filter(([type]) => type === "Organization" || type === "Workspace").map(direct);
  return [
    { field: "viewer", document: "viewer { SELECTION }", type: "User", id: null },
    ...named,
    ...keyed.map(entity),
  ];
}

/** Far enough into the two organizations that matter; into the many personal ones of one person each, half as far. */
function hopsBelow({ type, id }: Root): number {
  if (id === null || type === "User") return HOPS - 1;
  const { members, workspaces, invitations, subscriptions, byokConfigs } = facts;
  const holder = members.get(id) ?? workspaces.get(id) ?? invitations.get(id);
  const organizationId = holder?.organizationId ?? subscriptions.get(id) ?? byokConfigs.get(id) ?? id;
  return (facts.roles.get(organizationId)?.size ?? 0) > 1 ? HOPS - 1 : HOPS / 2 - 1;
}

test("every field of everything that can be seen has a rule", () => {
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

test("nobody sees what the oracle denies, and nobody is denied what it grants", async () => {
  const compare = async ([name, viewer]: [string, Viewer]) => {
    const comparison = new Comparison(viewer, world, oracle);
    for (const root of roots()) {
      const sees = root.id === null ? viewer.kind === "person" : oracle.see(viewer, root.type, root.id);
      // Below what is not seen there is nothing to go on from.
      for (const selection of selectionsBelow(root.type, sees ? hopsBelow(root) : 0))
        await comparison.ask(root, selection, name);
    }
    return { cases: comparison.cases, wrong: comparison.wrong.map((line) => `${name}: ${line}`) };
  };
  const compared = await Promise.all(Object.entries(cast).map(compare));
  const cases = compared.reduce((sum, each) => sum + each.cases, 0);
  const wrong = compared.flatMap((each) => each.wrong);
  expect(wrong.slice(0, 10)).toEqual([]);
  expect(cases).toBeGreaterThan(20_000);
  process.stdout.write(`isolation: ${cases} cases\n`);
}, 300_000);

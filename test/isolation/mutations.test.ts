import { parse, validate } from "graphql";
import type { Viewer } from "../../src/domain/viewer";
import { World } from "../support/world";
import { type Actors, createFixtures, type Target } from "./actors";
import { Comparison } from "./comparison";
import { expectedOfKind, MUTATIONS, type Rule, rollingBack } from "./mutation-table";
import { Oracle } from "./oracle";
import { run, schema, selectionsBelow } from "./selections";
import type { WorldState } from "./world-state";

// Every mutation for every actor. A permitted one runs to its end and is rolled back, so that all actors have the same
// data.
let world: World;
let state: WorldState;
let actors: Actors;
let target: Target;
beforeAll(async () => {
  world = await World.create();
  ({ state, actors, target } = await createFixtures(world));
});
afterAll(() => world.close());

/** The expected code for an actor, or null if the mutation is permitted. */
function expected(viewer: Viewer, may: Rule): string | null {
  const ofKind = expectedOfKind(viewer, may);
  if (ofKind !== null || viewer.kind !== "person" || "everybody" in may) return ofKind;
  // A person with an unverified address gets a Refusal.
  if ("invitee" in may) return viewer.email === target.invitedAddress ? null : "NOT_FOUND";
  const role = state.roles.get(target.organizationId)?.get(viewer.id);
  if (!role) return "NOT_FOUND";
  if ("organization" in may) return may.organization.includes(role) ? null : "FORBIDDEN";
  if (role === "OWNER" || role === "ADMIN") return null;
  return state.workspaces.get(target.alpha)?.assigned.has(viewer.id) ? "FORBIDDEN" : "NOT_FOUND";
}

const successOf = (name: string) => `${name.charAt(0).toUpperCase()}${name.slice(1)}Success`;

/** The results of these mutations no longer exist after the rollback. */
const MAKERS = new Set(["createOrganization", "createWorkspace", "inviteMembers", "acceptInvitation", "provisionUser"]);

/** All fields of a mutation's result, and all of their fields. */
function answerOf(name: string): string {
  const success = successOf(name);
  if (MAKERS.has(name)) return "__typename";
  const [selection = ""] = selectionsBelow(success, 1);
  const deeper = [...selectionsBelow(success, 1)].slice(1);
  return `__typename ... on ${success} { ${[selection, ...deeper].join(" ")} }`;
}

test("every mutation is in the table", () => {
  expect(Object.keys(MUTATIONS).sort()).toEqual(Object.keys(schema.getMutationType()?.getFields() ?? {}).sort());
});

test("each mutation is open only to permitted actors, and all others get the same code", async () => {
  const before = await world.query(
    "SELECT md5(string_agg(e.hash::text, ',' ORDER BY e.hash)) FROM organization_event e",
  );
  const wrong: string[] = [];
  for (const [who, viewer] of Object.entries(actors)) {
    const comparison = new Comparison(viewer, world, new Oracle(state));
    for (const [name, { input, may }] of Object.entries(MUTATIONS)) {
      const document = parse(`mutation { ${name}(input: { ${input(target)} }) { ${answerOf(name)} } }`);
      expect(validate(schema, document)).toEqual([]);
      const context = world.context(viewer, rollingBack(world.database));
      const { errors, data } = await run({ document, context });
      const denial = errors?.[0]?.originalError as { extensions?: { code: string } } | undefined;
      const code = errors ? (denial?.extensions?.code ?? errors[0]?.message) : null;
      const answered = (data?.[name] as { __typename: string } | null | undefined)?.__typename;
      if (who === "unverified" && "invitee" in may && answered !== "Refusal")
        wrong.push(`${who}, ${name}: ${answered}`);
      const isWithin = data?.[name] != null && expected(viewer, may) === null;
      if (isWithin) comparison.judge({ data, errors }, [name], successOf(name), who, name);
      else if (code !== expected(viewer, may)) {
        wrong.push(`${who}, ${name}: ${code ?? JSON.stringify(data)}, not ${expected(viewer, may)}`);
      }
    }
    wrong.push(...comparison.wrong);
  }
  expect(wrong).toEqual([]);
  expect(
    await world.query("SELECT md5(string_agg(e.hash::text, ',' ORDER BY e.hash)) FROM organization_event e"),
  ).toEqual(before);
});

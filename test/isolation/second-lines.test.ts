import { type GraphQLObjectType, type GraphQLSchema, parse } from "graphql";
import { guard } from "../../resolvers/shield";
import type { ServiceScope, Viewer } from "../../src/domain/viewer";
import { createExecutor } from "../../src/server/graphql/execute";
import { buildSubgraph } from "../../src/server/graphql/schema";
import { silentLog, World } from "../support/world";
import { createFixtures, type Fixtures } from "./actors";
import { Comparison, type Root } from "./comparison";
import { expectedOfKind, MUTATIONS, type Rule, rollingBack } from "./mutation-table";
import { Oracle } from "./oracle";
import { selectionsBelow } from "./selections";

// There are two lines of defence: the guard in front of the schema, and the checks in resolvers and commands. With both
// in place, a missing check in one would go unnoticed. Here each is tested alone.
let world: World;
let fixtures: Fixtures;
beforeAll(async () => {
  world = await World.create();
  fixtures = await createFixtures(world);
});
afterAll(() => world.close());

/** The code of the first error of a viewer's mutation; null if there is none. */
async function codeOf(schema: GraphQLSchema, viewer: Viewer, name: string, input: string): Promise<string | null> {
  const document = parse(`mutation { ${name}(input: { ${input} }) { __typename } }`);
  const context = world.context(viewer, rollingBack(world.database));
  const { errors } = await createExecutor(schema, silentLog)({ document, context });
  const denial = errors?.[0]?.originalError as { extensions?: { code: string } } | undefined;
  return errors ? (denial?.extensions?.code ?? errors[0]?.message ?? "?") : null;
}

const roleOf = (viewer: Viewer) =>
  viewer.kind === "person" ? fixtures.state.roles.get(fixtures.target.organizationId)?.get(viewer.id) : undefined;

/** The expected code for a viewer and the target's organization and workspace; null if the mutation is allowed. */
function expected(viewer: Viewer, may: Rule): string | null {
  const ofKind = expectedOfKind(viewer, may);
  if (ofKind !== null || viewer.kind !== "person" || "everybody" in may || "invitee" in may) return ofKind;
  const role = roleOf(viewer);
  if (!role) return "NOT_FOUND";
  if ("organization" in may) return may.organization.includes(role) ? null : "FORBIDDEN";
  if (role === "OWNER" || role === "ADMIN") return null;
  return fixtures.state.workspaces.get(fixtures.target.alpha)?.assigned.has(viewer.id) ? "FORBIDDEN" : "NOT_FOUND";
}

test("without the guard, commands refuse the same viewers with the same codes", async () => {
  const { open } = buildSubgraph();
  const wrong: string[] = [];
  for (const [who, viewer] of Object.entries(fixtures.actors)) {
    for (const [name, { input, may }] of Object.entries(MUTATIONS)) {
      const isTheirs = viewer.kind === "person" && viewer.email === fixtures.target.invitedAddress;
      const code = expected(viewer, may) ?? ("invitee" in may && !isTheirs ? "NOT_FOUND" : null);
      const actual = await codeOf(open, viewer, name, input(fixtures.target));
      if (actual !== code) wrong.push(`${who}, ${name}: ${actual}, not ${code}`);
    }
  }
  expect(wrong).toEqual([]);
});

/** The schema behind the guard with resolvers that do nothing but report that they were reached. */
function stubbed(reached: { name: string | null }): GraphQLSchema {
  const { open } = buildSubgraph();
  const types = [open.getQueryType(), open.getMutationType()];
  for (const field of types.flatMap((type) => Object.values(type?.getFields() ?? {}))) {
    field.resolve = () => {
      reached.name = field.name;
      return null;
    };
  }
  return guard(open);
}

test("the guard alone refuses every viewer that it can identify, before a resolver runs", async () => {
  const reached: { name: string | null } = { name: null };
  const schema = stubbed(reached);
  const wrong: string[] = [];
  for (const [who, viewer] of Object.entries(fixtures.actors)) {
    for (const [name, { input, may }] of Object.entries(MUTATIONS)) {
      reached.name = null;
      // Only the command can decide who may restore a deleted organization.
      const code = expected(viewer, name === "restoreOrganization" ? { everybody: true } : may);
      const actual = await codeOf(schema, viewer, name, input(fixtures.target));
      if ((reached.name === name) !== (code === null))
        wrong.push(`${who} ${code ? "reached" : "was kept from"} ${name}`);
      if (code !== null && actual !== code) wrong.push(`${who}, ${name}: ${actual}, not ${code}`);
    }
  }
  expect(wrong).toEqual([]);
});

/** Root queries, and the viewers who may use them. */
const QUERIES: Record<string, { text: string; may: (viewer: Viewer) => boolean }> = {
  viewer: { text: "{ viewer { id } }", may: isSignedIn },
  organization: { text: '{ organization(id: "x") { id } }', may: isEntityReader },
  workspace: { text: '{ workspace(id: "x") { id } }', may: isEntityReader },
  _entities: {
    text: '{ _entities(representations: [{ __typename: "User", id: "x" }]) { __typename } }',
    may: isEntityReader,
  },
  invitation: { text: '{ invitation(token: "x") { email } }', may: () => true },
  plans: { text: "{ plans { code } }", may: () => true },
  roles: { text: "{ roles { role } }", may: () => true },
  byokOptions: { text: "{ byokOptions { regions } }", may: isSignedIn },
  dryRun: {
    text: "{ dryRun(mutation: {}) { __typename } }",
    may: ({ kind }) => kind === "person",
  },
  byokPolicy: { text: "{ byokPolicy(inferenceProfile: US) }", may: isSignedIn },
  organizationPermissions: { text: "{ organizationPermissions(checks: []) { allowed } }", may: isSignedIn },
  workspacePermissions: { text: "{ workspacePermissions(checks: []) { allowed } }", may: isSignedIn },
  llmAccess: {
    text: '{ llmAccess(workspaceId: "x") { __typename } }',
    may: (viewer) => has(viewer, "credentials:read"),
  },
  checkPermissions: {
    text: "{ checkPermissions(checks: []) { allowed } }",
    may: (viewer) => has(viewer, "permissions:read"),
  },
  organizationEvents: {
    text: "{ organizationEvents { cursor } }",
    may: (viewer) => has(viewer, "events:read"),
  },
  _service: { text: "{ _service { sdl } }", may: () => true },
};

function has(viewer: Viewer, scope: ServiceScope): boolean {
  return viewer.kind === "service" && viewer.scopes.has(scope);
}
function isSignedIn(viewer: Viewer): boolean {
  return viewer.kind !== "anonymous";
}
function isEntityReader(viewer: Viewer): boolean {
  return viewer.kind === "person" || has(viewer, "entities:read");
}

test("the guard alone limits queries to permitted viewers", async () => {
  const reached: { name: string | null } = { name: null };
  const schema = stubbed(reached);
  const execute = createExecutor(schema, silentLog);
  expect(Object.keys(QUERIES).sort()).toEqual(Object.keys(schema.getQueryType()?.getFields() ?? {}).sort());
  for (const [who, viewer] of Object.entries(fixtures.actors)) {
    for (const [name, { text, may }] of Object.entries(QUERIES)) {
      reached.name = null;
      await execute({ document: parse(text), context: world.context(viewer) });
      expect([who, name, reached.name === name]).toEqual([who, name, may(viewer)]);
    }
  }
});

test.each(["checkPermissions", "organizationEvents"])(
  "without the guard, %s is only for services with the scope",
  async (name) => {
    const { open } = buildSubgraph();
    const execute = createExecutor(open, silentLog);
    const { text, may } = QUERIES[name] ?? { text: "", may: () => false };
    for (const [who, viewer] of Object.entries(fixtures.actors)) {
      const { errors } = await execute({ document: parse(text), context: world.context(viewer) });
      const denial = errors?.[0]?.originalError as { extensions?: { code: string } } | undefined;
      const denied = viewer.kind === "anonymous" ? "UNAUTHENTICATED" : "FORBIDDEN";
      expect([who, denial?.extensions?.code]).toEqual([who, may(viewer) ? undefined : denied]);
    }
  },
);

const GUARDED: Record<string, { text: string; roles: string }> = {
  invitations: { text: "invitations { totalCount }", roles: "OWNER ADMIN" },
  memberLimit: { text: "memberLimit { used }", roles: "OWNER ADMIN" },
  workspaceLimit: { text: "workspaceLimit { used }", roles: "OWNER ADMIN" },
  subscription: { text: "subscription { id }", roles: "OWNER" },
  byokConfig: { text: "byokConfig { id }", roles: "OWNER" },
  accessReviews: { text: "accessReviews { totalCount }", roles: "OWNER ADMIN" },
  auditLog: { text: "auditLog { totalCount }", roles: "OWNER ADMIN" },
};

test.each(Object.entries(GUARDED))("the guard alone limits %s to permitted viewers", async (name, { text, roles }) => {
  const { open } = buildSubgraph();
  const query = open.getQueryType()?.getFields().organization;
  const field = (open.getType("Organization") as GraphQLObjectType).getFields()[name];
  if (!query || !field) throw new Error(`There is no field ${name}.`);
  let role: string | null = null;
  let isReached = false;
  query.resolve = () => ({ id: "o", viewerMember: role && { role } });
  field.resolve = () => {
    isReached = true;
    return null;
  };
  const execute = createExecutor(guard(open), silentLog);
  for (role of ["OWNER", "ADMIN", "DEVELOPER", "VIEWER", null]) {
    isReached = false;
    const context = world.context(fixtures.actors.stranger as Viewer);
    await execute({ document: parse(`{ organization(id: "o") { ${text} } }`), context });
    expect([role, isReached]).toEqual([role, role !== null && roles.split(" ").includes(role)]);
  }
});

test("without the guard, resolvers limit every field of an organization to permitted viewers", async () => {
  const { open } = buildSubgraph();
  const execute = createExecutor(open, silentLog);
  const oracle = new Oracle(fixtures.state);
  const wrong: string[] = [];
  let cases = 0;
  for (const [who, viewer] of Object.entries(fixtures.actors)) {
    if (viewer.kind !== "person") continue;
    const comparison = new Comparison(viewer, world, oracle, execute);
    for (const { organizationId: id } of [fixtures.target, fixtures.foreign, fixtures.deleted]) {
      const root: Root = {
        ...{ field: "organization", type: "Organization", ids: [id], variables: { id } },
        document: (selection) => `query ($id: ID!) { organization(id: $id) { ${selection} } }`,
      };
      for (const selection of selectionsBelow("Organization", 1)) await comparison.ask(root, selection, who);
    }
    cases += comparison.cases;
    wrong.push(...comparison.wrong);
  }
  expect(wrong.slice(0, 10)).toEqual([]);
  expect(cases).toBeGreaterThan(1_000);
});

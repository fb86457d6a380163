import { parse, validate } from "graphql";
import type { Person, Viewer } from "../../src/domain/viewer";
import { World } from "../support/world";
import { type Actors, createFixtures, type Target } from "./actors";
import { type Json, run, schema } from "./selections";
import type { Thing, WorldState } from "./world-state";

// Root fields without an entity's id, for every viewer.
let world: World;
let state: WorldState;
let actors: Actors;
let target: Target;
let gone: Thing[];
beforeAll(async () => {
  world = await World.create();
  ({ state, actors, target, gone } = await createFixtures(world));
});
afterAll(() => world.close());

const ORGANIZATION: Record<string, string> = {
  EDIT_ORGANIZATION: "OWNER ADMIN",
  MANAGE_BILLING: "OWNER",
  CONFIGURE_BYOK: "OWNER",
  INVITE_AND_REMOVE_MEMBERS: "OWNER ADMIN",
  CHANGE_MEMBER_ROLES: "OWNER ADMIN",
  TRANSFER_OWNERSHIP: "OWNER",
  DELETE_ORGANIZATION: "OWNER",
  CREATE_WORKSPACES: "OWNER ADMIN",
  DELETE_WORKSPACES: "OWNER ADMIN",
  ACCESS_ALL_WORKSPACES: "OWNER ADMIN",
  VIEW_AUDIT_LOG: "OWNER ADMIN",
  REVIEW_ACCESS: "OWNER ADMIN",
};
const WORKSPACE: Record<string, string> = {
  VIEW_WORKSPACE: "ADMIN DEVELOPER VIEWER",
  RUN_OPERATIONS: "ADMIN DEVELOPER",
  MODIFY_RESOURCES: "ADMIN DEVELOPER",
  EDIT_WORKSPACE: "ADMIN",
  MANAGE_WORKSPACE_ACCESS: "ADMIN",
};

async function ask(viewer: Viewer, text: string) {
  const document = parse(text);
  expect(validate(schema, document)).toEqual([]);
  const context = world.context(viewer);
  const result = await run({ document, context });
  const denial = result.errors?.[0]?.originalError as { extensions?: { code: string } } | undefined;
  const code = result.errors ? (denial?.extensions?.code ?? result.errors[0]?.message ?? "?") : null;
  return { data: result.data as Json | null, code, context, stream: context.started.stream };
}

const missingIds = (type: string) => gone.filter((thing) => thing[0] === type).map(([, id]) => id);

const roleIn = (viewer: Viewer, organizationId: string) =>
  viewer.kind === "person" ? (state.roles.get(organizationId)?.get(viewer.id) ?? null) : null;

/** A viewer's effective role in a workspace, by the product's rules. The fixtures have one override, in Beta. */
function roleInWorkspace(viewer: Viewer, workspaceId: string): string | null {
  const workspace = state.workspaces.get(workspaceId);
  const role = roleIn(viewer, workspace?.organizationId ?? "");
  if (role === "OWNER" || role === "ADMIN") return "ADMIN";
  if (viewer.kind !== "person" || !workspace?.assigned.has(viewer.id)) return null;
  return workspaceId === target.beta ? "DEVELOPER" : role;
}

test("every root field has a test", () => {
  const entities = ["viewer", "organization", "workspace", "_entities"];
  const here = [
    "invitation",
    "plans",
    "organizationPermissions",
    "workspacePermissions",
    "llmAccess",
    "byokPolicy",
    "checkPermissions",
    "organizationEvents",
    "byokOptions",
    "roles",
    // Tested in dry-runs.test.ts.
    "dryRun",
  ];
  const known = [...entities, ...here, "_service"];
  expect(Object.keys(schema.getQueryType()?.getFields() ?? {}).sort()).toEqual(known.sort());
  expect(Object.keys(schema.getSubscriptionType()?.getFields() ?? {}).sort()).toEqual(
    [
      "invitationChanged",
      "membershipChanged",
      "organizationChanged",
      "auditLogChanged",
      "receivedInvitationChanged",
      "organizationEvents",
      "viewerMembershipChanged",
    ].sort(),
  );
});

test("permission queries give every actor the right decision for each permission", async () => {
  const wrong: string[] = [];
  const expectAll = async (viewer: Viewer, who: string, field: string, checks: string[], allowed: boolean[]) => {
    const { data, code } = await ask(viewer, `{ ${field}(checks: [${checks.join(", ")}]) { allowed reasons } }`);
    if (viewer.kind === "anonymous") return void (code === "UNAUTHENTICATED" || wrong.push(`${who}: ${code}`));
    for (const [index, decision] of ((data?.[field] ?? []) as Array<{ allowed: boolean }>).entries()) {
      if (decision.allowed !== allowed[index]) wrong.push(`${who}: ${checks[index]} is ${decision.allowed}`);
    }
  };
  for (const [who, viewer] of Object.entries(actors)) {
    for (const id of [...state.roles.keys(), ...missingIds("Organization")]) {
      const permissions = Object.keys(ORGANIZATION);
      const checks = permissions.map((permission) => `{ organizationId: "${id}", permission: ${permission} }`);
      const allowed = permissions.map(
        (name) => ORGANIZATION[name]?.split(" ").includes(roleIn(viewer, id) ?? "") === true,
      );
      await expectAll(viewer, who, "organizationPermissions", checks, allowed);
    }
    for (const id of [...state.workspaces.keys(), ...missingIds("Workspace")]) {
      const permissions = Object.keys(WORKSPACE);
      const checks = permissions.map((permission) => `{ workspaceId: "${id}", permission: ${permission} }`);
      const allowed = permissions.map(
        (name) => WORKSPACE[name]?.split(" ").includes(roleInWorkspace(viewer, id) ?? "") === true,
      );
      await expectAll(viewer, who, "workspacePermissions", checks, allowed);
    }
  }
  expect(wrong).toEqual([]);
  expect([missingIds("Organization").length, missingIds("Workspace").length]).toEqual([2, 6]);
});

test("a service gets the right decision about every actor for each permission, and the organization's sequence", async () => {
  const service = actors["service permissions:read"] as Viewer;
  const heads = new Map<string, number>(
    (await world.query<{ id: string; head: number }>("SELECT id, event_sequence AS head FROM organization")).map(
      ({ id, head }) => [id, head],
    ),
  );
  const people = Object.values(actors).filter((viewer): viewer is Person => viewer.kind === "person");
  const wrong: string[] = [];
  const expectAll = async (
    place: string,
    checks: string[],
    expected: Array<{ allowed: boolean; head: number | null }>,
  ) => {
    const { data } = await ask(service, `{ checkPermissions(checks: [${checks.join(", ")}]) { allowed sequence } }`);
    const decisions = (data?.checkPermissions ?? []) as Array<{ allowed: boolean; sequence: number | null }>;
    for (const [index, { allowed, head }] of expected.entries()) {
      const decision = decisions[index];
      if (decision?.allowed !== allowed || decision.sequence !== head) wrong.push(`${place}: ${checks[index]}`);
    }
  };
  const asked = (id: string, place: string, permission: string) =>
    people.map((person) => `{ userId: "${person.id}", ${place}: { ${place}Id: "${id}", permission: ${permission} } }`);
  for (const id of [...state.roles.keys(), ...missingIds("Organization")]) {
    for (const [permission, roles] of Object.entries(ORGANIZATION)) {
      const expected = people.map((person) => {
        const role = roleIn(person, id);
        return { allowed: roles.split(" ").includes(role ?? ""), head: role ? (heads.get(id) ?? null) : null };
      });
      await expectAll(id, asked(id, "organization", permission), expected);
    }
  }
  for (const id of [...state.workspaces.keys(), ...missingIds("Workspace")]) {
    const head = heads.get(state.workspaces.get(id)?.organizationId ?? "") ?? null;
    for (const [permission, roles] of Object.entries(WORKSPACE)) {
      const expected = people.map((person) => {
        const role = roleInWorkspace(person, id);
        return { allowed: roles.split(" ").includes(role ?? ""), head: role ? head : null };
      });
      await expectAll(id, asked(id, "workspace", permission), expected);
    }
  }
  expect(wrong).toEqual([]);
});

test("the LLM access of a deleted workspace, or of one in a deleted organization, is NOT_FOUND", async () => {
  const service = actors["service credentials:read"] as Viewer;
  for (const id of missingIds("Workspace")) {
    const { code } = await ask(service, `{ llmAccess(workspaceId: "${id}") { __typename } }`);
    expect([id, code]).toEqual([id, "NOT_FOUND"]);
  }
});

test("only services with the scope can read LLM access", async () => {
  for (const [who, viewer] of Object.entries(actors)) {
    const { code, data } = await ask(viewer, `{ llmAccess(workspaceId: "${target.alpha}") { __typename } }`);
    const denied = viewer.kind === "anonymous" ? "UNAUTHENTICATED" : "FORBIDDEN";
    if (who === "service credentials:read")
      expect([who, code === "FORBIDDEN", data === null]).toEqual([who, false, false]);
    else expect([who, code, data]).toEqual([who, denied, null]);
  }
});

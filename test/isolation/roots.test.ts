import { randomBytes } from "node:crypto";
import { parse, validate } from "graphql";
import type { Context } from "../../src/context";
import type { Viewer } from "../../src/domain/viewer";
import { cursorOf } from "../../src/live/subscriptions";
import type { LiveEvent } from "../../src/store/events/live-events";
import { World } from "../support/world";
import { type Actors, createFixtures, type Target } from "./actors";
import { Comparison, type Json, run, schema, selectionsBelow } from "./comparison";
import { Oracle } from "./oracle";
import type { Thing, WorldState } from "./world-state";

// The root fields that lead to no entity by its id, and the subscriptions, as everybody.
let world: World;
let state: WorldState;
let actors: Actors;
let target: Target;
let deleted: Target;
let gone: Thing[];
beforeAll(async () => {
  world = await World.create();
  ({ state, actors, target, deleted, gone } = await createFixtures(world));
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

const goneOf = (type: string) => gone.filter((thing) => thing[0] === type).map(([, id]) => id);

const roleIn = (viewer: Viewer, organizationId: string) =>
  viewer.kind === "person" ? (state.roles.get(organizationId)?.get(viewer.id) ?? null) : null;

/** Somebody's effective role in a workspace, by the product's rules; the fixtures have one override, in Beta. */
function roleInWorkspace(viewer: Viewer, workspaceId: string): string | null {
  const workspace = state.workspaces.get(workspaceId);
  const role = roleIn(viewer, workspace?.organizationId ?? "");
  if (role === "OWNER" || role === "ADMIN") return "ADMIN";
  if (viewer.kind !== "person" || !workspace?.assigned.has(viewer.id)) return null;
  return workspaceId === target.beta ? "DEVELOPER" : role;
}

test("there is no root field but those that are tried somewhere", () => {
  const entities = ["viewer", "organization", "workspace", "_entities"];
  const here = ["invitation", "plans", "organizationPermissions", "workspacePermissions", "llmAccess", "byokPolicy"];
  const known = [...entities, ...here, "_service"];
  expect(Object.keys(schema.getQueryType()?.getFields() ?? {}).sort()).toEqual(known.sort());
  expect(Object.keys(schema.getSubscriptionType()?.getFields() ?? {}).sort()).toEqual(
    ["invitationChanged", "membershipChanged", "receivedInvitationChanged"].sort(),
  );
});

test("everybody is told of each permission what is so", async () => {
  const wrong: string[] = [];
  const expectAll = async (viewer: Viewer, who: string, field: string, checks: string[], allowed: boolean[]) => {
    const { data, code } = await ask(viewer, `{ ${field}(checks: [${checks.join(", ")}]) { allowed reasons } }`);
    if (viewer.kind === "anonymous") return void (code === "UNAUTHENTICATED" || wrong.push(`${who}: ${code}`));
    for (const [index, decision] of ((data?.[field] ?? []) as Array<{ allowed: boolean }>).entries()) {
      if (decision.allowed !== allowed[index]) wrong.push(`${who}: ${checks[index]} is ${decision.allowed}`);
    }
  };
  for (const [who, viewer] of Object.entries(actors)) {
    for (const id of [...state.roles.keys(), ...goneOf("Organization")]) {
      const permissions = Object.keys(ORGANIZATION);
      const checks = permissions.map((permission) => `{ organizationId: "${id}", permission: ${permission} }`);
      const allowed = permissions.map(
        (name) => ORGANIZATION[name]?.split(" ").includes(roleIn(viewer, id) ?? "") === true,
      );
      await expectAll(viewer, who, "organizationPermissions", checks, allowed);
    }
    for (const id of [...state.workspaces.keys(), ...goneOf("Workspace")]) {
      const permissions = Object.keys(WORKSPACE);
      const checks = permissions.map((permission) => `{ workspaceId: "${id}", permission: ${permission} }`);
      const allowed = permissions.map(
        (name) => WORKSPACE[name]?.split(" ").includes(roleInWorkspace(viewer, id) ?? "") === true,
      );
      await expectAll(viewer, who, "workspacePermissions", checks, allowed);
    }
  }
  expect(wrong).toEqual([]);
  expect([goneOf("Organization").length, goneOf("Workspace").length]).toEqual([2, 6]);
});

test("what calls run on in a workspace that is deleted, or whose organization is, is NOT_FOUND", async () => {
  const service = actors["service credentials:read"] as Viewer;
  for (const id of goneOf("Workspace")) {
    const { code } = await ask(service, `{ llmAccess(workspaceId: "${id}") { __typename } }`);
    expect([id, code]).toEqual([id, "NOT_FOUND"]);
  }
});

test("nobody watches a deleted organization", async () => {
  for (const [who, viewer] of Object.entries(actors)) {
    for (const id of goneOf("Organization")) {
      for (const field of ["membershipChanged", "invitationChanged"]) {
        const { code, stream } = await ask(viewer, `subscription { ${field}(organizationId: "${id}") { cursor } }`);
        const denied = viewer.kind === "anonymous" ? "UNAUTHENTICATED" : "FORBIDDEN";
        expect([who, code, stream]).toEqual([who, viewer.kind === "person" ? "NOT_FOUND" : denied, null]);
      }
    }
  }
});

test("what calls run on is told to services with the scope alone", async () => {
  for (const [who, viewer] of Object.entries(actors)) {
    const { code, data } = await ask(viewer, `{ llmAccess(workspaceId: "${target.alpha}") { __typename } }`);
    const denied = viewer.kind === "anonymous" ? "UNAUTHENTICATED" : "FORBIDDEN";
    if (who === "service credentials:read")
      expect([who, code === "FORBIDDEN", data === null]).toEqual([who, false, false]);
    else expect([who, code, data]).toEqual([who, denied, null]);
  }
});

/** Why somebody may not accept the invitation of the target, by the product's rules. */
function refusalOfAnswer(viewer: Viewer): { code: string } | null {
  if (viewer.kind !== "person") return null;
  if (viewer.email !== target.invitedAddress) return { code: "INVITATION_EMAIL_MISMATCH" };
  return viewer.emailVerified ? null : { code: "EMAIL_NOT_VERIFIED" };
}

/** A link to an invitation. */
async function linkTo(invitationId: string): Promise<string> {
  const token = randomBytes(32).toString("base64url");
  await world.query(
    "INSERT INTO invitation_token (token_hash, invitation_id) VALUES (sha256($1::bytea), $2)",
    ...[Buffer.from(token), invitationId],
  );
  return token;
}

test("a link's secret says no address to anybody but the invited, and everybody knows the plans", async () => {
  const token = await linkTo(target.invitationId);
  for (const [who, viewer] of Object.entries(actors)) {
    const selection = "{ email status workspaceNames refusal { code } }";
    const { data } = await ask(viewer, `{ invitation(token: "${token}") ${selection} plans { code } }`);
    const shown = data?.invitation as { email: string } | null;
    const isTheirs = viewer.kind === "person" && viewer.email === target.invitedAddress;
    expect([who, shown?.email === target.invitedAddress]).toEqual([who, isTheirs]);
    // One of the workspaces that went with it has been deleted since.
    const refusal = refusalOfAnswer(viewer);
    expect([who, shown]).toMatchObject([who, { status: "PENDING", workspaceNames: ["Alpha"], refusal }]);
    expect(data?.plans).toHaveLength(4);
  }
});

test.each(["declined", "canceled", "expired"])(
  "a link to an invitation that is %s says so, to everybody",
  async (how) => {
    const status = how.toUpperCase();
    const rows = await world.query<{ id: string }>(
      "SELECT id FROM invitation WHERE email = $1 AND (status = $2 OR (status = 'PENDING' AND $2 = 'EXPIRED' AND expires_at <= $3))",
      ...[target.invitedAddress, status, world.clock.now()],
    );
    const token = await linkTo(rows[0]?.id ?? "");
    const refusal = { code: how === "expired" ? "INVITATION_EXPIRED" : "INVITATION_NOT_PENDING" };
    for (const [who, viewer] of Object.entries(actors)) {
      const { data } = await ask(viewer, `{ invitation(token: "${token}") { status refusal { code } } }`);
      expect([who, data?.invitation]).toEqual([who, { status, refusal }]);
    }
  },
);

test("a link to an invitation of a deleted organization leads nowhere, for everybody", async () => {
  const token = await linkTo(deleted.invitationId);
  for (const [who, viewer] of Object.entries(actors)) {
    const { data, code } = await ask(viewer, `{ invitation(token: "${token}") { organizationName } }`);
    expect([who, data?.invitation, code]).toEqual([who, null, null]);
  }
});

/** Who may watch, by the product's rules; the code that others meet. */
function expectedAtTheStream(viewer: Viewer, field: string): string | null {
  if (viewer.kind === "anonymous") return "UNAUTHENTICATED";
  if (viewer.kind === "service") return "FORBIDDEN";
  if (field === "receivedInvitationChanged") return viewer.emailVerified ? null : "FORBIDDEN";
  const role = roleIn(viewer, target.organizationId);
  if (!role) return "NOT_FOUND";
  return field === "membershipChanged" || role === "OWNER" || role === "ADMIN" ? null : "FORBIDDEN";
}

test.each([
  ["invitationChanged", "invitation", "Invitation"],
  ["membershipChanged", "member", "Member"],
  ["receivedInvitationChanged", null, "Invitation"],
])(
  "%s is for those alone for whom it is, and shows them no more than they see elsewhere",
  async (field, part, type) => {
    const oracle = new Oracle(state);
    const wrong: string[] = [];
    let events = 0;
    for (const [who, viewer] of Object.entries(actors)) {
      const comparison = new Comparison(viewer, world, oracle);
      for (const selection of selectionsBelow(type, 1)) {
        const start = cursorOf(target.organizationId, { sequence: 0 } as LiveEvent);
        const args = part === null ? "" : `(organizationId: "${target.organizationId}", after: "${start}")`;
        const text = `subscription { ${field}${args} { ${part === null ? selection : `${part} { ${selection} }`} } }`;
        const { code, stream, context } = await ask(viewer, text);
        const expected = expectedAtTheStream(viewer, field);
        if (code !== expected || (stream === null) !== (expected !== null)) wrong.push(`${who}, ${field}: ${code}`);
        if (expected !== null || !stream) break;
        const watched = await allOf(stream, context);
        for (const result of watched) {
          events += 1;
          comparison.judge(result, part === null ? [field] : [field, part], type, who, text);
        }
      }
      wrong.push(...comparison.wrong);
    }
    expect(wrong.slice(0, 10)).toEqual([]);
    expect(events).toBeGreaterThan(3);
  },
);

/** What a stream has already, until it waits for more. */
async function allOf(stream: AsyncGenerator<{ data?: Json | null }, void, void>, { live }: Context) {
  const results: Array<{ data?: Json | null }> = [];
  const reading = (async () => {
    for await (const result of stream) results.push(result);
  })();
  await live.drain();
  live.close();
  await reading;
  return results;
}

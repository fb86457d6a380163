import { parse, validate } from "graphql";
import type { Context } from "../../src/context";
import type { Viewer } from "../../src/domain/viewer";
import { cursorOf } from "../../src/live/subscriptions";
import type { LiveEvent } from "../../src/store/events/live-events";
import { World } from "../support/world";
import { type Actors, createFixtures, type Target } from "./actors";
import { Comparison } from "./comparison";
import { Oracle } from "./oracle";
import { type Json, run, schema, selectionsBelow } from "./selections";
import type { Thing, WorldState } from "./world-state";

// The root fields that lead to no entity by its id, and the subscriptions, as everybody.
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

test("a deleted organization has no streams", async () => {
  for (const [who, viewer] of Object.entries(actors)) {
    for (const id of goneOf("Organization")) {
      for (const field of ["membershipChanged", "invitationChanged", "organizationChanged"]) {
        const { code, stream } = await ask(viewer, `subscription { ${field}(organizationId: "${id}") { cursor } }`);
        const denied = viewer.kind === "anonymous" ? "UNAUTHENTICATED" : "FORBIDDEN";
        expect([who, code, stream]).toEqual([who, viewer.kind === "person" ? "NOT_FOUND" : denied, null]);
      }
    }
  }
});

test("only a service with the scope subscribes to the events of all organizations", async () => {
  for (const [who, viewer] of Object.entries(actors)) {
    const { code, stream } = await ask(viewer, "subscription { organizationEvents { cursor } }");
    await stream?.return(undefined);
    const denied = viewer.kind === "anonymous" ? "UNAUTHENTICATED" : "FORBIDDEN";
    const expected = who === "service events:read" ? null : denied;
    expect([who, code, stream === null]).toEqual([who, expected, expected !== null]);
  }
});

/** Who may subscribe, by the product's rules; the code that others meet. */
function expectedAtTheStream(viewer: Viewer, field: string): string | null {
  if (viewer.kind === "anonymous") return "UNAUTHENTICATED";
  if (viewer.kind === "service") return "FORBIDDEN";
  if (field === "receivedInvitationChanged") return viewer.emailVerified ? null : "FORBIDDEN";
  const role = roleIn(viewer, target.organizationId);
  if (!role) return "NOT_FOUND";
  return field !== "invitationChanged" || role === "OWNER" || role === "ADMIN" ? null : "FORBIDDEN";
}

test.each([
  ["invitationChanged", "invitation", "Invitation"],
  ["membershipChanged", "member", "Member"],
  ["organizationChanged", "organization", "Organization"],
  ["receivedInvitationChanged", null, "Invitation"],
])("%s reaches only those who may subscribe, and shows them no more than queries do", async (field, part, type) => {
  const oracle = new Oracle(state);
  const wrong: string[] = [];
  let events = 0;
  for (const [who, viewer] of Object.entries(actors)) {
    const comparison = new Comparison(viewer, world, oracle);
    for (const selection of selectionsBelow(type, 1)) {
      const text = subscriptionTo(field, part, selection);
      const { code, stream, context } = await ask(viewer, text);
      const expected = expectedAtTheStream(viewer, field);
      if (code !== expected || (stream === null) !== (expected !== null)) wrong.push(`${who}, ${field}: ${code}`);
      if (expected !== null || !stream) break;
      const results = await allOf(stream, context);
      for (const result of results) {
        events += 1;
        comparison.judge(result, part === null ? [field] : [field, part], type, who, text);
      }
    }
    wrong.push(...comparison.wrong);
  }
  expect(wrong.slice(0, 10)).toEqual([]);
  expect(events).toBeGreaterThan(3);
});

interface LogRow {
  type: string;
  workspaceId: string | null;
  data: {
    userId?: string;
    userIds?: string[];
    before?: Array<{ workspaceId: string }>;
    after?: Array<{ workspaceId: string }>;
  };
}

/** Whether somebody may see what an event is about, by the product's rules. */
function seesSubject(viewer: Viewer, { type, workspaceId, data }: LogRow): boolean {
  const [noun] = type.split(".");
  const role = roleIn(viewer, target.organizationId);
  if (noun === "organization") return true;
  if (noun === "subscription" || noun === "credits" || noun === "byok") return role === "OWNER";
  if (noun !== "workspace" && noun !== "workspace_access") return false;
  if (role === "OWNER" || role === "ADMIN") return true;
  const id = viewer.kind === "person" ? viewer.id : "";
  const isOwn = noun === "workspace_access" && data.userId === id;
  if (isOwn || (type === "workspace.deleted" && data.userIds?.includes(id))) return true;
  const several = noun === "workspace_access" ? [...(data.before ?? []), ...(data.after ?? [])] : [];
  const about = workspaceId ? [workspaceId] : several.map((grant) => grant.workspaceId);
  return about.some((workspace) => state.workspaces.get(workspace)?.assigned.has(id));
}

test("organizationChanged gives everybody the events whose subject they may see, and no other", async () => {
  const log = await world.query<LogRow>(
    `SELECT type, workspace_id AS "workspaceId", data FROM organization_event WHERE organization_id = $1 ORDER BY sequence`,
    target.organizationId,
  );
  let hidden = 0;
  for (const [who, viewer] of Object.entries(actors)) {
    const { stream, context } = await ask(
      viewer,
      subscriptionTo("organizationChanged", null, "type workspaceId", true),
    );
    if (!stream) continue;
    const results = await allOf(stream, context);
    const expected = log.filter((row) => seesSubject(viewer, row));
    hidden += log.filter(({ type }) => type.startsWith("workspace")).length - expected.length;
    expect([who, results.map(({ data }) => data?.organizationChanged)]).toEqual([
      who,
      expected.map(({ type, workspaceId }) => ({ type, workspaceId })),
    ]);
  }
  expect(hidden).toBeGreaterThan(5);
});

/** A subscription from the start of the log; `part` is the field of the event that leads to the entity. */
function subscriptionTo(field: string, part: string | null, selection: string, ofOrganization = part !== null): string {
  if (!ofOrganization) return `subscription { ${field} { ${selection} } }`;
  const start = cursorOf(target.organizationId, { sequence: 0 } as LiveEvent);
  const args = `(organizationId: "${target.organizationId}", after: "${start}")`;
  return `subscription { ${field}${args} { ${part === null ? selection : `${part} { ${selection} }`} } }`;
}

/** The results that a stream has before it waits for more. */
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

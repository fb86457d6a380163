import type { Viewer } from "../../src/domain/viewer";
import { World } from "../support/world";
import { type Actors, createFixtures, type Target } from "./actors";
import { allOf, ask, subscriptionTo } from "./ask-as";
import { Oracle } from "./oracle";
import type { Json } from "./selections";
import type { WorldState } from "./world-state";

// Compares the events that each viewer gets with the logs.
let world: World;
let state: WorldState;
let actors: Actors;
let target: Target;
beforeAll(async () => {
  world = await World.create();
  ({ state, actors, target } = await createFixtures(world));
});
afterAll(() => world.close());

const roleIn = (viewer: Viewer, organizationId: string) =>
  viewer.kind === "person" ? (state.roles.get(organizationId)?.get(viewer.id) ?? null) : null;

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

/** Whether a viewer may see the subject of an event, by the product's rules. */
function seesSubject(viewer: Viewer, { type, workspaceId, data }: LogRow): boolean {
  const [noun] = type.split(".");
  const role = roleIn(viewer, target.organizationId);
  if (/^organization\.(?!limits_changed)|^byok\.(?!resealed|verified|expiring)/.test(type)) return true;
  if (noun === "subscription" || noun === "credits" || noun === "byok") return role === "OWNER";
  if (noun === "access_review" || type === "organization.limits_changed") return role === "OWNER" || role === "ADMIN";
  if (noun !== "workspace" && noun !== "workspace_access") return false;
  if (role === "OWNER" || role === "ADMIN") return true;
  const id = viewer.kind === "person" ? viewer.id : "";
  const isOwn = noun === "workspace_access" && data.userId === id;
  if (isOwn || (type === "workspace.deleted" && data.userIds?.includes(id))) return true;
  const several = noun === "workspace_access" ? [...(data.before ?? []), ...(data.after ?? [])] : [];
  const about = workspaceId ? [workspaceId] : several.map((grant) => grant.workspaceId);
  return about.some((workspace) => state.workspaces.get(workspace)?.assigned.has(id));
}

test("organizationChanged gives every viewer exactly the events whose subject they may see", async () => {
  const log = await world.query<LogRow>(
    `SELECT type, workspace_id AS "workspaceId", data FROM organization_event WHERE organization_id = $1 ORDER BY sequence`,
    target.organizationId,
  );
  let hidden = 0;
  for (const [who, viewer] of Object.entries(actors)) {
    const { stream, context } = await ask(
      world,
      viewer,
      subscriptionTo(viewer, target.organizationId, "organizationChanged", "type workspaceId"),
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

test("auditLogChanged gives every viewer exactly the entries that the audit log shows them", async () => {
  const oracle = new Oracle(state);
  const id = target.organizationId;
  let entries = 0;
  for (const [who, viewer] of Object.entries(actors)) {
    const mayRead = viewer.kind === "person" && oracle.see(viewer, "AuditEvent", id);
    const { data } = await ask(
      world,
      viewer,
      `{ organization(id: "${id}") { auditLog(first: 100) { nodes { sequence } } } }`,
    );
    const log = (data?.organization as { auditLog: { nodes: Json[] } | null } | null | undefined)?.auditLog;
    const { stream, context } = await ask(world, viewer, subscriptionTo(viewer, id, "auditLogChanged", "sequence"));
    expect([who, Boolean(stream), Boolean(log)]).toEqual([who, mayRead, mayRead]);
    if (!stream) continue;
    const received = (await allOf(stream, context)).map((result) => result.data?.auditLogChanged);
    expect([who, received]).toEqual([who, log?.nodes.toReversed()]);
    entries += received.length;
  }
  expect(entries).toBeGreaterThan(20);
});

interface Membership {
  organizationId: string;
  type: string;
  people: string[];
}

/** The changes of a person's memberships in the log of an organization, by the product's rules. */
function ownChanges(log: Membership[], userId: string): string[] {
  let isMember = false;
  return log.flatMap(({ type, people }) => {
    const isOwn = people.includes(userId) && /^(member|workspace_access|ownership)[.]/.test(type);
    const isOfAll = isMember && (type === "organization.deleted" || type === "organization.restored");
    if (isOwn && type.startsWith("member.")) isMember = type !== "member.removed" && type !== "member.left";
    return isOwn || isOfAll ? [type] : [];
  });
}

const CHANGES: Record<string, string> = {
  "member.joined": "JOINED",
  "member.role_changed": "ROLE_CHANGED",
  "member.removed": "REMOVED",
  "member.left": "LEFT",
  "ownership.transferred": "OWNERSHIP_TRANSFERRED",
  "workspace_access.changed": "WORKSPACE_ACCESS_CHANGED",
  "organization.deleted": "ORGANIZATION_DELETED",
};

test("viewerMembershipChanged gives every person exactly the changes of their own memberships", async () => {
  const log = await world.query<Membership>(
    `SELECT organization_id AS "organizationId", type,
       ARRAY[data->>'userId', data->'newOwner'->>'userId', data->'formerOwner'->>'userId'] AS people
     FROM organization_event ORDER BY organization_id, sequence`,
  );
  const ids = [...new Set(log.map(({ organizationId }) => organizationId))];
  const types = new Set<string>();
  for (const [who, viewer] of Object.entries(actors)) {
    const text = subscriptionTo(viewer, target.organizationId, "viewerMembershipChanged", "change organizationId");
    const { stream, context } = await ask(world, viewer, text);
    if (!stream || viewer.kind !== "person") continue;
    const results = (await allOf(stream, context)).map(({ data }) => data?.viewerMembershipChanged as Json);
    for (const id of ids) {
      const expected = ownChanges(
        log.filter(({ organizationId }) => organizationId === id),
        viewer.id,
      );
      for (const type of expected) types.add(type);
      const received = results.filter(({ organizationId }) => organizationId === id).map(({ change }) => change);
      expect([who, id, received]).toEqual([who, id, expected.map((type) => CHANGES[type])]);
    }
  }
  expect([...types].sort()).toEqual(
    expect.arrayContaining(["member.joined", "member.removed", "organization.deleted"]),
  );
});

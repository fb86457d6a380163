import type { World } from "../support/world";

export type Role = "OWNER" | "ADMIN" | "DEVELOPER" | "VIEWER";

/** The oracle's data, read by plain SQL and not from the service. */
export interface WorldState {
  /** organization → user → role */
  roles: Map<string, Map<string, Role>>;
  /** workspace → its organization and assigned users */
  workspaces: Map<string, { organizationId: string; assigned: Set<string> }>;
  /** member → organization and user */
  members: Map<string, { organizationId: string; userId: string }>;
  /** invitation → organization, address, role and workspaces */
  invitations: Map<
    string,
    { organizationId: string; email: string; role: Role; isPending: boolean; workspaces: string[] }
  >;
  /** subscription → organization */
  subscriptions: Map<string, string>;
  /** BYOK configuration → organization */
  byokConfigs: Map<string, string>;
  /** deleted organization → its Owners */
  restorable: Map<string, Set<string>>;
  /** access review → organization and items */
  accessReviews: Map<string, { organizationId: string; items: string[] }>;
}

/** A type and an id. */
export type Thing = readonly [type: string, id: string];

/** Every entity except people, who are never deleted. */
export function thingsOf(state: WorldState): Thing[] {
  const keyed: Array<[string, Map<string, unknown>]> = [
    ["Organization", state.roles],
    ["Workspace", state.workspaces],
    ["Invitation", state.invitations],
    ["OrganizationSubscription", state.subscriptions],
    ["ByokConfig", state.byokConfigs],
    ["Member", state.members],
    ["AccessReview", state.accessReviews],
  ];
  return keyed.flatMap(([type, things]) => [...things.keys()].map((id) => [type, id] as const));
}

type Row = Record<string, string>;

/** The current state, without deleted objects and objects of deleted ones. */
export async function readWorldState(world: World): Promise<WorldState> {
  const living = await livingOrganizations(world);
  const now = world.clock.now().toISOString();
  const rows = async (text: string) => (await world.query<Row>(text)).filter(({ o = "" }) => living.has(o));
  const state: WorldState = {
    roles: new Map([...living].map((id) => [id, new Map<string, Role>()])),
    workspaces: new Map(),
    members: new Map(),
    invitations: new Map(),
    subscriptions: new Map(),
    byokConfigs: new Map(),
    restorable: await readRestorable(world),
    accessReviews: new Map(),
  };
  for (const { id = "", o = "", u = "", role } of await rows(
    "SELECT id, organization_id AS o, user_id AS u, role FROM member",
  )) {
    state.members.set(id, { organizationId: o, userId: u });
    state.roles.get(o)?.set(u, role as Role);
  }
  for (const { id = "", o = "" } of await rows(
    "SELECT id, organization_id AS o FROM workspace WHERE deleted_at IS NULL",
  )) {
    state.workspaces.set(id, { organizationId: o, assigned: new Set() });
  }
  for (const { w = "", u = "" } of await rows(
    `SELECT m.organization_id AS o, a.workspace_id AS w, m.user_id AS u
     FROM workspace_assignment a JOIN member m ON m.id = a.member_id
     WHERE a.expires_at IS NULL OR a.expires_at > '${now}'`,
  )) {
    state.workspaces.get(w)?.assigned.add(u);
  }
  await readInvitations(world, rows, state);
  for (const { id = "", o = "" } of await rows("SELECT id, organization_id AS o FROM byok_config")) {
    state.byokConfigs.set(id, o);
  }
  for (const { id = "", o = "" } of await rows("SELECT id, organization_id AS o FROM organization_subscription")) {
    state.subscriptions.set(id, o);
  }
  for (const { id = "", o = "" } of await rows("SELECT id, organization_id AS o FROM access_review")) {
    state.accessReviews.set(id, { organizationId: o, items: [] });
  }
  for (const { id = "", r = "" } of await rows(
    "SELECT id, organization_id AS o, review_id AS r FROM access_review_item",
  )) {
    state.accessReviews.get(r)?.items.push(id);
  }
  return state;
}

async function readRestorable(world: World): Promise<WorldState["restorable"]> {
  const rows = await world.query<Row>(
    `SELECT o.id, m.user_id AS u FROM organization o JOIN member m ON m.organization_id = o.id
     WHERE o.deleted_at IS NOT NULL AND m.role = 'OWNER'`,
  );
  const restorable: WorldState["restorable"] = new Map();
  for (const { id = "", u = "" } of rows) restorable.set(id, (restorable.get(id) ?? new Set()).add(u));
  return restorable;
}

async function livingOrganizations(world: World): Promise<Set<string>> {
  const rows = await world.query<Row>("SELECT id FROM organization WHERE deleted_at IS NULL");
  return new Set(rows.map(({ id = "" }) => id));
}

async function readInvitations(world: World, rows: (text: string) => Promise<Row[]>, state: WorldState): Promise<void> {
  const now = world.clock.now();
  for (const row of await rows(
    "SELECT id, organization_id AS o, email, role, status, expires_at AS expires FROM invitation",
  )) {
    const { id = "", o = "", email = "", role, status, expires = "" } = row;
    const isPending = status === "PENDING" && new Date(expires) > now;
    state.invitations.set(id, { organizationId: o, email, role: role as Role, isPending, workspaces: [] });
  }
  for (const { i = "", w = "" } of await rows(
    `SELECT i.organization_id AS o, i.id AS i, g.workspace_id AS w
     FROM invitation_workspace g JOIN invitation i ON i.id = g.invitation_id
     WHERE g.expires_at IS NULL OR g.expires_at > '${now.toISOString()}'`,
  )) {
    if (state.workspaces.has(w)) state.invitations.get(i)?.workspaces.push(w);
  }
}

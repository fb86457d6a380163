import { randomUUID } from "node:crypto";
import { commands } from "../../src/commands";
import { signIn } from "../../src/commands/sign-in";
import type { ServiceScope, Viewer } from "../../src/domain/viewer";
import type { Actor, World } from "../support/world";

type Role = "OWNER" | "ADMIN" | "DEVELOPER" | "VIEWER";

/** Everything of the world that the oracle knows: written down while it is made, never read from the service. */
export interface Facts {
  /** organization → user → role */
  roles: Map<string, Map<string, Role>>;
  /** workspace → the organization it is in, and who is assigned to it */
  workspaces: Map<string, { organizationId: string; assigned: Set<string> }>;
  /** member → whose membership in which organization */
  members: Map<string, { organizationId: string; userId: string }>;
  /** invitation → where to, and to which address */
  invitations: Map<string, { organizationId: string; email: string; role: Role; isPending: boolean }>;
  /** subscription → whose */
  subscriptions: Map<string, string>;
  /** configuration of a key → whose */
  byokConfigs: Map<string, string>;
}

/** The people and services who try, by what they are. */
export type Cast = Record<string, Viewer>;

/** What the mutations aim at: the first organization, two of its workspaces, its Developer, and its invitee. */
export interface Stage {
  organizationId: string;
  alpha: string;
  beta: string;
  memberId: string;
  invitedAddress: string;
}

const SCOPES: ServiceScope[] = ["entities:read", "users:provision", "usage:write", "credentials:read"];

/** Two organizations that have nothing to do with each other, and everybody who could try to look into them. */
export async function castOf(world: World): Promise<{ facts: Facts; cast: Cast; stage: Stage }> {
  const facts: Facts = {
    roles: new Map(),
    workspaces: new Map(),
    members: new Map(),
    invitations: new Map(),
    subscriptions: new Map(),
    byokConfigs: new Map(),
  };
  const acme = await world.organization();
  const globex = await world.organization();
  const addWorkspace = async (organization: typeof acme, name: string) => {
    const input = { organizationId: organization.id, name, cloudProvider: "AWS" as const };
    const { workspaceId } = await organization.owner.run(commands.createWorkspace, input);
    return workspaceId;
  };
  const [alpha, beta] = [await addWorkspace(acme, "Alpha"), await addWorkspace(acme, "Beta")];
  const admin = await acme.member("ADMIN");
  const developer = await acme.member("DEVELOPER", [alpha]);
  const viewer = await acme.member("VIEWER", [alpha]);
  const holder = await acme.member("VIEWER");
  const grant = {
    organizationId: acme.id,
    workspaceId: beta,
    memberId: holder.memberId,
    roleOverride: "DEVELOPER" as const,
  };
  await acme.owner.run(commands.grantWorkspaceAccess, grant);
  const removed = await acme.member("ADMIN", []);
  await acme.owner.run(commands.removeMember, { organizationId: acme.id, memberId: removed.memberId });
  const both = await acme.member("VIEWER");
  const invite = async (organization: typeof acme, email: string) => {
    const input = { organizationId: organization.id, emails: [email], role: "VIEWER" as const };
    await organization.owner.run(commands.inviteMembers, input);
  };
  await invite(globex, both.email);
  const [toBoth] = await world.query<{ id: string }>(
    "SELECT id FROM invitation WHERE email = $1 AND status = 'PENDING'",
    both.email,
  );
  await both.run(commands.acceptInvitation, { invitationId: toBoth?.id ?? "" });
  const invitee = await world.person();
  await invite(acme, invitee.email);
  await invite(globex, `${randomUUID()}@example.com`);

  // Somebody with the invitee's address who never proved that it is theirs.
  const unverified = { ...(await world.person()), email: invitee.email, emailVerified: false };
  await signIn(world.replica(), { ...unverified, identityAt: world.clock.now() });

  await world.query(
    `INSERT INTO byok_config (id, organization_id, access_key_id_hint, is_temporary, region, inference_profile, fallback,
       enabled, version, master_key_id, wrapped_key, sealed_access_key_id, sealed_secret_access_key, last_verification,
       created_at, updated_at)
     SELECT gen_random_uuid(), id, 'AKIA…AAAA', false, 'us-east-1', 'GLOBAL', 'DENY', true, gen_random_uuid(), 'm', '', '', '',
       '{"ok": true, "checkedAt": "2026-03-01T00:00:00Z", "checks": [{"kind": "CREDENTIALS", "ok": true}]}', now(), now()
     FROM organization WHERE id = ANY ($1::uuid[])`,
    [acme.id, globex.id],
  );
  await world.query(
    `UPDATE organization_subscription SET payment_method = '{"brand": "visa", "last4": "4242", "expiryMonth": 1, "expiryYear": 2030}'`,
  );
  await writeDown(world, facts);
  const services = SCOPES.map((scope) => [
    `service ${scope}`,
    { kind: "service", name: "t", scopes: new Set([scope]) },
  ]);
  const people = {
    owner: acme.owner,
    admin,
    developer,
    viewer,
    holder,
    removed,
    both,
    invitee,
    unverified,
    stranger: globex.owner,
  };
  return {
    facts,
    stage: { organizationId: acme.id, alpha, beta, memberId: developer.memberId, invitedAddress: invitee.email },
    cast: {
      anonymous: { kind: "anonymous" },
      ...Object.fromEntries(Object.entries(people).map(([name, actor]) => [name, personOf(actor)])),
      ...Object.fromEntries(services),
    },
  };
}

function personOf({ id, name, email, emailVerified }: Pick<Actor, "id" | "name" | "email" | "emailVerified">): Viewer {
  return { kind: "person", id, name, email, emailVerified };
}

/** The facts, by plain SQL. */
async function writeDown(world: World, facts: Facts): Promise<void> {
  type Row = Record<string, string>;
  for (const row of await world.query<Row>("SELECT id, organization_id AS o, user_id AS u, role FROM member")) {
    const { id = "", o = "", u = "", role } = row;
    facts.members.set(id, { organizationId: o, userId: u });
    facts.roles.set(o, (facts.roles.get(o) ?? new Map<string, Role>()).set(u, role as Role));
  }
  for (const { id = "", o = "" } of await world.query<Row>("SELECT id, organization_id AS o FROM workspace")) {
    facts.workspaces.set(id, { organizationId: o, assigned: new Set() });
  }
  const assignments =
    "SELECT a.workspace_id AS w, m.user_id AS u FROM workspace_assignment a JOIN member m ON m.id = a.member_id";
  for (const { w = "", u = "" } of await world.query<Row>(assignments)) facts.workspaces.get(w)?.assigned.add(u);
  const invitations = "SELECT id, organization_id AS o, email, role, status FROM invitation";
  for (const { id = "", o = "", email = "", role, status } of await world.query<Row>(invitations)) {
    facts.invitations.set(id, { organizationId: o, email, role: role as Role, isPending: status === "PENDING" });
  }
  for (const { id = "", o = "" } of await world.query<Row>("SELECT id, organization_id AS o FROM byok_config")) {
    facts.byokConfigs.set(id, o);
  }
  for (const { id = "", o = "" } of await world.query<Row>(
    "SELECT id, organization_id AS o FROM organization_subscription",
  )) {
    facts.subscriptions.set(id, o);
  }
}

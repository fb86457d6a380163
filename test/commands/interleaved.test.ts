import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { commands } from "../../src/commands";
import { expireInvitations } from "../../src/commands/invitation/expire-invitations";
import { changeOrganization } from "../../src/commands/runner/run";
import { signIn } from "../../src/commands/user/sign-in";
import { type Actor, outcomeOf, type TestOrganization, World } from "../support/world";

// The races of races.test.ts, with the moment chosen: somebody else, on another replica, holds the organization's lock
// and has changed what the command's rule is about. The command waits, and then decides by what it finds, never by what
// it read before. Without the lock, or with a rule that is asked before it, each of these fails every time.
let world: World;
let other: Client;
beforeAll(async () => {
  world = await World.create();
  other = new Client({ connectionString: world.databaseUrl });
  await other.connect();
});
afterAll(async () => {
  await other.end();
  await world.close();
});

/** Changes something on another replica, under a row's lock; has `act` begin; commits when it waits for that lock. */
async function during<Result>(change: () => Promise<unknown>, act: () => Promise<Result>): Promise<Result> {
  await other.query("BEGIN");
  await change();
  let isSettled = false;
  const acting = act().finally(() => {
    isSettled = true;
  });
  acting.catch(() => undefined);
  const isWaiting = async () => {
    const text = `SELECT count(*)::int AS n FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    const [row] = await world.query<{ n: number }>(text);
    return (row?.n ?? 0) > 0;
  };
  while (!isSettled && !(await isWaiting()));
  const hasWaited = !isSettled;
  await other.query("COMMIT");
  const result = await acting;
  expect(hasWaited).toBe(true);
  return result;
}

const lock = (acme: TestOrganization) =>
  other.query("SELECT 1 FROM organization WHERE id = $1 FOR NO KEY UPDATE", [acme.id]);

/** Two Owners, an Admin, a Developer, a workspace and an invitation. */
interface Scene {
  acme: TestOrganization;
  organizationId: string;
  owner: Actor;
  second: Actor;
  admin: Actor;
  developer: Actor;
  invitee: Actor;
  invitationId: string;
  workspaceId: string;
}

async function scene(): Promise<Scene> {
  const acme = await world.organization("STANDARD");
  const { id: organizationId, owner } = acme;
  await world.query(
    "UPDATE organization_subscription SET plan_code = 'ENTERPRISE' WHERE organization_id = $1",
    acme.id,
  );
  const workspaceId = await acme.workspace("Alpha");
  const [second, admin] = [await acme.member("OWNER"), await acme.member("ADMIN")];
  const developer = await acme.member("DEVELOPER", [workspaceId]);
  const invitee = await world.person();
  const invitationId = await acme.invite(invitee.email, "VIEWER", [workspaceId]);
  return { acme, organizationId, owner, second, admin, developer, invitee, invitationId, workspaceId };
}

const setRole = (member: Actor, role: string) =>
  other.query("UPDATE member SET role = $2 WHERE id = $1", [member.memberId, role]);
const remove = (member: Actor) => other.query("DELETE FROM member WHERE id = $1", [member.memberId]);
const setPlan = (organizationId: string, code: string) =>
  other.query("UPDATE organization_subscription SET plan_code = $2 WHERE organization_id = $1", [organizationId, code]);
const deleteWorkspace = (id: string) => other.query("UPDATE workspace SET deleted_at = now() WHERE id = $1", [id]);
const answer = (id: string, status: string) =>
  other.query("UPDATE invitation SET status = $2 WHERE id = $1", [id, status]);
const deleteIt = (id: string) => other.query("UPDATE organization SET deleted_at = now() WHERE id = $1", [id]);
const invite = (email = `${randomUUID()}@example.com`) => ({ emails: [email], role: "VIEWER" as const });

type Race = [
  name: string,
  meanwhile: (scene: Scene) => Promise<unknown>,
  act: (scene: Scene) => Promise<unknown>,
  outcome: string,
];
const RACES: Race[] = [
  [
    "the other Owner is demoted while one leaves",
    ({ second }) => setRole(second, "ADMIN"),
    ({ owner, organizationId }) => owner.run(commands.leaveOrganization, { organizationId }),
    "LAST_OWNER",
  ],
  [
    "the other Owner leaves while one steps down",
    ({ second }) => remove(second),
    ({ owner, organizationId }) =>
      owner.run(commands.changeMemberRole, { organizationId, memberId: owner.memberId, role: "ADMIN" }),
    "LAST_OWNER",
  ],
  [
    "an Owner is demoted while they demote the other",
    ({ owner }) => setRole(owner, "DEVELOPER"),
    ({ owner, second, organizationId }) =>
      owner.run(commands.changeMemberRole, { organizationId, memberId: second.memberId, role: "ADMIN" }),
    "FORBIDDEN",
  ],
  [
    "a member becomes Owner while an Admin removes them",
    ({ developer }) => setRole(developer, "OWNER"),
    ({ admin, developer, organizationId }) =>
      admin.run(commands.removeMember, { organizationId, memberId: developer.memberId }),
    "ROLE_TOO_HIGH",
  ],
  [
    "an Admin is removed while they invite",
    ({ admin }) => remove(admin),
    ({ admin, organizationId }) => admin.run(commands.inviteMembers, { organizationId, ...invite() }),
    "NOT_FOUND",
  ],
  [
    "a member is removed while they are given a workspace",
    ({ developer }) => remove(developer),
    ({ owner, developer, organizationId, workspaceId }) =>
      owner.run(commands.grantWorkspaceAccess, { organizationId, workspaceId, memberId: developer.memberId }),
    "NOT_FOUND",
  ],
  [
    "a Developer becomes Admin while they are given a workspace",
    ({ developer }) => setRole(developer, "ADMIN"),
    ({ owner, developer, organizationId, workspaceId }) =>
      owner.run(commands.grantWorkspaceAccess, {
        ...{ organizationId, workspaceId, memberId: developer.memberId, roleOverride: "VIEWER" as const },
      }),
    "IMPLICIT_ACCESS",
  ],
  [
    "the last seats are lost while somebody is invited",
    ({ organizationId }) => setPlan(organizationId, "STANDARD"),
    ({ owner, organizationId }) => owner.run(commands.inviteMembers, { organizationId, ...invite() }),
    "MEMBER_LIMIT_REACHED",
  ],
  [
    "the last room is lost while a workspace is made",
    ({ organizationId }) => setPlan(organizationId, "STARTER"),
    ({ owner, organizationId }) =>
      owner.run(commands.createWorkspace, { organizationId, name: "Beta", cloudProvider: "AWS" as const }),
    "WORKSPACE_LIMIT_REACHED",
  ],
  [
    "a name is taken while a workspace is made",
    ({ workspaceId }) =>
      other.query("UPDATE workspace SET name = 'Beta', name_key = 'beta' WHERE id = $1", [workspaceId]),
    ({ owner, organizationId }) =>
      owner.run(commands.createWorkspace, { organizationId, name: "BETA", cloudProvider: "AWS" as const }),
    "NAME_TAKEN",
  ],
  [
    "a workspace is deleted while somebody is invited to it",
    ({ workspaceId }) => deleteWorkspace(workspaceId),
    ({ owner, organizationId, workspaceId }) =>
      owner.run(commands.inviteMembers, { organizationId, ...invite(), workspaces: [{ workspaceId }] }),
    "NOT_FOUND",
  ],
  [
    "a workspace is deleted while it is assigned",
    ({ workspaceId }) => deleteWorkspace(workspaceId),
    ({ owner, developer, organizationId, workspaceId }) =>
      owner.run(commands.setWorkspaceAccess, {
        ...{ organizationId, memberId: developer.memberId, grants: [{ workspaceId, roleOverride: "ADMIN" as const }] },
      }),
    "NOT_FOUND",
  ],
  [
    "an invitation is cancelled while it is accepted",
    ({ invitationId }) => answer(invitationId, "CANCELED"),
    ({ invitee, invitationId }) => invitee.run(commands.acceptInvitation, { invitationId }),
    "INVITATION_NOT_PENDING",
  ],
  [
    "an invitation is accepted while it is cancelled",
    ({ invitationId }) => answer(invitationId, "ACCEPTED"),
    ({ owner, organizationId, invitationId }) => owner.run(commands.cancelInvitation, { organizationId, invitationId }),
    "INVITATION_NOT_PENDING",
  ],
  [
    "an invitation runs out while it is accepted",
    ({ invitationId }) =>
      other.query("UPDATE invitation SET expires_at = $2 WHERE id = $1", [invitationId, world.clock.now()]),
    ({ invitee, invitationId }) => invitee.run(commands.acceptInvitation, { invitationId }),
    "INVITATION_EXPIRED",
  ],
  [
    "somebody becomes a member otherwise while they accept",
    ({ invitee, organizationId }) =>
      other.query(
        "INSERT INTO member (id, organization_id, user_id, role, joined_at) VALUES (gen_random_uuid(), $1, $2, 'VIEWER', now())",
        [organizationId, invitee.id],
      ),
    ({ invitee, invitationId }) => invitee.run(commands.acceptInvitation, { invitationId }),
    "ALREADY_A_MEMBER",
  ],
  [
    "somebody else invites the same address meanwhile",
    ({ invitationId }) =>
      other.query("UPDATE invitation SET email = 'taken@example.com' WHERE id = $1", [invitationId]),
    async ({ owner, organizationId }) => {
      const { skipped } = await owner.run(commands.inviteMembers, { organizationId, ...invite("taken@example.com") });
      expect(skipped).toEqual([{ email: "taken@example.com", reason: "ALREADY_INVITED" }]);
    },
    "ok",
  ],
  [
    "an organization is deleted while it is changed",
    ({ organizationId }) => deleteIt(organizationId),
    ({ owner, organizationId }) => owner.run(commands.updateOrganization, { organizationId, name: "New" }),
    "NOT_FOUND",
  ],
  [
    "an organization is deleted while an invitation to it is accepted",
    ({ organizationId }) => deleteIt(organizationId),
    ({ invitee, invitationId }) => invitee.run(commands.acceptInvitation, { invitationId }),
    "NOT_FOUND",
  ],
  [
    "an organization is purged while it is restored",
    ({ organizationId }) => other.query("DELETE FROM organization WHERE id = $1", [organizationId]),
    ({ owner, organizationId }) => owner.run(commands.restoreOrganization, { organizationId }),
    "NOT_FOUND",
  ],
];

test.each(RACES)("%s", async (_, meanwhile, act, outcome) => {
  const here = await scene();
  const change = async () => {
    await lock(here.acme);
    await meanwhile(here);
  };
  expect(await during(change, () => outcomeOf(act(here)))).toBe(outcome);
});

test("an invitation that is accepted while the sweep expires it stays accepted", async () => {
  const { acme, organizationId, invitationId } = await scene();
  await world.query("UPDATE invitation SET expires_at = $1 WHERE id = $2", world.clock.now(), invitationId);
  const change = async () => {
    await lock(acme);
    await answer(invitationId, "ACCEPTED");
  };
  await during(change, () => changeOrganization(world.replica(), organizationId, expireInvitations));
  const [row] = await world.query<{ status: string }>("SELECT status FROM invitation WHERE id = $1", invitationId);
  expect(row?.status).toBe("ACCEPTED");
});

test("two sign-ins at once, the older token last: the newer one stands", async () => {
  const ada = await world.person("Ada");
  world.clock.pass(1_000);
  const [older, newer] = [world.clock.now(), new Date(world.clock.now().getTime() + 1)];
  const identity = {
    id: ada.id,
    email: ada.email,
    emailVerified: true,
    identityAt: older,
    name: "Ada of the older token",
  };
  await during(
    () =>
      other.query("UPDATE user_account SET name = 'Ada of the newer', identity_at = $2 WHERE id = $1", [ada.id, newer]),
    () => signIn(world.replica(), identity),
  );
  const [row] = await world.query<{ name: string }>("SELECT name FROM user_account WHERE id = $1", ada.id);
  expect(row?.name).toBe("Ada of the newer");
});

test("a newer token that waits for an older one takes over", async () => {
  const ada = await world.person("Ada");
  world.clock.pass(1_000);
  const identity = {
    id: ada.id,
    email: ada.email,
    emailVerified: true,
    identityAt: world.clock.now(),
    name: "Ada of the newer",
  };
  const before = new Date(world.clock.now().getTime() - 1);
  await during(
    () =>
      other.query("UPDATE user_account SET name = 'Ada of the older', identity_at = $2 WHERE id = $1", [
        ada.id,
        before,
      ]),
    () => signIn(world.replica(), identity),
  );
  const [row] = await world.query<{ name: string }>("SELECT name FROM user_account WHERE id = $1", ada.id);
  expect(row?.name).toBe("Ada of the newer");
});

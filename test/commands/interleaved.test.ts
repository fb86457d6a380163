import { commands } from "../../src/commands";
import { signIn } from "../../src/commands/user/sign-in";
import { createFixtures, OtherReplica, type Race } from "../support/other-replica";
import { World } from "../support/world";

// The races of races.test.ts at a fixed moment: another replica holds the organization's lock and has changed rows that
// the command's rule depends on. The command has to wait, and then to use the changed rows. Without the lock, or with a
// rule that is checked before it, each of these tests fails every time.
let world: World;
let other: OtherReplica;
beforeAll(async () => {
  world = await World.create();
  other = await OtherReplica.connect(world);
});
afterAll(async () => {
  await other.close();
  await world.close();
});

const RACES: Race[] = [
  [
    "the other Owner is demoted while one leaves",
    ({ second }) => other.setRole(second, "ADMIN"),
    ({ owner, organizationId }) => owner.run(commands.leaveOrganization, { organizationId }),
    "LAST_OWNER",
  ],
  [
    "the other Owner leaves while one steps down",
    ({ second }) => other.removeMember(second),
    ({ owner, organizationId }) =>
      owner.run(commands.changeMemberRole, { organizationId, memberId: owner.memberId, role: "ADMIN" }),
    "LAST_OWNER",
  ],
  [
    "an Owner is demoted while they demote the other",
    ({ owner }) => other.setRole(owner, "DEVELOPER"),
    ({ owner, second, organizationId }) =>
      owner.run(commands.changeMemberRole, { organizationId, memberId: second.memberId, role: "ADMIN" }),
    "FORBIDDEN",
  ],
  [
    "a member becomes Owner while an Admin removes them",
    ({ developer }) => other.setRole(developer, "OWNER"),
    ({ admin, developer, organizationId }) =>
      admin.run(commands.removeMember, { organizationId, memberId: developer.memberId }),
    "ROLE_TOO_HIGH",
  ],
  [
    "a member is removed while they are given a workspace",
    ({ developer }) => other.removeMember(developer),
    ({ owner, developer, organizationId, workspaceId }) =>
      owner.run(commands.grantWorkspaceAccess, { organizationId, workspaceId, memberId: developer.memberId }),
    "NOT_FOUND",
  ],
  [
    "a Developer becomes Admin while they are given a workspace",
    ({ developer }) => other.setRole(developer, "ADMIN"),
    ({ owner, developer, organizationId, workspaceId }) =>
      owner.run(commands.grantWorkspaceAccess, {
        ...{ organizationId, workspaceId, memberId: developer.memberId, roleOverride: "VIEWER" as const },
      }),
    "IMPLICIT_ACCESS",
  ],
  [
    "the last room is lost while a workspace is made",
    ({ organizationId }) => other.setPlan(organizationId, "STARTER"),
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
    "a workspace is deleted while it is assigned",
    ({ workspaceId }) => other.deleteWorkspace(workspaceId),
    ({ owner, developer, organizationId, workspaceId }) =>
      owner.run(commands.setWorkspaceAccess, {
        ...{ organizationId, memberId: developer.memberId, grants: [{ workspaceId, roleOverride: "ADMIN" as const }] },
      }),
    "NOT_FOUND",
  ],
  [
    "an organization is deleted while it is changed",
    ({ organizationId }) => other.deleteOrganization(organizationId),
    ({ owner, organizationId }) => owner.run(commands.updateOrganization, { organizationId, name: "New" }),
    "NOT_FOUND",
  ],
  [
    "an organization is purged while it is restored",
    ({ organizationId }) => other.query("DELETE FROM organization WHERE id = $1", [organizationId]),
    ({ owner, organizationId }) => owner.run(commands.restoreOrganization, { organizationId }),
    "NOT_FOUND",
  ],
];

test.each(RACES)("%s", async (_, change, act, outcome) => {
  expect(await other.race(await createFixtures(world), change, act)).toBe(outcome);
});

test("of two simultaneous sign-ins the newer token counts, even if the older one comes last", async () => {
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
  await other.during(
    () =>
      other.query("UPDATE user_account SET name = 'Ada of the newer', identity_at = $2 WHERE id = $1", [ada.id, newer]),
    () => signIn(world.replica(), identity),
  );
  const [row] = await world.query<{ name: string }>("SELECT name FROM user_account WHERE id = $1", ada.id);
  expect(row?.name).toBe("Ada of the newer");
});

test("a newer token that waits for an older one replaces its data", async () => {
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
  await other.during(
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

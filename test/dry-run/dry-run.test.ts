import { parse } from "graphql";
import { commands } from "../../src/commands";
import { run } from "../isolation/selections";
import { type Actor, type TestOrganization, World } from "../support/world";
import { type Announced, tryDry } from "./support/trial";

let world: World;
let acme: TestOrganization;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.close());
beforeEach(async () => {
  acme = await world.organization();
});

async function dryRun(viewer: Actor, name: string, input: object): Promise<Announced> {
  const { success, refusal, errors } = await tryDry(world, {
    viewer,
    name,
    input: { organizationId: acme.id, ...input },
  });
  if (!success) throw new Error(refusal?.message ?? errors.join());
  return success;
}

const lost = (subjectId: string, workspaceId: string, before: string) => ({
  ...{ type: "workspace_access.changed", subjectId, workspaceId },
  changes: [{ field: `workspaces.${workspaceId}`, before, after: null }],
});

test("the dry run of a removal announces each lost workspace and each canceled invitation", async () => {
  const [alpha, beta] = [await acme.workspace("Alpha"), await acme.workspace("Beta")];
  const developer = await acme.member("DEVELOPER", [alpha]);
  const access = { organizationId: acme.id, workspaceId: beta, memberId: developer.memberId };
  await acme.owner.run(commands.grantWorkspaceAccess, { ...access, roleOverride: "ADMIN" });
  const { effects, memberLimit } = await dryRun(acme.owner, "removeMember", { memberId: developer.memberId });
  expect(effects).toMatchObject([
    { type: "member.removed", changes: [{ field: "role", before: "DEVELOPER", after: null }] },
    lost(developer.memberId, alpha, "ASSIGNED"),
    lost(developer.memberId, beta, "ADMIN"),
  ]);
  expect(memberLimit).toMatchObject({ used: 1 });
  const admin = await acme.member("ADMIN");
  const input = { organizationId: acme.id, emails: ["ada@example.com"], role: "VIEWER" as const };
  const { invitationIds } = await admin.run(commands.inviteMembers, input);
  const removal = await dryRun(acme.owner, "removeMember", { memberId: admin.memberId });
  expect(removal.effects).toMatchObject([
    { type: "member.removed" },
    { type: "invitation.canceled", subjectId: invitationIds[0] },
  ]);
});

test("the dry run of deleting a workspace announces each member and each invitation that loses it", async () => {
  const alpha = await acme.workspace("Alpha");
  const [one, two] = [await acme.member("VIEWER", [alpha]), await acme.member("DEVELOPER", [alpha])];
  await acme.member("VIEWER");
  const invitationId = await acme.invite("ada@example.com", "VIEWER", [alpha]);
  const { effects, workspaceLimit } = await dryRun(acme.owner, "deleteWorkspace", { workspaceId: alpha });
  expect(effects).toMatchObject([
    { type: "workspace.deleted", subjectId: alpha },
    lost(one.memberId, alpha, "ASSIGNED"),
    lost(two.memberId, alpha, "ASSIGNED"),
    { ...lost(invitationId, alpha, "ASSIGNED"), type: "invitation.updated" },
  ]);
  expect(workspaceLimit).toMatchObject({ used: 1 });
});

test("ended access and closed invitations are not announced as losses", async () => {
  const alpha = await acme.workspace("Alpha");
  const developer = await acme.member("DEVELOPER", [alpha]);
  const invitationId = await acme.invite("ada@example.com", "VIEWER", [alpha]);
  await acme.owner.run(commands.cancelInvitation, { organizationId: acme.id, invitationId });
  await acme.invite("bob@example.com", "VIEWER", [alpha]);
  await world.query("UPDATE invitation SET expires_at = $1 WHERE email = 'bob@example.com'", world.clock.now());
  await world.query(
    "UPDATE workspace_assignment SET expires_at = $1 WHERE member_id = $2",
    world.clock.now(),
    developer.memberId,
  );
  const { effects } = await dryRun(acme.owner, "deleteWorkspace", { workspaceId: alpha });
  expect(effects.map(({ type }) => type)).toEqual(["workspace_access.expired", "workspace.deleted"]);
});

test("objects that would be created have no id", async () => {
  const created = await dryRun(acme.owner, "createWorkspace", { name: "Gamma", cloudProvider: "AWS" });
  expect(created.effects).toMatchObject([{ type: "workspace.created", subjectId: null, workspaceId: null }]);
  const invited = await dryRun(acme.owner, "inviteMembers", { emails: ["ada@example.com"], role: "VIEWER" });
  expect(invited.effects).toMatchObject([{ type: "invitation.created", subjectId: null }]);
});

test("the announced limits equal those that the viewer can read afterwards", async () => {
  const [admin, developer] = [await acme.member("ADMIN"), await acme.member("DEVELOPER")];
  expect(await dryRun(admin, "updateOrganization", { name: "New" })).toMatchObject({
    memberLimit: { used: 3 },
    workspaceLimit: { used: 1 },
  });
  const none = { memberLimit: null, workspaceLimit: null };
  expect(await dryRun(developer, "leaveOrganization", {})).toMatchObject(none);
  expect(await dryRun(admin, "changeMemberRole", { memberId: admin.memberId, role: "VIEWER" })).toMatchObject(none);
  expect(await dryRun(acme.owner, "deleteOrganization", { confirmName: "Acme" })).toMatchObject(none);
  const downgrade = await dryRun(acme.owner, "changePlan", { planCode: "STANDARD" });
  expect(downgrade).toMatchObject({ memberLimit: { limit: 3 }, workspaceLimit: { limit: 3 }, charge: null });
});

test("limits in a fragment count, too", async () => {
  const document = parse(`query ($mutation: DryRunInput!) { dryRun(mutation: $mutation) { ...A } }
    fragment A on DryRunSuccess { ...B } fragment B on DryRunSuccess { limit: memberLimit { used } }`);
  const variables = { mutation: { updateOrganization: { organizationId: acme.id, name: "New" } } };
  const { data } = await run({ document, variables, context: world.context(acme.owner) });
  expect(data?.dryRun).toEqual({ limit: { used: 1 } });
});

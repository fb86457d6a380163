import { commands } from "../../src/commands";
import { runCommand } from "../../src/commands/runner/run";
import { signIn } from "../../src/commands/user/sign-in";
import { RESTORABLE_MS } from "../../src/domain/organization";
import type { Service, Viewer } from "../../src/domain/viewer";
import { sendInvitation } from "../../src/jobs/send-invitation";
import { personOf, readAs } from "../support/read-as";
import { type Actor, type TestOrganization, World } from "../support/world";

let world: World;
let acme: TestOrganization;
beforeAll(async () => {
  world = await World.create();
});
beforeEach(async () => {
  acme = await world.organization();
});
afterAll(() => world.close());

const SERVICE: Service = { kind: "service", name: "reader", scopes: new Set(["entities:read"]) };
const remove = ({ id, owner }: TestOrganization) =>
  owner.run(commands.deleteOrganization, { organizationId: id, confirmName: "Acme" });
const restorable = async (actor: Actor) => {
  const { data } = await readAs(
    world,
    personOf(actor),
    "{ viewer { restorableOrganizations { id name deletedAt restorableUntil } } }",
  );
  return data.viewer.restorableOrganizations as Array<{ id: string; restorableUntil: string }>;
};

test("an Owner sees the organizations that they can restore, newest deletion first, until the last millisecond", async () => {
  const other = await world.organization();
  const invitationId = await other.invite(acme.owner.email, "ADMIN");
  const { memberId } = await acme.owner.run(commands.acceptInvitation, { invitationId });
  await other.owner.run(commands.changeMemberRole, { organizationId: other.id, memberId, role: "OWNER" });
  const admin = await acme.member("ADMIN");
  expect(await restorable(acme.owner)).toEqual([]);
  await remove(acme);
  const deletedAt = world.clock.now();
  world.clock.pass(1);
  await remove(other);
  const restorableUntil = new Date(deletedAt.getTime() + RESTORABLE_MS).toISOString();
  expect(await restorable(acme.owner)).toEqual([
    expect.objectContaining({ id: other.id }),
    { id: acme.id, name: "Acme", deletedAt: deletedAt.toISOString(), restorableUntil },
  ]);
  expect(await restorable(admin)).toEqual([]);
  await other.owner.run(commands.restoreOrganization, { organizationId: other.id });
  world.clock.pass(RESTORABLE_MS - 2);
  expect((await restorable(acme.owner)).map(({ id }) => id)).toEqual([acme.id]);
  world.clock.pass(1);
  expect(await restorable(acme.owner)).toEqual([]);
});

test("organizations that were deleted at the same time are in the reverse order of their ids", async () => {
  const { owner } = acme;
  const { organizationId: other } = await owner.run(commands.createOrganization, { name: "Acme" });
  const ids = [acme.id, other].sort();
  for (const id of ids) await owner.run(commands.deleteOrganization, { organizationId: id, confirmName: "Acme" });
  expect((await restorable(owner)).map(({ id }) => id)).toEqual(ids.reverse());
});

test("nobody sees the organizations that another person can restore", async () => {
  await remove(acme);
  const text = `{ _entities(representations: [{ __typename: "User", id: "${acme.owner.id}" }]) {
    ... on User { restorableOrganizations { id } } } }`;
  expect((await readAs(world, personOf(acme.owner), text)).data._entities[0].restorableOrganizations).toHaveLength(1);
  for (const viewer of [personOf(await world.person()), SERVICE]) {
    const { data, code } = await readAs(world, viewer, text);
    expect([data._entities, code]).toEqual([[{ restorableOrganizations: null }], "FORBIDDEN"]);
  }
});

test("an organization without credits gets the time of the next daily credits", async () => {
  const workspaceId = await acme.workspace("Metered");
  await world.query("UPDATE organization_subscription SET plan_code = 'STARTER' WHERE organization_id = $1", acme.id);
  const meter: Service = { kind: "service", name: "meter", scopes: new Set(["usage:write", "credentials:read"]) };
  const records = [{ id: "r", workspaceId, at: world.clock.now(), credits: 100_000, byok: false }];
  await runCommand(world.replica(), meter, commands.recordUsage, { records });
  const { data } = await readAs(
    world,
    meter,
    `{ llmAccess(workspaceId: "${workspaceId}") { ... on Refusal { code retryAfterSeconds } } }`,
  );
  const now = world.clock.now();
  const midnight = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1);
  const retryAfterSeconds = Math.ceil((midnight - now.getTime()) / 1000);
  expect(data.llmAccess).toEqual({ code: "CREDITS_EXHAUSTED", retryAfterSeconds });
});

const mail = (invitationId: string, isLast: boolean, sendNumber = 1) => {
  const payload = { organizationId: acme.id, invitationId, sendNumber };
  return sendInvitation(world.replica(), payload, isLast);
};

test("the preview of a link has the refusal of accepting it", async () => {
  const cases: Array<[string, (invitee: Actor, id: string) => Promise<unknown>]> = [
    ["EMAIL_NOT_VERIFIED", (invitee) => signIn(world.replica(), identity({ ...invitee, emailVerified: false }))],
    [
      "INVITATION_EMAIL_MISMATCH",
      (invitee) => signIn(world.replica(), identity({ ...invitee, email: "m@example.com" })),
    ],
    ["MEMBER_LIMIT_REACHED", () => become("plan_code = 'STARTER'")],
    ["INVITATION_NOT_PENDING", (_, id) => cancel(id)],
    [
      "INVITATION_EXPIRED",
      (_, id) => world.query("UPDATE invitation SET expires_at = $2 WHERE id = $1", id, world.clock.now()),
    ],
    [
      "ALREADY_A_MEMBER",
      (invitee, invitationId) =>
        invitee.run(commands.acceptInvitation, { invitationId }).then(() => reopen(invitationId)),
    ],
  ];
  const identity = (actor: Actor) => ({ ...actor, identityAt: world.clock.now() });
  const become = (change: string) =>
    world.query(`UPDATE organization_subscription SET ${change} WHERE organization_id = $1`, acme.id);
  const cancel = (invitationId: string) =>
    acme.owner.run(commands.cancelInvitation, { organizationId: acme.id, invitationId });
  const reopen = (id: string) => world.query("UPDATE invitation SET status = 'PENDING' WHERE id = $1", id);
  for (const [code, change] of cases) {
    const invitee = await world.person();
    const id = await acme.invite(invitee.email, "VIEWER");
    await mail(id, true);
    const token = world.mailer.tokenFor(invitee.email);
    await change(invitee, id);
    const refusal = "refusal { code message path retryAfterSeconds limit { used } }";
    const { data } = await readAs(world, personOf(invitee), `{ invitation(token: "${token}") { ${refusal} } }`);
    const { data: accepted } = await readAs(
      world,
      personOf(invitee),
      `mutation { acceptInvitation(input: { token: "${token}" }) { ... on Refusal ${refusal.slice("refusal ".length)} } }`,
    );
    expect([code, data.invitation.refusal]).toEqual([code, accepted.acceptInvitation]);
    expect(data.invitation.refusal.code).toBe(code);
    await become("plan_code = 'ADVANCED'");
  }
});

test("a person who left a workspace can still read why they cannot delete it", async () => {
  const workspaceId = await acme.workspace("Left");
  const member = await acme.member("DEVELOPER");
  const target = { organizationId: acme.id, workspaceId, memberId: member.memberId };
  await acme.owner.run(commands.grantWorkspaceAccess, { ...target, roleOverride: "ADMIN" });
  const revoke = `mutation { revokeWorkspaceAccess(input: { organizationId: "${acme.id}", workspaceId: "${workspaceId}", memberId: "${member.memberId}" }) {
    ... on RevokeWorkspaceAccessSuccess { workspace { viewerRole deletionRefusal { code message } } } } }`;
  const { data } = await readAs(world, personOf(member), revoke);
  const message = "Your role in this organization is Developer, which lacks DELETE_WORKSPACES.";
  expect(data.revokeWorkspaceAccess.workspace).toEqual({
    viewerRole: null,
    deletionRefusal: { code: "FORBIDDEN", message },
  });
  await acme.owner.run(commands.grantWorkspaceAccess, { ...target, roleOverride: null });
  const byOwner = await readAs(world, personOf(acme.owner), revoke);
  expect(byOwner.data.revokeWorkspaceAccess.workspace).toEqual({ viewerRole: "ADMIN", deletionRefusal: null });
});

test("everybody can read the descriptions of roles, and signed-in viewers the options of a key", async () => {
  const anonymous: Viewer = { kind: "anonymous" };
  const { data } = await readAs(world, anonymous, "{ roles { role permissions workspaceRole isInvitable } }");
  expect(data.roles.map((each: { role: string }) => each.role)).toEqual(["OWNER", "ADMIN", "DEVELOPER", "VIEWER"]);
  const options = "{ byokOptions { regions models { id name inferenceProfiles } } }";
  expect((await readAs(world, anonymous, options)).code).toBe("UNAUTHENTICATED");
  const { byokOptions } = (await readAs(world, personOf(acme.owner), options)).data;
  expect(byokOptions.regions).toContain("eu-central-1");
});

import { commands } from "../../src/commands";
import type { UpdateInvitationInput } from "../../src/commands/invitation/update-invitation";
import { INVITATION_LIFETIME_MS } from "../../src/domain/invitation";
import { type Actor, outcomeOf, type TestOrganization, World } from "../support/world";

let world: World;
let acme: TestOrganization;
let admin: Actor;
let alpha: string;
let beta: string;
let invitationId: string;
beforeAll(async () => {
  world = await World.create();
});
beforeEach(async () => {
  acme = await world.organization();
  admin = await acme.member("ADMIN");
  [alpha, beta] = [await acme.workspace("Alpha"), await acme.workspace("Beta")];
  invitationId = await acme.invite(`${crypto.randomUUID()}@example.com`, "VIEWER", [alpha]);
});
afterAll(() => world.close());

const update = (input: Partial<UpdateInvitationInput>, by: Actor = admin) =>
  by.run(commands.updateInvitation, { organizationId: acme.id, invitationId, ...input });
const updates = () =>
  world.query<{ summary: string; data: { before: unknown; after: unknown } }>(
    "SELECT summary, data FROM organization_event WHERE organization_id = $1 AND type = 'invitation.updated' ORDER BY sequence",
    acme.id,
  );
const grant = (workspaceId: string, roleOverride: string | null = null) => ({
  workspaceId,
  roleOverride,
  expiresAt: null,
});
const row = async () => (await world.query("SELECT * FROM invitation WHERE id = $1", invitationId))[0] as object;
const grants = () =>
  world.query("SELECT workspace_id, role_override FROM invitation_workspace WHERE invitation_id = $1", invitationId);

test("an update changes role and workspaces, and nothing else, such as link and expiry", async () => {
  const hash = Buffer.alloc(32, 1);
  await world.query("INSERT INTO invitation_token (token_hash, invitation_id) VALUES ($1, $2)", hash, invitationId);
  const before = await row();
  world.clock.pass(1000);
  await update({ role: "DEVELOPER", workspaces: [{ workspaceId: beta, roleOverride: "ADMIN" }] });
  expect(await row()).toEqual({ ...before, role: "DEVELOPER" });
  expect(await grants()).toEqual([{ workspace_id: beta, role_override: "ADMIN" }]);
  expect(await world.query("SELECT token_hash FROM invitation_token WHERE invitation_id = $1", invitationId)).toEqual([
    { token_hash: hash },
  ]);
  const [event] = await updates();
  expect(event?.summary).toMatch(/^The invitation to .*@example\.com was changed: Developer, 1 workspace\.$/);
  expect(event?.data).toMatchObject({
    before: { role: "VIEWER", workspaces: [grant(alpha)] },
    after: { role: "DEVELOPER", workspaces: [grant(beta, "ADMIN")] },
  });
});

test("the invitee joins with the updated role and workspaces", async () => {
  const person = await world.person();
  invitationId = await acme.invite(person.email, "VIEWER", [alpha]);
  await update({ role: "DEVELOPER", workspaces: [{ workspaceId: alpha }, { workspaceId: beta }] });
  const { memberId } = await person.run(commands.acceptInvitation, { invitationId });
  const joined =
    "SELECT m.role, a.workspace_id FROM member m JOIN workspace_assignment a ON a.member_id = m.id WHERE m.id = $1";
  const access = await world.query<{ role: string; workspace_id: string }>(joined, memberId);
  expect(access.map(({ workspace_id }) => workspace_id).sort()).toEqual([alpha, beta].sort());
  expect(access.map(({ role }) => role)).toEqual(["DEVELOPER", "DEVELOPER"]);
});

test.each<[string, Partial<UpdateInvitationInput>]>([
  ["nothing", {}],
  ["nulls", { role: null, workspaces: null }],
  ["the same", { role: "VIEWER" }],
])("an update with %s changes and records nothing", async (_, input) => {
  const before = await grants();
  await update(input);
  expect([await grants(), await updates()]).toEqual([before, []]);
});

test("an update of only the role keeps the workspaces; an empty list removes them", async () => {
  await update({ role: "ADMIN" });
  expect(await grants()).toEqual([{ workspace_id: alpha, role_override: null }]);
  await update({ workspaces: [] });
  expect(await grants()).toEqual([]);
  expect((await updates()).map(({ data }) => data.after)).toEqual([
    { role: "ADMIN", workspaces: [grant(alpha)] },
    { role: "ADMIN", workspaces: [] },
  ]);
});

test("nobody can change an invitation to the role Owner", async () => {
  expect(await outcomeOf(update({ role: "OWNER" }))).toBe("ROLE_TOO_HIGH");
  expect(await outcomeOf(update({ role: "OWNER" }, acme.owner))).toBe("INVALID_INPUT");
});

test("workspaces must be of this organization, not deleted and without repetitions", async () => {
  const other = await world.organization();
  const foreign = await other.workspace("Foreign");
  for (const workspaceId of [foreign, "x", crypto.randomUUID()]) {
    expect(await outcomeOf(update({ workspaces: [{ workspaceId: beta }, { workspaceId }] }))).toBe("NOT_FOUND");
  }
  expect(await outcomeOf(update({ workspaces: [{ workspaceId: beta }, { workspaceId: beta }] }))).toBe("INVALID_INPUT");
  await acme.owner.run(commands.deleteWorkspace, { organizationId: acme.id, workspaceId: beta });
  expect(await outcomeOf(update({ workspaces: [{ workspaceId: beta }] }))).toBe("NOT_FOUND");
  expect(await updates()).toEqual([]);
});

test("only a pending invitation can be changed, to the millisecond", async () => {
  world.clock.pass(INVITATION_LIFETIME_MS - 1);
  expect(await outcomeOf(update({ role: "DEVELOPER" }))).toBe("ok");
  world.clock.pass(1);
  expect(await outcomeOf(update({ role: "VIEWER" }))).toBe("INVITATION_EXPIRED");
  invitationId = await acme.invite("soon@example.com", "VIEWER");
  await admin.run(commands.cancelInvitation, { organizationId: acme.id, invitationId });
  expect(await outcomeOf(update({ role: "DEVELOPER" }))).toBe("INVITATION_NOT_PENDING");
});

test("a new member's inviter is the person who invited them", async () => {
  const [admin, person] = [await acme.member("ADMIN"), await world.person()];
  const input = { organizationId: acme.id, emails: [person.email], role: "VIEWER" as const };
  const [invitationId = ""] = (await admin.run(commands.inviteMembers, input)).invitationIds;
  const { memberId } = await person.run(commands.acceptInvitation, { invitationId });
  const stored = await world.query("SELECT invited_by_id AS inviter FROM member WHERE id = $1", memberId);
  expect(stored).toEqual([{ inviter: admin.id }]);
});

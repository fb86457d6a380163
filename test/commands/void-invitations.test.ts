import { commands } from "../../src/commands";
import type { InvitationReference } from "../../src/commands/invitation/find-invitation";
import { linkKey } from "../../src/commands/invitation/link";
import { runCommand } from "../../src/commands/runner/run";
import { signIn } from "../../src/commands/user/sign-in";
import type { OrganizationRole } from "../../src/domain/role";
import type { Person } from "../../src/domain/viewer";
import { sendInvitation } from "../../src/jobs/send-invitation";
import { sweepVoidInvitations } from "../../src/jobs/sweep";
import { countUse } from "../../src/store/counts";
import { verifyAuditLog } from "../../src/store/events/verify-audit-log";
import { previewInvitation } from "../../src/store/views/invitation-preview";
import { receivedInvitations } from "../../src/store/views/received-invitations";
import { type Actor, outcomeOf, type TestOrganization, World } from "../support/world";

let world: World;
let acme: TestOrganization;
beforeAll(async () => {
  world = await World.create();
});
beforeEach(async () => {
  acme = await world.organization();
});
afterAll(() => world.close());

const inviteBy = async (inviter: Actor, email: string, role: OrganizationRole, workspaceIds: string[] = []) => {
  const workspaces = workspaceIds.map((workspaceId) => ({ workspaceId, roleOverride: "ADMIN" as const }));
  const input = { organizationId: acme.id, emails: [email], role, workspaces };
  return (await inviter.run(commands.inviteMembers, input)).invitationIds[0] ?? "";
};
const accept = (person: Person, answer: InvitationReference) =>
  outcomeOf(runCommand(world.replica(), person, commands.acceptInvitation, answer));
const statusOf = async (id: string) => {
  const [row] = await world.query<{ status: string }>("SELECT status FROM invitation WHERE id = $1", id);
  return row?.status;
};
const pending = async () => (await countUse(world.database, acme.id, world.clock.now())).pending;
const cancellations = () =>
  world.query<{ summary: string; data: { email: string; reason: string } }>(
    `SELECT summary, data FROM organization_event WHERE organization_id = $1 AND type = 'invitation.canceled'
     ORDER BY sequence`,
    acme.id,
  );
async function linkOf(invitationId: string, email: string): Promise<string> {
  await sendInvitation(world.replica(), { organizationId: acme.id, invitationId, sendNumber: 1 }, false);
  return world.mailer.tokenFor(email);
}

const change = (memberId: string, role: OrganizationRole) =>
  acme.owner.run(commands.changeMemberRole, { organizationId: acme.id, memberId, role });

const LOSSES: Array<[string, (admin: Actor) => Promise<unknown>]> = [
  [
    "is removed",
    (admin) => acme.owner.run(commands.removeMember, { organizationId: acme.id, memberId: admin.memberId }),
  ],
  ["leaves", (admin) => admin.run(commands.leaveOrganization, { organizationId: acme.id })],
  ["becomes Developer", (admin) => change(admin.memberId, "DEVELOPER")],
  ["becomes Viewer", (admin) => change(admin.memberId, "VIEWER")],
];

test.each(LOSSES)(
  "an Admin's invitations are canceled with an event, and their seats are free, once the Admin %s",
  async (_, lose) => {
    const [admin, person] = [await acme.member("ADMIN"), await world.person()];
    const workspaceId = await acme.workspace("Production");
    const id = await inviteBy(admin, person.email, "ADMIN");
    const other = await inviteBy(admin, "other@example.com", "VIEWER", [workspaceId]);
    const ownersId = await acme.invite("third@example.com", "VIEWER");
    const token = await linkOf(id, person.email);
    expect(await pending()).toBe(3);
    await lose(admin);
    expect(await Promise.all([id, other, ownersId].map(statusOf))).toEqual(["CANCELED", "CANCELED", "PENDING"]);
    expect(await pending()).toBe(1);
    expect(await cancellations()).toEqual(
      [person.email, "other@example.com"].map((email) => ({
        summary: `The invitation to ${email} was canceled: its inviter may no longer invite.`,
        data: { email, reason: "INVITER_MAY_NOT_INVITE" },
      })),
    );
    expect(await accept(person, { token })).toBe("INVITATION_NOT_PENDING");
    expect(await accept(person, { invitationId: id })).toBe("INVITATION_NOT_PENDING");
    expect(await acme.memberIdOf(person)).toBe("");
    expect(await verifyAuditLog(world.database, acme.id)).toMatchObject({ ok: true });
  },
);

test("an Owner's invitations stay pending when the Owner becomes Admin, and are canceled below that", async () => {
  const [owner, a, b] = [await acme.member("OWNER"), await world.person(), await world.person()];
  const [first, second] = [await inviteBy(owner, a.email, "ADMIN"), await inviteBy(owner, b.email, "ADMIN")];
  await owner.run(commands.transferOwnership, { organizationId: acme.id, memberId: acme.owner.memberId });
  expect(await accept(a, { invitationId: first })).toBe("ok");
  await change(owner.memberId, "DEVELOPER");
  expect(await accept(b, { invitationId: second })).toBe("INVITATION_NOT_PENDING");
});

test("accepted invitations stay accepted, and canceled ones stay canceled when the Admin returns", async () => {
  const [admin, a, b] = [await acme.member("ADMIN"), await world.person(), await world.person()];
  const accepted = await inviteBy(admin, a.email, "DEVELOPER");
  expect(await accept(a, { invitationId: accepted })).toBe("ok");
  const open = await inviteBy(admin, b.email, "DEVELOPER");
  await change(admin.memberId, "VIEWER");
  await change(admin.memberId, "ADMIN");
  expect(await Promise.all([accepted, open].map(statusOf))).toEqual(["ACCEPTED", "CANCELED"]);
  expect(await inviteBy(admin, b.email, "DEVELOPER")).not.toBe("");
});

test("a pending invitation of a former inviter is refused in the preview and at acceptance, and the job cancels it", async () => {
  const [admin, person] = [await acme.member("ADMIN"), await world.person()];
  const id = await inviteBy(admin, person.email, "ADMIN");
  const token = await linkOf(id, person.email);
  // A row of an earlier version, which did not check inviters.
  await world.query("UPDATE member SET role = 'DEVELOPER' WHERE id = $1", admin.memberId);
  const preview = await previewInvitation(world.database, world.clock.now(), linkKey(token), person.id);
  expect(preview).toMatchObject({ status: "PENDING", inviterRole: "DEVELOPER" });
  expect(await accept(person, { token })).toBe("INVITATION_NOT_PENDING");
  expect(await acme.memberIdOf(person)).toBe("");
  await sweepVoidInvitations(world.replica());
  expect(await statusOf(id)).toBe("CANCELED");
  expect(await pending()).toBe(0);
  expect(await receivedInvitations(world.database, world.clock.now(), person.email)).toEqual([]);
  await sweepVoidInvitations(world.replica());
  expect(await cancellations()).toHaveLength(1);
});

test("the job keeps valid invitations in more organizations than one batch has", async () => {
  const good = await acme.invite("good@example.com", "ADMIN");
  const events = await acme.eventTypes();
  const text = `
    WITH o AS (
      INSERT INTO organization (id, name, created_at, updated_at)
      SELECT gen_random_uuid(), 'Many', now(), now() FROM generate_series(1, 250) RETURNING id
    )
    INSERT INTO invitation (id, organization_id, email, role, status, delivery, invited_by_id, created_at, queued_at,
      send_number, expires_at)
    SELECT gen_random_uuid(), id, 'many@example.com', 'VIEWER', 'PENDING', 'SENT', $1, now(), now(), 1, $2 FROM o`;
  await world.query(text, acme.owner.id, new Date(world.clock.now().getTime() + 1));
  await sweepVoidInvitations(world.replica());
  expect(await world.query("SELECT DISTINCT status FROM invitation WHERE email = 'many@example.com'")).toEqual([
    { status: "CANCELED" },
  ]);
  expect(await statusOf(good)).toBe("PENDING");
  expect(await acme.eventTypes()).toEqual(events);
});

test("of a simultaneous removal of the inviter and acceptance, the first one decides", async () => {
  for (let round = 0; round < 10; round++) {
    const [admin, person] = [await acme.member("ADMIN"), await world.person()];
    const invitationId = await inviteBy(admin, person.email, "ADMIN");
    const removal = { organizationId: acme.id, memberId: admin.memberId };
    const [accepted, removed] = await Promise.all([
      accept(person, { invitationId }),
      outcomeOf(acme.owner.run(commands.removeMember, removal)),
    ]);
    expect(removed).toBe("ok");
    expect(await statusOf(invitationId)).toBe(accepted === "ok" ? "ACCEPTED" : "CANCELED");
    expect((await acme.memberIdOf(person)) !== "").toBe(accepted === "ok");
  }
});

describe("the seat of an invitation is freed immediately if its person joins in another way", () => {
  const reportAddress = (person: Actor, email: string, emailVerified = true) =>
    signIn(world.replica(), { ...person, email, emailVerified, identityAt: world.clock.now() });

  test("when the person's address becomes the invited one", async () => {
    const [member, stranger] = [await acme.member("VIEWER"), await world.person()];
    const id = await acme.invite("new@example.com", "ADMIN");
    const token = await linkOf(id, "new@example.com");
    await reportAddress(stranger, "new@example.com", false);
    await reportAddress(member, "new@example.com", false);
    expect([await statusOf(id), await pending()]).toEqual(["PENDING", 1]);
    const moved = await reportAddress(member, "new@example.com");
    expect([await statusOf(id), await pending()]).toEqual(["CANCELED", 0]);
    expect(await cancellations()).toEqual([
      {
        summary: "The invitation to new@example.com was canceled: the person with this address is a member already.",
        data: { email: "new@example.com", reason: "ALREADY_A_MEMBER" },
      },
    ]);
    expect(await accept(member, { token })).toBe("ALREADY_A_MEMBER");
    expect(await accept(moved, { invitationId: id })).toBe("ALREADY_A_MEMBER");
    expect(await verifyAuditLog(world.database, acme.id)).toMatchObject({ ok: true });
  });

  test("in every organization of the person, and in no other", async () => {
    const other = await world.organization();
    const elsewhere = await world.organization();
    const member = await acme.member("VIEWER");
    const theirs = await other.invite(member.email, "VIEWER");
    await member.run(commands.acceptInvitation, { invitationId: theirs });
    const ids = [acme, other, elsewhere].map((each) => each.invite("both@example.com", "VIEWER"));
    const invitations = await Promise.all(ids);
    const moved = await reportAddress(member, "both@example.com");
    expect(await Promise.all(invitations.map(statusOf))).toEqual(["CANCELED", "CANCELED", "PENDING"]);
    expect(await accept(moved, { invitationId: invitations[2] ?? "" })).toBe("ok");
  });

  test("when the identity service reports the address, or later by the job", async () => {
    const [member, late] = [await acme.member("VIEWER"), await acme.member("VIEWER")];
    const first = await acme.invite("m1@example.com", "VIEWER");
    const second = await acme.invite("m2@example.com", "VIEWER");
    await reportAddress(member, "m1@example.com");
    await world.query("UPDATE user_account SET email = 'm2@example.com' WHERE id = $1", late.id);
    expect(await Promise.all([first, second].map(statusOf))).toEqual(["CANCELED", "PENDING"]);
    expect(await accept({ ...late, email: "m2@example.com" }, { invitationId: second })).toBe("ALREADY_A_MEMBER");
    await sweepVoidInvitations(world.replica());
    expect(await statusOf(second)).toBe("CANCELED");
  });

  test("and answered invitations, and those to other people, do not change", async () => {
    const [member, other] = [await acme.member("VIEWER"), await world.person()];
    const person = await world.person();
    const id = await acme.invite(person.email, "VIEWER");
    const token = await linkOf(id, person.email);
    expect(await accept(member, { token })).toBe("INVITATION_EMAIL_MISMATCH");
    expect(await accept(person, { token })).toBe("ok");
    expect(await accept(person, { token })).toBe("INVITATION_NOT_PENDING");
    expect(await accept(other, { token })).toBe("INVITATION_NOT_PENDING");
  });
});

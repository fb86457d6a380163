import { commands } from "../../src/commands";
import type { InvitationReference } from "../../src/commands/invitation/find-invitation";
import { runCommand } from "../../src/commands/runner/run";
import { signIn } from "../../src/commands/user/sign-in";
import type { Person } from "../../src/domain/viewer";
import { sendInvitation } from "../../src/jobs/send-invitation";
import { sweepVoidInvitations } from "../../src/jobs/sweep";
import { countUse } from "../../src/store/counts";
import { verifyAuditLog } from "../../src/store/events/verify-audit-log";
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

describe("a person who joins in another way frees the seat of their invitation at once", () => {
  const reportAddress = (person: Actor, email: string, emailVerified = true) =>
    signIn(world.replica(), { ...person, email, emailVerified, identityAt: world.clock.now() });

  test("when their address becomes the invited one", async () => {
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

  test("in every organization that they are a member of, and in no other", async () => {
    const other = await world.organization();
    const elsewhere = await world.organization();
    const member = await acme.member("VIEWER");
    const theirs = await other.invite(member.email, "VIEWER");
    await member.run(commands.acceptInvitation, { invitationId: theirs });
    const ids = [acme, other, elsewhere].map((each) => each.invite("both@example.com", "VIEWER"));
    const invitations = await Promise.all(ids);
    const moved = await reportAddress(member, "both@example.com");
    expect(await Promise.all(invitations.map(statusOf))).toEqual(["CANCELED", "CANCELED", "PENDING"]);
    const [, , open = ""] = invitations;
    expect(await accept(moved, { invitationId: open })).toBe("ok");
  });

  test("when the identity service says so, and when nobody noticed, with the sweep", async () => {
    const [member, late] = [await acme.member("VIEWER"), await acme.member("VIEWER")];
    const [first, second] = [
      await acme.invite("m1@example.com", "VIEWER"),
      await acme.invite("m2@example.com", "VIEWER"),
    ];
    await reportAddress(member, "m1@example.com");
    await world.query("UPDATE user_account SET email = 'm2@example.com' WHERE id = $1", late.id);
    expect(await Promise.all([first, second].map(statusOf))).toEqual(["CANCELED", "PENDING"]);
    expect(await accept({ ...late, email: "m2@example.com" }, { invitationId: second })).toBe("ALREADY_A_MEMBER");
    await sweepVoidInvitations(world.replica());
    expect(await statusOf(second)).toBe("CANCELED");
  });

  test("and what was accepted already, or belongs to somebody else, reads as before", async () => {
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

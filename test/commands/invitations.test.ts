import { commands } from "../../src/commands";
import type { InvitationReference } from "../../src/commands/invitation/find-invitation";
import { signIn } from "../../src/commands/user/sign-in";
import { INVITATION_LIFETIME_MS, RESEND_INTERVAL_MS } from "../../src/domain/invitation";
import { SENDING_LIMIT_PER_ADDRESS } from "../../src/domain/inviting";
import { MailRejected } from "../../src/integrations/mail/mailer";
import { sendInvitation } from "../../src/jobs/send-invitation";
import { sweepInvitations } from "../../src/jobs/sweep";
import { outcomeOf, type TestOrganization, World } from "../support/world";

let world: World;
let acme: TestOrganization;
beforeAll(async () => {
  world = await World.create();
});
beforeEach(async () => {
  world.mailer.failure = null;
  acme = await world.organization();
});
afterAll(() => world.close());

/** Runs the mail job of an invitation, as the worker does. Returns the link's secret. */
async function mail(invitationId: string, email: string, sendNumber = 1, isLastAttempt = false): Promise<string> {
  const payload = { organizationId: acme.id, invitationId, sendNumber };
  await sendInvitation(world.replica(), payload, isLastAttempt);
  return world.mailer.tokenFor(email);
}

const resend = (invitationId: string) =>
  outcomeOf(acme.owner.run(commands.resendInvitation, { organizationId: acme.id, invitationId }));
const cancel = (invitationId: string) =>
  outcomeOf(acme.owner.run(commands.cancelInvitation, { organizationId: acme.id, invitationId }));
const deliveryOf = async (id: string) =>
  (await world.query<{ delivery: string }>("SELECT delivery FROM invitation WHERE id = $1", id))[0]?.delivery;

test("each address has its own outcome", async () => {
  const member = await acme.member("VIEWER");
  await acme.invite("there@example.com", "VIEWER");
  const emails = [member.email, " THERE@example.com", "new@example.com", "New@Example.com ", "no address", ""];
  const input = { organizationId: acme.id, emails, role: "VIEWER" as const };
  const { invitationIds, skipped } = await acme.owner.run(commands.inviteMembers, input);
  expect(invitationIds).toHaveLength(1);
  expect(skipped.map(({ reason }) => reason).sort()).toEqual(
    ["ALREADY_A_MEMBER", "ALREADY_INVITED", "DUPLICATE", "INVALID_EMAIL", "INVALID_EMAIL"].sort(),
  );
});

test("either all addresses get seats or none does; a refusal leaves no row, event or job", async () => {
  const small = await world.organization("STANDARD");
  const tables = ["invitation", "organization_event", "graphile_worker._private_jobs"];
  const before = await Promise.all(tables.map((table) => world.count(table)));
  const emails = ["a@example.com", "b@example.com", "c@example.com"];
  const inviting = small.owner.run(commands.inviteMembers, { organizationId: small.id, emails, role: "VIEWER" });
  await expect(inviting).rejects.toMatchObject({
    refusal: { code: "MEMBER_LIMIT_REACHED", limit: { used: 1, limit: 3, remaining: 2 } },
  });
  expect(await Promise.all(tables.map((table) => world.count(table)))).toEqual(before);
});

test("the invited person can accept with the link of the mail; only its hash is stored", async () => {
  const person = await world.person();
  const id = await acme.invite(person.email, "DEVELOPER");
  const token = await mail(id, person.email);
  expect(Buffer.from(token, "base64url")).toHaveLength(48);
  const stored = await world.query<{ all: string }>(
    `SELECT (SELECT string_agg(t::text, ' ') FROM invitation_token t) || (SELECT string_agg(e::text, ' ') FROM organization_event e)
      || coalesce((SELECT string_agg(j::text, ' ') FROM graphile_worker._private_jobs j), '') AS all`,
  );
  expect(stored[0]?.all).not.toContain(token);
  expect(await outcomeOf(person.run(commands.acceptInvitation, { token }))).toBe("ok");
  expect(await acme.eventTypes()).toEqual(
    expect.arrayContaining(["invitation.sent", "invitation.accepted", "member.joined"]),
  );
});

test("resending is possible after a minute, and makes the old link invalid", async () => {
  const person = await world.person();
  const id = await acme.invite(person.email, "VIEWER");
  const old = await mail(id, person.email);
  expect(await resend(id)).toBe("RESEND_TOO_SOON");
  world.clock.pass(RESEND_INTERVAL_MS);
  expect(await resend(id)).toBe("ok");
  expect(await outcomeOf(person.run(commands.acceptInvitation, { token: old }))).toBe("NOT_FOUND");
  // The job of the first mail runs late: its mail is obsolete.
  expect(await mail(id, person.email, 1)).toBe(old);
  const fresh = await mail(id, person.email, 2);
  expect(await outcomeOf(person.run(commands.acceptInvitation, { token: fresh }))).toBe("ok");
});

test("only a person with the invited, verified address can accept or decline", async () => {
  const [other, unverified] = [await world.person(), await world.person("Una", false)];
  const id = await acme.invite("somebody@example.com", "VIEWER");
  const token = await mail(id, "somebody@example.com");
  expect(await outcomeOf(other.run(commands.acceptInvitation, { token }))).toBe("INVITATION_EMAIL_MISMATCH");
  expect(await outcomeOf(other.run(commands.acceptInvitation, { invitationId: id }))).toBe("NOT_FOUND");
  const hers = await acme.invite(unverified.email, "VIEWER");
  expect(await outcomeOf(unverified.run(commands.acceptInvitation, { invitationId: hers }))).toBe("EMAIL_NOT_VERIFIED");
  expect(await outcomeOf(other.run(commands.acceptInvitation, {}))).toBe("INVALID_INPUT");
  expect(await outcomeOf(other.run(commands.acceptInvitation, { token, invitationId: id }))).toBe("INVALID_INPUT");
});

test("after seven days an invitation has expired, the job records that, and the seat is free", async () => {
  const person = await world.person();
  const invitationId = await acme.invite(person.email, "VIEWER");
  world.clock.pass(INVITATION_LIFETIME_MS);
  expect(await outcomeOf(person.run(commands.acceptInvitation, { invitationId }))).toBe("INVITATION_EXPIRED");
  await sweepInvitations(world.replica());
  expect(await acme.eventTypes()).toContain("invitation.expired");
  expect(await resend(invitationId)).toBe("INVITATION_EXPIRED");
});

test("an address can be invited again after its invitation expired, marked or not, or was canceled or declined", async () => {
  const person = await world.person();
  const first = await acme.invite(person.email, "VIEWER");
  world.clock.pass(INVITATION_LIFETIME_MS);
  const second = await acme.invite(person.email, "VIEWER");
  expect(second).not.toBe(first);
  expect(await cancel(second)).toBe("ok");
  expect(await cancel(second)).toBe("INVITATION_NOT_PENDING");
  const third = await acme.invite(person.email, "VIEWER");
  expect(await outcomeOf(person.run(commands.declineInvitation, { invitationId: third }))).toBe("ok");
  expect(await acme.invite(person.email, "VIEWER")).not.toBe("");
});

test("accepting an invitation ignores workspaces that were deleted meanwhile", async () => {
  const [present, gone] = [await acme.workspace("Kept"), await acme.workspace("Gone")];
  const person = await world.person();
  const invitationId = await acme.invite(person.email, "DEVELOPER", [present, gone]);
  await acme.owner.run(commands.deleteWorkspace, { organizationId: acme.id, workspaceId: gone });
  const { memberId } = await person.run(commands.acceptInvitation, { invitationId });
  expect(await world.query("SELECT workspace_id FROM workspace_assignment WHERE member_id = $1", memberId)).toEqual([
    { workspace_id: present },
  ]);
});

test("repeated inviting and canceling cannot flood an address with mail", async () => {
  for (let n = 0; n < SENDING_LIMIT_PER_ADDRESS; n++) await cancel(await acme.invite("victim@example.com", "VIEWER"));
  expect(await outcomeOf(acme.invite("victim@example.com", "VIEWER"))).toBe("RATE_LIMITED");
  world.clock.pass(60 * 60 * 1000);
  expect(await outcomeOf(acme.invite("victim@example.com", "VIEWER"))).toBe("ok");
});

test("a mail with a temporary failure is retried; a mail with a permanent failure is marked", async () => {
  const id = await acme.invite("later@example.com", "VIEWER");
  world.mailer.failure = new Error("connection refused");
  await expect(mail(id, "later@example.com")).rejects.toThrow("connection refused");
  expect(await deliveryOf(id)).toBe("QUEUED");
  await mail(id, "later@example.com", 1, true);
  expect(await deliveryOf(id)).toBe("FAILED");
  const rejected = await acme.invite("never@example.com", "VIEWER");
  world.mailer.failure = new MailRejected("no such mailbox");
  await mail(rejected, "never@example.com");
  expect(await deliveryOf(rejected)).toBe("FAILED");
  expect(await acme.eventTypes()).toContain("invitation.delivery_failed");
});

test("a token from before a change of address cannot answer invitations to the old address", async () => {
  const person = await world.person();
  const id = await acme.invite(person.email, "VIEWER");
  const token = await mail(id, person.email);
  const moved = { ...person, email: "moved@example.com", identityAt: world.clock.now() };
  await signIn(world.replica(), moved);
  for (const command of [commands.acceptInvitation, commands.declineInvitation]) {
    expect(await outcomeOf(person.run<InvitationReference, unknown>(command, { token }))).toBe(
      "INVITATION_EMAIL_MISMATCH",
    );
    expect(await outcomeOf(person.run<InvitationReference, unknown>(command, { invitationId: id }))).toBe("NOT_FOUND");
  }
  await signIn(world.replica(), { ...moved, email: person.email, emailVerified: false });
  expect(await outcomeOf(person.run(commands.acceptInvitation, { token }))).toBe("EMAIL_NOT_VERIFIED");
  await signIn(world.replica(), { ...moved, email: person.email, emailVerified: true });
  expect(await outcomeOf(person.run(commands.acceptInvitation, { token }))).toBe("ok");
});

test("a repeated job does not send a mail whose outcome is recorded", async () => {
  const person = await world.person();
  const id = await acme.invite(person.email, "VIEWER");
  const token = await mail(id, person.email);
  const events = await acme.eventTypes();
  const sent = world.mailer.sent.length;
  expect(await mail(id, person.email)).toBe(token);
  expect(world.mailer.sent).toHaveLength(sent);
  expect(await acme.eventTypes()).toEqual(events);
});

test("mails that were held back for a deleted organization are sent when it is restored", async () => {
  const person = await world.person();
  await acme.invite("expired@example.com", "VIEWER");
  world.clock.pass(INVITATION_LIFETIME_MS);
  await mail(await acme.invite("sent@example.com", "VIEWER"), "sent@example.com");
  const id = await acme.invite(person.email, "VIEWER");
  await acme.owner.run(commands.deleteOrganization, { organizationId: acme.id, confirmName: "Acme" });
  expect(await mail(id, person.email)).toBe("");
  await world.query("DELETE FROM graphile_worker._private_jobs");
  await acme.owner.run(commands.restoreOrganization, { organizationId: acme.id });
  const jobs = await world.query<{ payload: object }>("SELECT payload FROM graphile_worker._private_jobs");
  expect(jobs.map(({ payload }) => payload)).toEqual([{ organizationId: acme.id, invitationId: id, sendNumber: 1 }]);
  expect(await mail(id, person.email)).not.toBe("");
});

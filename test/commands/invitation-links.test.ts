import { commands } from "../../src/commands";
import { runCommand } from "../../src/commands/runner/run";
import { INVITATION_LIFETIME_MS, RESEND_INTERVAL_MS } from "../../src/domain/invitation";
import { REQUEST_BURST, REQUEST_INTERVAL_MS } from "../../src/domain/invitation-request";
import { RateLimiter } from "../../src/integrations/rate-limiter";
import { sendInvitation } from "../../src/jobs/send-invitation";
import { sendNotice } from "../../src/jobs/send-notice";
import { sweepInvitations } from "../../src/jobs/sweep";
import type { JobPayload } from "../../src/store/jobs";
import { type Actor, outcomeOf, type TestOrganization, World } from "../support/world";

const UNKNOWN = "There is no such invitation, or you have no access to it.";

let world: World;
let acme: TestOrganization;
let admin: Actor;
let holder: Actor;
let invitationId: string;
let token: string;
beforeAll(async () => {
  world = await World.create();
});
beforeEach(async () => {
  acme = await world.organization();
  admin = await acme.member("ADMIN");
  holder = await world.person();
  const input = { organizationId: acme.id, emails: [holder.email], role: "VIEWER" as const };
  invitationId = (await admin.run(commands.inviteMembers, input)).invitationIds[0] ?? "";
  token = await mail(1);
});
afterAll(() => world.close());

async function mail(sendNumber: number): Promise<string> {
  const payload = { organizationId: acme.id, invitationId, sendNumber };
  await sendInvitation(world.replica(), payload, false);
  return world.mailer.tokenFor(holder.email);
}
const renew = (by: Actor = admin) => by.run(commands.renewInvitationLink, { organizationId: acme.id, invitationId });
const request = (secret = token, by = holder) => by.run(commands.requestInvitation, { token: secret });
const accept = (secret: string) => outcomeOf(holder.run(commands.acceptInvitation, { token: secret }));
const secretOf = (link: string | null) => link?.split("/").at(-1) ?? "";

/** Sends the queued notices. Returns the addresses of the recipients. */
async function notified(): Promise<string[]> {
  const jobs = await world.query<{ payload: JobPayload<"send-notice"> }>(
    `WITH due AS (
       DELETE FROM graphile_worker._private_jobs j USING graphile_worker._private_tasks t
       WHERE t.id = j.task_id AND t.identifier = 'send-notice' AND j.payload ->> 'organizationId' = $1
       RETURNING j.payload
     ) SELECT payload FROM due`,
    acme.id,
  );
  world.mailer.sent.length = 0;
  for (const { payload } of jobs) await sendNotice(world.replica(), payload);
  return world.mailer.sent.map(({ to }) => to);
}
async function newest(type: string) {
  const [event] = await world.query<{ summary: string; data: unknown; actor_id: string }>(
    "SELECT summary, data, actor_id FROM organization_event WHERE organization_id = $1 AND type = $2 ORDER BY sequence DESC",
    ...[acme.id, type],
  );
  return event;
}

test("a renewed link replaces the old one, and is valid for seven days and in later mails", async () => {
  world.clock.pass(1000);
  const mails = world.mailer.sent.length;
  const { link } = await renew();
  expect(link).toMatch(/^https:\/\/app\.example\/invitations\/[\w-]{64}$/);
  const [{ expires_at: expiresAt } = { expires_at: null }] = await world.query<{ expires_at: Date }>(
    "SELECT expires_at FROM invitation WHERE id = $1",
    invitationId,
  );
  expect(expiresAt).toEqual(new Date(world.clock.now().getTime() + INVITATION_LIFETIME_MS));
  expect(await newest("invitation.link_renewed")).toMatchObject({
    summary: `The link of the invitation to ${holder.email} was renewed, without a mail.`,
    actor_id: admin.id,
  });
  const pending = "SELECT count(*)::int AS n FROM graphile_worker._private_jobs WHERE payload ->> 'invitationId' = $1";
  expect([world.mailer.sent.length, await world.query(pending, invitationId)]).toEqual([mails, [{ n: 1 }]]);
  expect(await accept(token)).toBe("NOT_FOUND");
  expect(await accept(secretOf(link))).toBe("ok");
});

test("only the hash of a renewed link is stored, also under an Idempotency-Key; a repeated request does not return the link", async () => {
  const call = {
    caller: "user:a",
    key: "k",
    requestHash: Buffer.alloc(32),
    operation: null,
    field: "f",
    fieldHash: "h",
  };
  const input = { organizationId: acme.id, invitationId };
  const { link } = await admin.run(commands.renewInvitationLink, input, call);
  expect(await admin.run(commands.renewInvitationLink, input, call)).toEqual({ invitationId, link: null });
  const [stored] = await world.query<{ all: string }>(
    `SELECT concat((SELECT string_agg(t::text, ' ') FROM invitation_token t), (SELECT string_agg(d::text, ' ') FROM dead_link d),
       (SELECT string_agg(e::text, ' ') FROM organization_event e), (SELECT string_agg(a::text, ' ') FROM idempotent_answer a),
       (SELECT string_agg(j::text, ' ') FROM graphile_worker._private_jobs j)) AS all`,
  );
  expect(stored?.all).not.toContain(secretOf(link));
  expect(await accept(secretOf(link))).toBe("ok");
});

test("a link can be renewed only while the invitation is pending", async () => {
  world.clock.pass(INVITATION_LIFETIME_MS);
  expect(await outcomeOf(renew())).toBe("INVITATION_EXPIRED");
  const open = await acme.invite("open@example.com", "VIEWER");
  await acme.owner.run(commands.cancelInvitation, { organizationId: acme.id, invitationId: open });
  const again = acme.owner.run(commands.renewInvitationLink, { organizationId: acme.id, invitationId: open });
  expect(await outcomeOf(again)).toBe("INVITATION_NOT_PENDING");
});

test("the holder of a replaced link can ask the inviter for a new one, once a day per link", async () => {
  world.clock.pass(RESEND_INTERVAL_MS);
  await admin.run(commands.resendInvitation, { organizationId: acme.id, invitationId });
  const second = await mail(2);
  expect(await outcomeOf(request(second))).toBe("INVALID_INPUT");
  await renew();
  expect(await request(token)).toEqual({ organizationName: "Acme" });
  expect(await notified()).toEqual([admin.email]);
  expect(world.mailer.sent[0]).toMatchObject({ subject: "A new invitation to Acme is requested" });
  expect(world.mailer.sent[0]?.text).toContain(holder.email);
  expect(world.mailer.sent[0]?.text).toContain(`https://app.example/organizations/${acme.id}/members`);
  world.clock.pass(REQUEST_INTERVAL_MS - 1);
  expect(await outcomeOf(request(token))).toBe("RESEND_TOO_SOON");
  expect(await outcomeOf(request(second))).toBe("ok");
  world.clock.pass(1);
  expect(await outcomeOf(request(token))).toBe("ok");
  expect(await notified()).toEqual([admin.email, admin.email]);
  expect(await newest("invitation.requested")).toMatchObject({
    actor_id: holder.id,
    data: { email: holder.email, asked: "INVITER" },
  });
});

test("the holder of an expired link can ask before and after the job marks it; parallel requests send one mail", async () => {
  world.clock.pass(INVITATION_LIFETIME_MS - 1);
  expect(await outcomeOf(request())).toBe("INVALID_INPUT");
  world.clock.pass(1);
  const replicas = Array.from({ length: 8 }, () => world.replica());
  const outcomes = await Promise.all(
    replicas.map((replica) => outcomeOf(runCommand(replica, holder, commands.requestInvitation, { token }))),
  );
  expect(outcomes.sort()).toEqual([...Array(7).fill("RESEND_TOO_SOON"), "ok"]);
  expect(await notified()).toEqual([admin.email]);
  await sweepInvitations(world.replica());
  world.clock.pass(REQUEST_INTERVAL_MS);
  expect(await outcomeOf(request())).toBe("ok");
});

test.each<[string, () => Promise<unknown>]>([
  ["has left", () => admin.run(commands.leaveOrganization, { organizationId: acme.id })],
  ["was removed", () => acme.owner.run(commands.removeMember, { organizationId: acme.id, memberId: admin.memberId })],
  [
    "may no longer invite",
    () =>
      acme.owner.run(commands.changeMemberRole, {
        ...{ organizationId: acme.id, memberId: admin.memberId, role: "DEVELOPER" as const },
      }),
  ],
  [
    "has no verified address",
    () => world.query("UPDATE user_account SET email_verified = false WHERE id = $1", admin.id),
  ],
])("the Owners get the request if the inviter %s", async (_, lose) => {
  const second = await acme.member("OWNER");
  await lose();
  if (_ === "has no verified address") world.clock.pass(INVITATION_LIFETIME_MS);
  expect(await outcomeOf(request())).toBe("ok");
  expect((await notified()).sort()).toEqual([acme.owner.email, second.email].sort());
  expect(await newest("invitation.requested")).toMatchObject({ data: { asked: "OWNERS" } });
});

test("an inviter who loses the right before the mail is sent does not get it", async () => {
  world.clock.pass(INVITATION_LIFETIME_MS);
  await request();
  await acme.owner.run(commands.changeMemberRole, {
    organizationId: acme.id,
    memberId: admin.memberId,
    role: "VIEWER",
  });
  expect(await notified()).toEqual([]);
});

test("links of answered invitations and deleted organizations get the same response as unknown links", async () => {
  await expect(request("unknown")).rejects.toThrow(UNKNOWN);
  await expect(request("")).rejects.toThrow(UNKNOWN);
  const { link } = await renew();
  await holder.run(commands.declineInvitation, { token: secretOf(link) });
  await expect(request()).rejects.toThrow(UNKNOWN);
  await expect(request(secretOf(link))).rejects.toThrow(UNKNOWN);
  await world.query("UPDATE invitation SET status = 'ACCEPTED' WHERE id = $1", invitationId);
  await expect(request()).rejects.toThrow(UNKNOWN);
  await world.query("UPDATE invitation SET status = 'EXPIRED' WHERE id = $1", invitationId);
  await acme.owner.run(commands.deleteOrganization, { organizationId: acme.id, confirmName: "Acme" });
  await expect(request()).rejects.toThrow(UNKNOWN);
  expect(await notified()).toEqual([]);
});

test("no new link can be requested for a canceled invitation", async () => {
  await admin.run(commands.cancelInvitation, { organizationId: acme.id, invitationId });
  await expect(request()).rejects.toThrow(UNKNOWN);
});

test("a person who asks too often has to wait, whatever links they use", async () => {
  const services = world.replica();
  const invitationRequests = new RateLimiter(REQUEST_BURST, 60_000);
  const limited = { ...services, integrations: { ...services.integrations, invitationRequests } };
  const ask = (person: Actor) => outcomeOf(runCommand(limited, person, commands.requestInvitation, { token: "guess" }));
  const outcomes: string[] = [];
  for (let guess = 0; guess < REQUEST_BURST + 1; guess += 1) outcomes.push(await ask(holder));
  expect(outcomes).toEqual([...Array(REQUEST_BURST).fill("NOT_FOUND"), "RATE_LIMITED"]);
  expect(await ask(admin)).toBe("NOT_FOUND");
  world.clock.pass(60_000);
  expect(await ask(holder)).toBe("NOT_FOUND");
});

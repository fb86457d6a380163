import "reflect-metadata";
import { InvitationResolver } from "../../resolvers/invitation";
import { commands } from "../../src/commands";
import { changeOrganization } from "../../src/commands/runner/run";
import { recordCreditAlert } from "../../src/commands/usage/credit-alerts";
import { signIn } from "../../src/commands/user/sign-in";
import { sendCreditAlerts } from "../../src/jobs/credit-alerts";
import { sendInvitation } from "../../src/jobs/send-invitation";
import { sendNotice } from "../../src/jobs/send-notice";
import { noticeJobs } from "../../src/store/jobs";
import { outcomeOf, type TestOrganization, World } from "../support/world";

let world: World;
let acme: TestOrganization;
beforeAll(async () => {
  world = await World.create();
});
beforeEach(async () => {
  acme = await world.organization();
});
afterAll(() => world.close());

test("nobody can remove themself: there is another mutation to leave", async () => {
  const [owner, admin] = [await acme.member("OWNER"), await acme.member("ADMIN")];
  for (const self of [owner, admin]) {
    const input = { organizationId: acme.id, memberId: self.memberId };
    await expect(self.run(commands.removeMember, input)).rejects.toMatchObject({
      refusal: { code: "INVALID_INPUT", path: ["memberId"] },
    });
    expect(await acme.memberIdOf(self)).toBe(self.memberId);
    expect(await outcomeOf(self.run(commands.leaveOrganization, { organizationId: acme.id }))).toBe("ok");
  }
  const last = { organizationId: acme.id, memberId: acme.owner.memberId };
  expect(await outcomeOf(acme.owner.run(commands.removeMember, last))).toBe("LAST_OWNER");
});

test("a member who accepts an invitation gets ALREADY_A_MEMBER and stays a member once", async () => {
  const member = await acme.member("VIEWER");
  await world.query("UPDATE user_account SET email = 'other@example.com' WHERE id = $1", member.id);
  const invitationId = await acme.invite(member.email, "ADMIN");
  await world.query("UPDATE user_account SET email = $2 WHERE id = $1", member.id, member.email);
  expect(await outcomeOf(member.run(commands.acceptInvitation, { invitationId }))).toBe("ALREADY_A_MEMBER");
  const roles = await world.query(
    "SELECT role FROM member WHERE organization_id = $1 AND user_id = $2",
    acme.id,
    member.id,
  );
  expect(roles).toEqual([{ role: "VIEWER" }]);
});

const notice = { subject: "Notice", paragraphs: ["Something happened."], page: "/somewhere" };
const noticesTo = ({ email }: { email: string }) => world.mailer.sent.filter(({ to }) => to === email).length;

const LOSSES: Array<
  [string, (owner: { memberId: string; run: TestOrganization["owner"]["run"] }) => Promise<unknown>]
> = [
  ["stays Owner", async () => undefined],
  [
    "becomes Admin",
    ({ memberId }) => acme.owner.run(commands.changeMemberRole, { organizationId: acme.id, memberId, role: "ADMIN" }),
  ],
  [
    "transfers",
    ({ run }) => run(commands.transferOwnership, { organizationId: acme.id, memberId: acme.owner.memberId }),
  ],
  ["is removed", ({ memberId }) => acme.owner.run(commands.removeMember, { organizationId: acme.id, memberId })],
  ["leaves", ({ run }) => run(commands.leaveOrganization, { organizationId: acme.id })],
];
test.each(LOSSES)("a queued notice is sent to an Owner, but not to a former Owner: %s", async (how, lose) => {
  const owner = await acme.member("OWNER");
  const [job] = noticeJobs(acme.id, [owner.id], notice);
  if (!job) throw new Error("There is no job.");
  await lose(owner);
  await sendNotice(world.replica(), job.payload);
  expect(noticesTo(owner)).toBe(how === "stays Owner" ? 1 : 0);
});

test("no notice is sent about a deleted organization", async () => {
  const [job] = noticeJobs(acme.id, [acme.owner.id], notice);
  if (!job) throw new Error("There is no job.");
  await acme.owner.run(commands.deleteOrganization, { organizationId: acme.id, confirmName: "Acme" });
  await sendNotice(world.replica(), job.payload);
  expect(noticesTo(acme.owner)).toBe(0);
});

/** Spends all credits of the plan Standard. */
async function spendAll(): Promise<void> {
  await world.query("UPDATE organization_subscription SET plan_code = 'STANDARD' WHERE organization_id = $1", acme.id);
  await world.query(
    `INSERT INTO usage_day (organization_id, day, period_start, credits)
     SELECT $1, (current_period_start AT TIME ZONE 'UTC')::date, current_period_start, 100000
     FROM organization_subscription WHERE organization_id = $1`,
    acme.id,
  );
}

async function noticedOwners(): Promise<string[]> {
  const jobs = await world.query<{ payload: { userId: string } }>("SELECT payload FROM graphile_worker._private_jobs");
  return jobs.map(({ payload }) => payload.userId).sort();
}

test("only Owners get notices", async () => {
  const [owner] = [await acme.member("OWNER"), await acme.member("ADMIN")];
  await world.query("DELETE FROM graphile_worker._private_jobs");
  await spendAll();
  await changeOrganization(world.replica(), acme.id, recordCreditAlert);
  expect(await noticedOwners()).toEqual([acme.owner.id, owner.id].sort());
});

test("a credit alert that falls due while the organization is deleted is sent after its restore", async () => {
  await spendAll();
  await acme.owner.run(commands.deleteOrganization, { organizationId: acme.id, confirmName: "Acme" });
  await world.query("DELETE FROM graphile_worker._private_jobs");
  await sendCreditAlerts(world.replica(), [acme.id]);
  expect(await noticedOwners()).toEqual([]);
  await acme.owner.run(commands.restoreOrganization, { organizationId: acme.id });
  await sendCreditAlerts(world.replica(), [acme.id]);
  expect(await noticedOwners()).toEqual([acme.owner.id]);
});

describe("the preview of a link has the same refusal as accepting it", () => {
  async function invited(email: string) {
    const invitationId = await acme.invite(email, "VIEWER");
    const payload = { organizationId: acme.id, invitationId, sendNumber: 1 };
    await sendInvitation(world.replica(), payload, false);
    return { invitationId, token: world.mailer.tokenFor(email) };
  }
  async function preview(token: string, viewer: Parameters<World["context"]>[0]) {
    const found = await new InvitationResolver().invitation(token, world.context(viewer));
    return found?.refusal?.code ?? null;
  }

  test("no refusal for the invited person, and for anonymous viewers only what does not depend on the person", async () => {
    const person = await world.person();
    const { token } = await invited(person.email);
    expect(await preview(token, person)).toBeNull();
    expect(await preview(token, { kind: "anonymous" })).toBeNull();
    expect(await outcomeOf(person.run(commands.acceptInvitation, { token }))).toBe("ok");
  });

  test("EXPIRED, EMAIL_MISMATCH, EMAIL_NOT_VERIFIED, NOT_PENDING, ALREADY_A_MEMBER", async () => {
    const [person, other, member] = [await world.person(), await world.person(), await acme.member("VIEWER")];
    const { token, invitationId } = await invited(person.email);
    const both = async (who: typeof person) => [
      await preview(token, who),
      await outcomeOf(who.run(commands.acceptInvitation, { token })),
    ];
    expect(await both(other)).toEqual(["INVITATION_EMAIL_MISMATCH", "INVITATION_EMAIL_MISMATCH"]);
    expect(await both(member)).toEqual(["INVITATION_EMAIL_MISMATCH", "INVITATION_EMAIL_MISMATCH"]);
    const unverified = { ...person, emailVerified: false };
    await signIn(world.replica(), { ...unverified, identityAt: world.clock.now() });
    expect(await preview(token, unverified)).toBe("EMAIL_NOT_VERIFIED");
    expect(await outcomeOf(person.run(commands.acceptInvitation, { token }))).toBe("EMAIL_NOT_VERIFIED");
    await signIn(world.replica(), { ...person, identityAt: world.clock.now() });
    await world.query("UPDATE user_account SET email = 'elsewhere@example.com' WHERE id = $1", person.id);
    await world.query("UPDATE user_account SET email = $2 WHERE id = $1", member.id, person.email);
    const asMember = { ...member, email: person.email };
    expect(await preview(token, asMember)).toBe("ALREADY_A_MEMBER");
    expect(await outcomeOf(member.run(commands.acceptInvitation, { token }))).toBe("ALREADY_A_MEMBER");
    await world.query("UPDATE user_account SET email = $2 WHERE id = $1", member.id, member.email);
    await world.query("UPDATE user_account SET email = $2 WHERE id = $1", person.id, person.email);
    world.clock.pass(7 * 86_400_000);
    expect(await both(person)).toEqual(["INVITATION_EXPIRED", "INVITATION_EXPIRED"]);
    expect(await preview(token, { kind: "anonymous" })).toBe("INVITATION_EXPIRED");
    const second = await invited(person.email);
    await acme.owner.run(commands.cancelInvitation, { organizationId: acme.id, invitationId: second.invitationId });
    expect(await preview(second.token, person)).toBe("INVITATION_NOT_PENDING");
    expect(invitationId).not.toBe(second.invitationId);
  });

  test("NOT_PENDING if its inviter lost the right to invite, also in rows of an earlier version", async () => {
    const person = await world.person();
    const { token } = await invited(person.email);
    const successor = await acme.member("OWNER");
    await world.query("UPDATE member SET role = 'VIEWER' WHERE id = $1", acme.owner.memberId);
    expect(await preview(token, person)).toBe("INVITATION_NOT_PENDING");
    expect(await preview(token, { kind: "anonymous" })).toBe("INVITATION_NOT_PENDING");
    await successor.run(commands.removeMember, { organizationId: acme.id, memberId: acme.owner.memberId });
    expect(await preview(token, person)).toBe("INVITATION_NOT_PENDING");
    expect(await outcomeOf(person.run(commands.acceptInvitation, { token }))).toBe("INVITATION_NOT_PENDING");
  });
});

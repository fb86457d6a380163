import { commands } from "../../src/commands";
import { INVITATION_LIFETIME_MS, RESEND_INTERVAL_MS } from "../../src/domain/invitation";
import { SENDING_WINDOW_MS } from "../../src/domain/inviting";
import { type Actor, outcomeOf, World } from "../support/world";

// Rules that a race, another rule or a unique constraint would hide: each asked plainly.
let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.close());

const refusalOf = (running: Promise<unknown>) =>
  running.then(
    () => null,
    (error: { refusal?: unknown }) => error.refusal ?? error,
  );

test("nobody removes themselves, whatever their role and however many Owners there are", async () => {
  const acme = await world.organization();
  const { id: organizationId, owner } = acme;
  const [second, admin] = [await acme.member("OWNER"), await acme.member("ADMIN")];
  for (const self of [owner, second, admin]) {
    const refusal = await refusalOf(self.run(commands.removeMember, { organizationId, memberId: self.memberId }));
    expect(refusal).toMatchObject({ code: "INVALID_INPUT", path: ["memberId"] });
  }
  expect(await outcomeOf(owner.run(commands.removeMember, { organizationId, memberId: second.memberId }))).toBe("ok");
});

test("the last Owner keeps the role, no matter who tries to take it and how", async () => {
  const acme = await world.organization();
  const { id: organizationId, owner } = acme;
  const { memberId } = owner;
  const second = await acme.member("OWNER");
  const step = (actor: Actor, of: Actor) =>
    outcomeOf(actor.run(commands.changeMemberRole, { organizationId, memberId: of.memberId, role: "ADMIN" }));
  expect(await step(second, owner)).toBe("ok");
  for (const role of ["ADMIN", "DEVELOPER", "VIEWER"] as const) {
    const refusal = refusalOf(
      second.run(commands.changeMemberRole, { organizationId, memberId: second.memberId, role }),
    );
    expect(await refusal).toMatchObject({ code: "LAST_OWNER" });
  }
  expect(await outcomeOf(second.run(commands.leaveOrganization, { organizationId }))).toBe("LAST_OWNER");
  // Keeping the role is no change, and with another Owner there is one.
  const keep = { organizationId, memberId: second.memberId, role: "OWNER" as const };
  expect(await outcomeOf(second.run(commands.changeMemberRole, keep))).toBe("ok");
  await second.run(commands.changeMemberRole, { organizationId, memberId, role: "OWNER" });
  expect(await step(second, second)).toBe("ok");
});

test("pending invitations take seats, and those that are over, swept or not, take none", async () => {
  const acme = await world.organization("STANDARD");
  const first = await acme.invite("one@example.com", "VIEWER");
  expect(await outcomeOf(acme.invite("two@example.com", "VIEWER"))).toBe("ok");
  expect(await outcomeOf(acme.invite("three@example.com", "VIEWER"))).toBe("MEMBER_LIMIT_REACHED");
  await acme.owner.run(commands.cancelInvitation, { organizationId: acme.id, invitationId: first });
  expect(await outcomeOf(acme.invite("three@example.com", "VIEWER"))).toBe("ok");
  expect(await outcomeOf(acme.invite("four@example.com", "VIEWER"))).toBe("MEMBER_LIMIT_REACHED");
  // A millisecond before they are over they are not, and at their last moment they are.
  world.clock.pass(INVITATION_LIFETIME_MS - 1);
  expect(await outcomeOf(acme.invite("four@example.com", "VIEWER"))).toBe("MEMBER_LIMIT_REACHED");
  world.clock.pass(1);
  expect(await outcomeOf(acme.invite("four@example.com", "VIEWER"))).toBe("ok");
  expect(await outcomeOf(acme.invite("five@example.com", "VIEWER"))).toBe("ok");
  expect(await outcomeOf(acme.invite("six@example.com", "VIEWER"))).toBe("MEMBER_LIMIT_REACHED");
});

test("an invited person who is a member already gets ALREADY_A_MEMBER, and the invitation stays", async () => {
  const acme = await world.organization();
  const person = await world.person();
  const invitationId = await acme.invite(person.email, "ADMIN");
  await world.query(
    "INSERT INTO member (id, organization_id, user_id, role, joined_at) VALUES (gen_random_uuid(), $1, $2, 'VIEWER', now())",
    ...[acme.id, person.id],
  );
  const refusal = await refusalOf(person.run(commands.acceptInvitation, { invitationId }));
  expect(refusal).toMatchObject({ code: "ALREADY_A_MEMBER" });
  const [row] = await world.query<{ status: string }>("SELECT status FROM invitation WHERE id = $1", invitationId);
  expect(row?.status).toBe("PENDING");
});

test("one address gets twenty mails within an hour of an organization, invited and resent together", async () => {
  const acme = await world.organization();
  const start = world.clock.now().getTime();
  const invitationId = await acme.invite("victim@example.com", "VIEWER");
  const resend = () => outcomeOf(acme.owner.run(commands.resendInvitation, { organizationId: acme.id, invitationId }));
  for (let mails = 1; mails < 20; mails++) {
    world.clock.pass(RESEND_INTERVAL_MS);
    expect([mails, await resend()]).toEqual([mails, "ok"]);
  }
  world.clock.pass(RESEND_INTERVAL_MS);
  expect(await resend()).toBe("RATE_LIMITED");
  // An hour after the first mail, there is room for one more, and not a millisecond before.
  world.clock.pass(start + SENDING_WINDOW_MS - 1 - world.clock.now().getTime());
  expect(await resend()).toBe("RATE_LIMITED");
  world.clock.pass(1);
  expect(await resend()).toBe("ok");
  world.clock.pass(RESEND_INTERVAL_MS - 1);
  expect(await resend()).toBe("RESEND_TOO_SOON");
});

import { commands } from "../../src/commands";
import { INVITATION_LIFETIME_MS, RESEND_INTERVAL_MS } from "../../src/domain/invitation";
import { SENDING_WINDOW_MS } from "../../src/domain/inviting";
import { useOfOrganizations } from "../../src/store/views/subscriptions";
import { type Actor, outcomeOf, World } from "../support/world";

// Rules that are hard to see in other tests, because races, other rules or unique constraints hide them.
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

test("nobody can remove themself, whatever their role and the number of Owners", async () => {
  const acme = await world.organization();
  const { id: organizationId, owner } = acme;
  const [second, admin] = [await acme.member("OWNER"), await acme.member("ADMIN")];
  for (const self of [owner, second, admin]) {
    const refusal = await refusalOf(self.run(commands.removeMember, { organizationId, memberId: self.memberId }));
    expect(refusal).toMatchObject({ code: "INVALID_INPUT", path: ["memberId"] });
  }
  expect(await outcomeOf(owner.run(commands.removeMember, { organizationId, memberId: second.memberId }))).toBe("ok");
});

test("nobody can take the role from the last Owner by any mutation", async () => {
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
  // The same role is no change, and with a second Owner the change is allowed.
  const keep = { organizationId, memberId: second.memberId, role: "OWNER" as const };
  expect(await outcomeOf(second.run(commands.changeMemberRole, keep))).toBe("ok");
  await second.run(commands.changeMemberRole, { organizationId, memberId, role: "OWNER" });
  expect(await step(second, second)).toBe("ok");
});

test("pending invitations take seats; ended ones do not, whether they are marked as expired or not", async () => {
  const acme = await world.organization("STANDARD");
  const first = await acme.invite("one@example.com", "VIEWER");
  expect(await outcomeOf(acme.invite("two@example.com", "VIEWER"))).toBe("ok");
  expect(await outcomeOf(acme.invite("three@example.com", "VIEWER"))).toBe("MEMBER_LIMIT_REACHED");
  await acme.owner.run(commands.cancelInvitation, { organizationId: acme.id, invitationId: first });
  expect(await outcomeOf(acme.invite("three@example.com", "VIEWER"))).toBe("ok");
  expect(await outcomeOf(acme.invite("four@example.com", "VIEWER"))).toBe("MEMBER_LIMIT_REACHED");
  const readSeats = async () => (await useOfOrganizations(world.database, world.clock.now(), [acme.id]))[0]?.seats;
  // They are pending until a millisecond before their end.
  world.clock.pass(INVITATION_LIFETIME_MS - 1);
  expect(await readSeats()).toBe(3);
  expect(await outcomeOf(acme.invite("four@example.com", "VIEWER"))).toBe("MEMBER_LIMIT_REACHED");
  world.clock.pass(1);
  expect(await readSeats()).toBe(1);
  expect(await outcomeOf(acme.invite("four@example.com", "VIEWER"))).toBe("ok");
  expect(await outcomeOf(acme.invite("five@example.com", "VIEWER"))).toBe("ok");
  expect(await outcomeOf(acme.invite("six@example.com", "VIEWER"))).toBe("MEMBER_LIMIT_REACHED");
});

test("a member who accepts an invitation gets ALREADY_A_MEMBER, and the invitation stays", async () => {
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

test("an organization can send twenty mails an hour to one address, invited and resent ones together", async () => {
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
  // One more is allowed an hour after the first mail, not a millisecond earlier.
  world.clock.pass(start + SENDING_WINDOW_MS - 1 - world.clock.now().getTime());
  expect(await resend()).toBe("RATE_LIMITED");
  world.clock.pass(1);
  expect(await resend()).toBe("ok");
  world.clock.pass(RESEND_INTERVAL_MS - 1);
  expect(await resend()).toBe("RESEND_TOO_SOON");
});

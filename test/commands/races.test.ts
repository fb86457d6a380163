import { commands } from "../../src/commands";
import { expireInvitations } from "../../src/commands/invitation/expire-invitations";
import { changeOrganization, runCommand } from "../../src/commands/runner/run";
import { signIn } from "../../src/commands/user/sign-in";
import { INVITATION_LIFETIME_MS } from "../../src/domain/invitation";
import { sendInvitation } from "../../src/jobs/send-invitation";
import { verifyAuditLog } from "../../src/store/events/verify-audit-log";
import { type Actor, outcomeOf, type TestOrganization, World } from "../support/world";

// The two sides of each race run on services with separate mutexes, like two replicas, so only the row lock separates
// them. The comments below say how each test fails if FOR NO KEY UPDATE is removed from `lockOrganization`. In most
// cases the log's primary key then refuses two events of the same number, too.
const ROUNDS = Number(process.env.PROVE_ROUNDS ?? 12);

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.close());

async function rounds(round: (index: number) => Promise<void>): Promise<void> {
  for (let index = 0; index < ROUNDS; index++) await round(index);
}

async function ownersOf(acme: TestOrganization): Promise<number> {
  const text = "SELECT count(*)::int AS n FROM member WHERE organization_id = $1 AND role = 'OWNER'";
  const [row] = await world.query<{ n: number }>(text, acme.id);
  return row?.n ?? 0;
}

/** Runs a race of two Owners, expects that one remains, and restores the roles for the next round. */
async function raceOwners(race: (acme: TestOrganization, a: Actor, b: Actor) => Promise<unknown>[]): Promise<void> {
  await rounds(async () => {
    const acme = await world.organization("STARTER");
    const second = await world.person();
    const values = [crypto.randomUUID(), acme.id, second.id];
    await world.query(
      "INSERT INTO member (id, organization_id, user_id, role, joined_at) VALUES ($1, $2, $3, 'OWNER', now())",
      ...values,
    );
    const outcomes = await Promise.all(race(acme, acme.owner, { ...second, memberId: String(values[0]) }));
    expect(outcomes).toContain("ok");
    expect(await ownersOf(acme)).toBeGreaterThanOrEqual(1);
  });
}

// Without the lock, both count two Owners, and both leave.
test("when two Owners leave at once, one stays", () =>
  raceOwners(({ id: organizationId }, a, b) =>
    [a, b].map((owner) => outcomeOf(owner.run(commands.leaveOrganization, { organizationId }))),
  ));

// Without the lock, both are demoted, because each still counts the other.
test("when two Owners demote each other, one stays Owner", () =>
  raceOwners(({ id: organizationId }, a, b) => [
    outcomeOf(a.run(commands.changeMemberRole, { organizationId, memberId: b.memberId, role: "ADMIN" })),
    outcomeOf(b.run(commands.changeMemberRole, { organizationId, memberId: a.memberId, role: "ADMIN" })),
  ]));

// Without the lock, the removal uses an old read, and removes the only Owner.
test("a simultaneous transfer and removal leave one Owner", () =>
  raceOwners(({ id: organizationId }, a, b) => [
    outcomeOf(a.run(commands.transferOwnership, { organizationId, memberId: b.memberId })),
    outcomeOf(b.run(commands.removeMember, { organizationId, memberId: a.memberId })),
  ]));

// Without the lock, both count one free seat, and both take it.
test("the last seat is taken once", () =>
  rounds(async (index) => {
    const acme = await world.organization("STANDARD");
    await acme.invite(`first-${index}@example.com`, "VIEWER");
    const invite = (email: string) =>
      outcomeOf(
        runCommand(world.replica(), acme.owner, commands.inviteMembers, {
          organizationId: acme.id,
          emails: [email],
          role: "VIEWER",
        }),
      );
    const outcomes = await Promise.all([invite(`a-${index}@example.com`), invite(`b-${index}@example.com`)]);
    expect(outcomes.sort()).toEqual(["MEMBER_LIMIT_REACHED", "ok"]);
  }));

describe("an invitation is answered only once", () => {
  let acme: TestOrganization;
  beforeAll(async () => {
    acme = await world.organization();
  });

  async function sendMail(invitationId: string): Promise<void> {
    await sendInvitation(world.replica(), { organizationId: acme.id, invitationId, sendNumber: 1 }, false);
  }

  async function race(
    sides: (invitee: Actor, invitationId: string) => Promise<string>[],
    before: (invitationId: string) => Promise<void> = async () => undefined,
  ): Promise<string[][]> {
    const all: string[][] = [];
    await rounds(async (index) => {
      // Makes room within the hourly limit.
      if (index % 100 === 0) world.clock.pass(60 * 60 * 1000);
      const invitee = await world.person();
      const invitationId = await acme.invite(invitee.email, "VIEWER");
      await before(invitationId);
      all.push(await Promise.all(sides(invitee, invitationId)));
    });
    return all;
  }
  const accept = (invitee: Actor, invitationId: string) =>
    outcomeOf(runCommand(world.replica(), invitee, commands.acceptInvitation, { invitationId }));

  // Without the lock, the second one also finds the invitation pending, and violates the unique constraint of members.
  test("by two acceptances at once", async () => {
    const all = await race((invitee, id) => [accept(invitee, id), accept(invitee, id)]);
    for (const outcomes of all) expect(outcomes.sort()).toEqual(["INVITATION_NOT_PENDING", "ok"]);
  });

  // Without the lock, both find it pending, and a canceled invitation creates a member.
  test("by acceptance or cancellation", async () => {
    const cancel = (invitationId: string) =>
      outcomeOf(acme.owner.run(commands.cancelInvitation, { organizationId: acme.id, invitationId }));
    const all = await race((invitee, id) => [accept(invitee, id), cancel(id)]);
    for (const outcomes of all) expect(outcomes.sort()).toEqual(["INVITATION_NOT_PENDING", "ok"]);
  });

  // Without the lock, a job that read the invitation earlier marks it as expired after it was accepted.
  test("by acceptance or expiry", async () => {
    await race((invitee, invitationId) => {
      const services = world.replica();
      const later = { now: () => new Date(world.clock.now().getTime() + INVITATION_LIFETIME_MS + 1) };
      const expire = changeOrganization({ ...services, clock: later }, acme.id, expireInvitations);
      return [accept(invitee, invitationId), outcomeOf(expire)];
    });
    const mixed = `SELECT count(*)::int AS n FROM invitation i JOIN user_account u ON u.email = i.email
      LEFT JOIN member m ON m.organization_id = i.organization_id AND m.user_id = u.id
      WHERE (i.status = 'ACCEPTED') <> (m.id IS NOT NULL)`;
    expect(await world.query(mixed)).toEqual([{ n: 0 }]);
  });

  const resend = (invitationId: string) => {
    const later = { now: () => new Date(world.clock.now().getTime() + 61_000) };
    const input = { organizationId: acme.id, invitationId };
    return outcomeOf(runCommand({ ...world.replica(), clock: later }, acme.owner, commands.resendInvitation, input));
  };

  // Without the lock, an accepted invitation is sent again.
  test("while it is being resent", async () => {
    const all = await race((invitee, id) => [accept(invitee, id), resend(id)]);
    for (const [accepted, resent] of all) {
      expect(accepted).toBe("ok");
      expect(["ok", "INVITATION_NOT_PENDING"]).toContain(resent);
    }
  });

  // Without the lock, a link is accepted after it became invalid.
  test("by its link, or the link is invalid because the mail was resent", async () => {
    const all = await race((invitee, id) => {
      const link = world.mailer.tokenFor(invitee.email);
      return [outcomeOf(runCommand(world.replica(), invitee, commands.acceptInvitation, { token: link })), resend(id)];
    }, sendMail);
    for (const outcomes of all) {
      expect([
        ["ok", "INVITATION_NOT_PENDING"],
        ["NOT_FOUND", "ok"],
      ]).toContainEqual(outcomes);
    }
  });

  // Without the lock, both find nobody invited, and the second one violates the unique constraint of pending
  // invitations.
  test("and two simultaneous invitations to a person create one", async () => {
    await rounds(async (index) => {
      if (index % 100 === 0) world.clock.pass(60 * 60 * 1000);
      const input = { organizationId: acme.id, emails: [`twice-${index}@example.com`], role: "VIEWER" as const };
      const invite = () => runCommand(world.replica(), acme.owner, commands.inviteMembers, input);
      const [a, b] = await Promise.all([invite(), invite()]);
      expect((a?.invitationIds.length ?? 0) + (b?.invitationIds.length ?? 0)).toBe(1);
    });
  });

  test("and the log of these changes has no gap and an intact hash chain", async () => {
    expect(await verifyAuditLog(world.database, acme.id)).toMatchObject({ ok: true });
  });
});

// There is no organization to lock yet: without ON CONFLICT in `insertUser`, all but one violate the primary key.
test("a person who signs up several times at once is provisioned once", () =>
  rounds(async (index) => {
    const id = `twin-${index}`;
    const identity = {
      id,
      name: "Twin",
      email: `${id}@example.com`,
      emailVerified: true,
      identityAt: world.clock.now(),
    };
    const identityService = {
      kind: "service",
      name: "identity",
      scopes: new Set(["users:provision"] as const),
    } as const;
    const input = { userId: id, name: "Twin", email: identity.email, emailVerified: true };
    const provisioned = await Promise.all([
      ...[1, 2].map(() => signIn(world.replica(), identity)),
      ...[1, 2].map(() => runCommand(world.replica(), identityService, commands.provisionUser, input)),
    ]);
    expect(provisioned).toHaveLength(4);
    const text = `SELECT (SELECT count(*)::int FROM organization WHERE personal_for_id = $1) AS organizations,
      (SELECT count(*)::int FROM member WHERE user_id = $1) AS members,
      (SELECT count(*)::int FROM workspace w JOIN organization o ON o.id = w.organization_id
        WHERE o.personal_for_id = $1) AS workspaces`;
    expect(await world.query(text, id)).toEqual([{ organizations: 1, members: 1, workspaces: 1 }]);
  }));

import { randomUUID } from "node:crypto";
import { commands } from "../../src/commands";
import { linkKey } from "../../src/commands/invitation/link";
import { refusalToAccept } from "../../src/domain/accepting";
import { INVITATION_LIFETIME_MS, type InvitationStatus, RESEND_INTERVAL_MS } from "../../src/domain/invitation";
import { SENDING_LIMIT, SENDING_LIMIT_PER_ADDRESS, SENDING_WINDOW_MS } from "../../src/domain/inviting";
import { sendInvitation } from "../../src/jobs/send-invitation";
import { sweepInvitations, sweepVoidInvitations } from "../../src/jobs/sweep";
import { countUse } from "../../src/store/counts";
import { previewInvitation } from "../../src/store/views/invitation-preview";
import { invitationPages, invitationTotals, visibleInvitations } from "../../src/store/views/invitations";
import { receivedInvitations } from "../../src/store/views/received-invitations";
import { useOfOrganizations } from "../../src/store/views/subscriptions";
import { type Actor, outcomeOf, type TestOrganization, World } from "../support/world";

let world: World;
let acme: TestOrganization;
beforeAll(async () => {
  world = await World.create();
});
beforeEach(async () => {
  acme = await world.organization("STANDARD");
});
afterAll(() => world.close());

async function linkOf(invitationId: string, email: string): Promise<string> {
  await sendInvitation(world.replica(), { organizationId: acme.id, invitationId, sendNumber: 1 }, false);
  return world.mailer.tokenFor(email);
}

describe("an invitation is valid for seven days", () => {
  const EDGES = [
    { left: 1, isOpen: true },
    { left: 0, isOpen: false },
  ];

  test.each(EDGES)("with $left ms left", async ({ left, isOpen }) => {
    const person = await world.person();
    const id = await acme.invite(person.email, "VIEWER");
    const token = await linkOf(id, person.email);
    world.clock.pass(INVITATION_LIFETIME_MS - left);
    const now = world.clock.now();
    const { database } = world;
    const status = isOpen ? "PENDING" : "EXPIRED";
    const page = (statuses: ["PENDING"] | ["EXPIRED"] | null) =>
      invitationPages(database, now, [acme.id], { statuses, search: null }, { limit: 10, after: null });
    expect((await page(null)).map((each) => each.status)).toEqual([status]);
    expect((await page(["PENDING"])).length).toBe(isOpen ? 1 : 0);
    expect((await page(["EXPIRED"])).length).toBe(isOpen ? 0 : 1);
    const total = async (each: InvitationStatus) =>
      (await invitationTotals(database, now, [acme.id], { statuses: [each], search: null }))[0]?.total ?? 0;
    expect([await total("PENDING"), await total("EXPIRED")]).toEqual(isOpen ? [1, 0] : [0, 1]);
    const visibility = { userId: acme.owner.id, all: false, verifiedEmail: null };
    expect((await visibleInvitations(database, now, visibility, [id]))[0]?.status).toBe(status);
    expect((await receivedInvitations(database, now, person.id)).length).toBe(isOpen ? 1 : 0);
    const preview = await previewInvitation(database, now, linkKey(token), person.id);
    if (!preview) throw new Error("There is no preview.");
    expect(preview.status).toBe(status);
    const refusal = refusalToAccept({ ...preview, hasWorkspaces: false }, person, preview, now);
    expect(refusal?.code ?? null).toBe(isOpen ? null : "INVITATION_EXPIRED");
    // The seats in the graph, and the seats that commands count.
    expect((await useOfOrganizations(database, now, [acme.id]))[0]?.seats).toBe(isOpen ? 2 : 1);
    expect((await countUse(database, acme.id, now)).pending).toBe(isOpen ? 1 : 0);
  });

  const COMMANDS: Array<[string, (person: Actor, invitationId: string) => Promise<unknown>]> = [
    ["accept", (person, invitationId) => person.run(commands.acceptInvitation, { invitationId })],
    ["decline", (person, invitationId) => person.run(commands.declineInvitation, { invitationId })],
    [
      "resend",
      (_, invitationId) => acme.owner.run(commands.resendInvitation, { organizationId: acme.id, invitationId }),
    ],
    [
      "cancel",
      (_, invitationId) => acme.owner.run(commands.cancelInvitation, { organizationId: acme.id, invitationId }),
    ],
  ];
  test.each(COMMANDS)("to %s", async (_, command) => {
    for (const { left, isOpen } of EDGES) {
      const person = await world.person();
      const id = await acme.invite(person.email, "VIEWER");
      world.clock.pass(INVITATION_LIFETIME_MS - left);
      expect(await outcomeOf(command(person, id))).toBe(isOpen ? "ok" : "INVITATION_EXPIRED");
      await acme.owner.run(commands.cancelInvitation, { organizationId: acme.id, invitationId: id }).catch(() => null);
    }
  });

  test("and takes a seat until its end, which is free afterwards even before the job runs", async () => {
    await acme.invite("first@example.com", "VIEWER");
    await acme.invite("second@example.com", "VIEWER");
    const third = () => outcomeOf(acme.invite("third@example.com", "VIEWER"));
    world.clock.pass(INVITATION_LIFETIME_MS - 1);
    expect(await third()).toBe("MEMBER_LIMIT_REACHED");
    await sweepInvitations(world.replica());
    expect(await third()).toBe("MEMBER_LIMIT_REACHED");
    world.clock.pass(1);
    expect(await third()).toBe("ok");
    expect(await outcomeOf(acme.invite("fourth@example.com", "VIEWER"))).toBe("ok");
    expect(await outcomeOf(acme.invite("fifth@example.com", "VIEWER"))).toBe("MEMBER_LIMIT_REACHED");
  });

  test("and its mail is not sent afterwards", async () => {
    const [early, late] = [
      await acme.invite("early@example.com", "VIEWER"),
      await acme.invite("late@example.com", "VIEWER"),
    ];
    world.clock.pass(INVITATION_LIFETIME_MS - 1);
    expect(await linkOf(early, "early@example.com")).not.toBe("");
    world.clock.pass(1);
    expect(await linkOf(late, "late@example.com")).toBe("");
  });
});

const resend = (invitationId: string) =>
  outcomeOf(acme.owner.run(commands.resendInvitation, { organizationId: acme.id, invitationId }));

test("an expired invitation is marked as expired, even if its inviter may no longer invite", async () => {
  const admin = await acme.member("ADMIN");
  const input = { organizationId: acme.id, emails: ["late@example.com"], role: "VIEWER" as const };
  const { invitationIds } = await admin.run(commands.inviteMembers, input);
  world.clock.pass(INVITATION_LIFETIME_MS);
  const { memberId } = admin;
  await acme.owner.run(commands.changeMemberRole, { organizationId: acme.id, memberId, role: "VIEWER" });
  await sweepVoidInvitations(world.replica());
  await sweepInvitations(world.replica());
  const stored = await world.query("SELECT status FROM invitation WHERE id = $1", invitationIds[0]);
  expect(stored).toEqual([{ status: "EXPIRED" }]);
  expect(await acme.eventTypes()).not.toContain("invitation.canceled");
});

test("an invitation can be resent a minute after the last mail, not a millisecond earlier", async () => {
  const id = await acme.invite("again@example.com", "VIEWER");
  for (let n = 0; n < 2; n++) {
    world.clock.pass(RESEND_INTERVAL_MS - 1);
    expect(await resend(id)).toBe("RESEND_TOO_SOON");
    world.clock.pass(1);
    expect(await resend(id)).toBe("ok");
  }
});

test("one address gets at most twenty mails an hour, including resent ones", async () => {
  const id = await acme.invite("victim@example.com", "VIEWER");
  const first = world.clock.now().getTime();
  for (let n = 1; n < SENDING_LIMIT_PER_ADDRESS; n++) {
    world.clock.pass(RESEND_INTERVAL_MS);
    expect(await resend(id)).toBe("ok");
  }
  world.clock.pass(RESEND_INTERVAL_MS);
  expect(await resend(id)).toBe("RATE_LIMITED");
  world.clock.pass(first + SENDING_WINDOW_MS - 1 - world.clock.now().getTime());
  expect(await resend(id)).toBe("RATE_LIMITED");
  world.clock.pass(1);
  expect(await resend(id)).toBe("ok");
  expect(await resend(id)).toBe("RESEND_TOO_SOON");
});

test("an organization can send a limited number of invitations an hour", async () => {
  const id = await acme.invite("one@example.com", "VIEWER");
  await world.query(
    `INSERT INTO organization_event (organization_id, sequence, type, occurred_at, actor_label, subject_id, summary, data, hash)
     SELECT $1, 1000 + n, 'invitation.resent', $2, 'system', $3, '', '{}', '' FROM generate_series(1, $4::int) n`,
    acme.id,
    world.clock.now(),
    randomUUID(),
    SENDING_LIMIT - 1,
  );
  world.clock.pass(SENDING_WINDOW_MS - 1);
  expect(await resend(id)).toBe("RATE_LIMITED");
  expect(await outcomeOf(acme.invite("two@example.com", "VIEWER"))).toBe("RATE_LIMITED");
  world.clock.pass(1);
  expect(await resend(id)).toBe("ok");
  expect(await outcomeOf(acme.invite("two@example.com", "VIEWER"))).toBe("ok");
});

import { commands } from "../../src/commands";
import { runCommand } from "../../src/commands/runner/run";
import { REINSTATABLE_MS } from "../../src/domain/reinstatement";
import { sweepLeftovers } from "../../src/jobs/sweep";
import { findFormerMember } from "../../src/store/former-member";
import { OpenReview } from "../support/access-review";
import { type Actor, outcomeOf, type TestOrganization, World } from "../support/world";

const HOUR_MS = 60 * 60 * 1000;

let world: World;
let acme: TestOrganization;
beforeAll(async () => {
  world = await World.create();
});
beforeEach(async () => {
  acme = await world.organization();
});
afterAll(() => world.close());

const remove = (memberId: string, by: Actor = acme.owner) =>
  by.run(commands.removeMember, { organizationId: acme.id, memberId });
const reinstate = (memberId: string, by: Actor = acme.owner) =>
  by.run(commands.reinstateMember, { organizationId: acme.id, memberId });
const rowOf = (id: string) => world.query("SELECT * FROM member WHERE id = $1", id);
const accessOf = (id: string) =>
  world.query("SELECT * FROM workspace_assignment WHERE member_id = $1 ORDER BY workspace_id", id);
async function newest() {
  const text =
    "SELECT type, summary, data FROM organization_event WHERE organization_id = $1 ORDER BY sequence DESC LIMIT 1";
  return (await world.query<{ type: string; data: unknown }>(text, acme.id))[0];
}

test("reinstating restores a member's id, role, overrides, ends of access and the day of joining", async () => {
  const [alpha, beta] = [await acme.workspace("Alpha"), await acme.workspace("Beta")];
  const member = await acme.member("DEVELOPER", [alpha]);
  const expiresAt = new Date(world.clock.now().getTime() + 48 * HOUR_MS);
  const grant = { organizationId: acme.id, workspaceId: beta, memberId: member.memberId };
  await acme.owner.run(commands.grantWorkspaceAccess, { ...grant, roleOverride: "ADMIN", expiresAt });
  const before = [await rowOf(member.memberId), await accessOf(member.memberId)];
  await remove(member.memberId);
  expect([await rowOf(member.memberId), await accessOf(member.memberId)]).toEqual([[], []]);
  world.clock.pass(HOUR_MS);
  expect(await reinstate(member.memberId.toUpperCase())).toEqual({ memberId: member.memberId });
  expect([await rowOf(member.memberId), await accessOf(member.memberId)]).toEqual(before);
  const workspaces = [
    { workspaceId: alpha, roleOverride: null, expiresAt: null },
    { workspaceId: beta, roleOverride: "ADMIN", expiresAt: expiresAt.toISOString() },
  ].sort((a, b) => (a.workspaceId < b.workspaceId ? -1 : 1));
  expect(await newest()).toEqual({
    type: "member.reinstated",
    summary: `${member.name} was reinstated as Developer.`,
    data: { userId: member.id, after: { role: "DEVELOPER", workspaces } },
  });
  expect(await outcomeOf(reinstate(member.memberId))).toBe("NOT_REINSTATABLE");
});

test("reinstating does not restore access that has ended or to deleted workspaces", async () => {
  const [kept, deleted, ended] = [await acme.workspace("A"), await acme.workspace("B"), await acme.workspace("C")];
  const member = await acme.member("VIEWER", [kept, deleted]);
  const grant = { organizationId: acme.id, workspaceId: ended, memberId: member.memberId };
  await acme.owner.run(commands.grantWorkspaceAccess, {
    ...{ ...grant, expiresAt: new Date(world.clock.now().getTime() + HOUR_MS) },
  });
  await remove(member.memberId);
  await acme.owner.run(commands.deleteWorkspace, { organizationId: acme.id, workspaceId: deleted });
  world.clock.pass(HOUR_MS);
  await reinstate(member.memberId);
  expect(await accessOf(member.memberId)).toMatchObject([{ workspace_id: kept }]);
});

test("reinstating is possible until a millisecond before 30 days have passed, and refused for another 60", async () => {
  const [early, late] = [await acme.member("VIEWER"), await acme.member("VIEWER")];
  for (const { memberId } of [early, late]) await remove(memberId);
  world.clock.pass(REINSTATABLE_MS - 1);
  await sweepLeftovers(world.replica());
  expect(await outcomeOf(reinstate(early.memberId))).toBe("ok");
  world.clock.pass(1);
  expect(await outcomeOf(reinstate(late.memberId))).toBe("NOT_REINSTATABLE");
  world.clock.pass(60 * 24 * HOUR_MS - 1);
  await sweepLeftovers(world.replica());
  expect(await outcomeOf(reinstate(late.memberId))).toBe("NOT_REINSTATABLE");
  world.clock.pass(1);
  await sweepLeftovers(world.replica());
  expect(await outcomeOf(reinstate(late.memberId))).toBe("NOT_FOUND");
});

test("reinstating is refused for somebody who left, joined again or is a member; unknown and foreign ids are not found", async () => {
  const [left, again, there] = [await acme.member("VIEWER"), await acme.member("VIEWER"), await acme.member("VIEWER")];
  await left.run(commands.leaveOrganization, { organizationId: acme.id });
  await remove(again.memberId);
  await again.run(commands.acceptInvitation, { invitationId: await acme.invite(again.email, "VIEWER") });
  for (const { memberId } of [left, again, there]) {
    expect(await outcomeOf(reinstate(memberId))).toBe("NOT_REINSTATABLE");
  }
  const other = await world.organization();
  const foreign = await other.member("VIEWER");
  await other.owner.run(commands.removeMember, { organizationId: other.id, memberId: foreign.memberId });
  for (const id of [foreign.memberId, crypto.randomUUID(), "x", ""]) {
    expect(await outcomeOf(reinstate(id))).toBe("NOT_FOUND");
  }
});

test("somebody who joined again after a removal and then left cannot be reinstated by either membership", async () => {
  const member = await acme.member("VIEWER");
  const join = async () => {
    const invitationId = await acme.invite(member.email, "VIEWER");
    return (await member.run(commands.acceptInvitation, { invitationId })).memberId;
  };
  await remove(member.memberId);
  world.clock.pass(HOUR_MS);
  const second = await join();
  await member.run(commands.leaveOrganization, { organizationId: acme.id });
  for (const id of [member.memberId, second]) expect(await outcomeOf(reinstate(id))).toBe("NOT_REINSTATABLE");
  // Having left before the removal does not count.
  world.clock.pass(HOUR_MS);
  const third = await join();
  await remove(third);
  expect(await outcomeOf(reinstate(third))).toBe("ok");
});

test("an Admin can reinstate anybody but an Owner; Developers and Viewers can reinstate nobody", async () => {
  const [admin, owner, viewer] = [await acme.member("ADMIN"), await acme.member("OWNER"), await acme.member("VIEWER")];
  const developer = await acme.member("DEVELOPER");
  await remove(owner.memberId);
  await remove(viewer.memberId);
  expect(await outcomeOf(reinstate(viewer.memberId, developer))).toBe("FORBIDDEN");
  expect(await outcomeOf(reinstate(owner.memberId, admin))).toBe("ROLE_TOO_HIGH");
  expect(await outcomeOf(reinstate(viewer.memberId, admin))).toBe("ok");
  expect(await outcomeOf(reinstate(owner.memberId))).toBe("ok");
});

test("reinstating needs a free seat, and can use the one of a pending invitation to the same person", async () => {
  acme = await world.organization("STANDARD");
  const [member] = [await acme.member("VIEWER"), await acme.member("VIEWER")];
  await remove(member.memberId);
  await acme.invite("other@example.com", "VIEWER");
  const refused = reinstate(member.memberId);
  await expect(refused).rejects.toMatchObject({
    refusal: { code: "MEMBER_LIMIT_REACHED", path: ["memberId"], limit: { used: 3, limit: 3, remaining: 0 } },
  });
  expect(await rowOf(member.memberId)).toEqual([]);
  // A scheduled smaller plan counts, too.
  const plans =
    "UPDATE organization_subscription SET plan_code = $2, scheduled_plan_code = $3 WHERE organization_id = $1";
  await world.query(plans, acme.id, "ADVANCED", "STANDARD");
  expect(await outcomeOf(reinstate(member.memberId))).toBe("MEMBER_LIMIT_REACHED");
  const text = "UPDATE invitation SET email = $1 WHERE organization_id = $2 AND status = 'PENDING'";
  await world.query(text, member.email, acme.id);
  expect(await outcomeOf(reinstate(member.memberId))).toBe("ok");
  expect(await newest()).toMatchObject({ type: "invitation.canceled", data: { reason: "ALREADY_A_MEMBER" } });
});

test("reinstating keeps an invitation to an address that the person has not verified", async () => {
  const member = await acme.member("VIEWER");
  await remove(member.memberId);
  const id = await acme.invite("claimed@example.com", "VIEWER");
  const text = "UPDATE user_account SET email = 'claimed@example.com', email_verified = false WHERE id = $1";
  await world.query(text, member.id);
  const former = await findFormerMember(world.database, acme.id, member.memberId, world.clock.now());
  expect(former?.email).toBeNull();
  await reinstate(member.memberId);
  expect(await world.query("SELECT status FROM invitation WHERE id = $1", id)).toEqual([{ status: "PENDING" }]);
});

test("reinstating is refused while a payment is past due", async () => {
  const member = await acme.member("VIEWER");
  await remove(member.memberId);
  await world.query("UPDATE organization_subscription SET status = 'PAST_DUE' WHERE organization_id = $1", acme.id);
  expect(await outcomeOf(reinstate(member.memberId))).toBe("PAYMENT_REQUIRED");
});

test("in a race for the last seat, either a reinstatement or an invitation succeeds; a person is reinstated once", async () => {
  for (let round = 0; round < 10; round += 1) {
    acme = await world.organization("STANDARD");
    const [one, two] = [await acme.member("VIEWER"), await acme.member("VIEWER")];
    for (const { memberId } of [one, two]) await remove(memberId);
    await acme.invite(`first-${round}@example.com`, "VIEWER");
    const organizationId = acme.id;
    const asOwner = () => world.session(acme.owner);
    const inviting = { organizationId, emails: [`last-${round}@example.com`], role: "VIEWER" as const };
    const outcomes = await Promise.all([
      outcomeOf(
        runCommand(world.replica(), asOwner(), commands.reinstateMember, { organizationId, memberId: one.memberId }),
      ),
      outcomeOf(
        runCommand(world.replica(), asOwner(), commands.reinstateMember, { organizationId, memberId: two.memberId }),
      ),
      outcomeOf(runCommand(world.replica(), asOwner(), commands.inviteMembers, inviting)),
    ]);
    expect(outcomes.sort()).toEqual(["MEMBER_LIMIT_REACHED", "MEMBER_LIMIT_REACHED", "ok"]);
  }
  acme = await world.organization();
  const member = await acme.member("VIEWER");
  await remove(member.memberId);
  const same = Array.from({ length: 6 }, () => outcomeOf(reinstate(member.memberId, world.session(acme.owner))));
  expect((await Promise.all(same)).sort()).toEqual([...Array(5).fill("NOT_REINSTATABLE"), "ok"]);
});

test("a member whom an access review removed can be reinstated, too", async () => {
  const workspaceId = await acme.workspace("Alpha");
  const member = await acme.member("DEVELOPER", [workspaceId]);
  const expiresAt = new Date(world.clock.now().getTime() + 48 * HOUR_MS);
  const grant = { organizationId: acme.id, workspaceId, memberId: member.memberId };
  await acme.owner.run(commands.grantWorkspaceAccess, { ...grant, roleOverride: "ADMIN", expiresAt });
  const before = [await rowOf(member.memberId), await accessOf(member.memberId)];
  const review = await OpenReview.start(acme);
  await review.decide(acme.owner, member, { decision: "REMOVE" });
  await review.complete(acme.owner);
  expect(await review.outcomeOf(member)).toBe("APPLIED");
  expect([await rowOf(member.memberId), await accessOf(member.memberId)]).toEqual([[], []]);
  expect(await reinstate(member.memberId)).toEqual({ memberId: member.memberId });
  expect([await rowOf(member.memberId), await accessOf(member.memberId)]).toEqual(before);
  expect(await newest()).toMatchObject({ type: "member.reinstated", data: { userId: member.id } });
  // The completed review does not change.
  expect(await review.outcomeOf(member)).toBe("APPLIED");
});

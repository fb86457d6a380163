import { commands } from "../../src/commands";
import { itemsOf, OpenReview, reviewOf } from "../support/access-review";
import { type Actor, outcomeOf, type TestOrganization, World } from "../support/world";

let world: World;
let acme: TestOrganization;
let admin: Actor;
let viewer: Actor;
let alpha: string;
beforeAll(async () => {
  world = await World.create();
});
beforeEach(async () => {
  acme = await world.organization();
  alpha = await acme.workspace("Alpha");
  admin = await acme.member("ADMIN");
  viewer = await acme.member("VIEWER", [alpha]);
});
afterAll(() => world.close());

const roleOf = async ({ memberId }: Actor) =>
  (await world.query<{ role: string }>("SELECT role FROM member WHERE id = $1", memberId))[0]?.role;
const workspacesOf = ({ memberId }: Actor) =>
  world.query<{ id: string; role: string | null; ends: Date | null }>(
    `SELECT workspace_id AS id, role_override AS role, expires_at AS ends FROM workspace_assignment
     WHERE member_id = $1 ORDER BY workspace_id`,
    memberId,
  );

test("completing a review applies all decisions together, and each has an outcome", async () => {
  const beta = await acme.workspace("Beta");
  const [removed, gone, changed] = [
    await acme.member("DEVELOPER"),
    await acme.member("VIEWER"),
    await acme.member("VIEWER"),
  ];
  const review = await OpenReview.start(acme);
  const ends = new Date(world.clock.now().getTime() + 86_400_000);
  const newGrants = [{ workspaceId: beta, roleOverride: "ADMIN" as const, expiresAt: ends }];
  await review.decide(acme.owner, viewer, { decision: "CHANGE", newRole: "DEVELOPER", newGrants });
  await review.decide(acme.owner, admin, { decision: "KEEP" });
  for (const each of [removed, gone, changed]) await review.decide(acme.owner, each, { decision: "REMOVE" });
  const { id: organizationId, owner } = acme;
  await owner.run(commands.removeMember, { organizationId, memberId: gone.memberId });
  await owner.run(commands.changeMemberRole, { organizationId, memberId: changed.memberId, role: "DEVELOPER" });
  world.clock.pass(5_000);
  await review.complete(owner);
  const outcomes = await Promise.all(
    [owner, admin, viewer, removed, gone, changed].map((each) => review.outcomeOf(each)),
  );
  expect(outcomes).toEqual(["UNCHANGED", "UNCHANGED", "APPLIED", "APPLIED", "MEMBER_GONE", "CHANGED_MEANWHILE"]);
  expect([await roleOf(viewer), await workspacesOf(viewer)]).toEqual([
    "DEVELOPER",
    [{ id: beta, role: "ADMIN", ends }],
  ]);
  expect([await roleOf(removed), await roleOf(changed), await roleOf(admin)]).toEqual([
    undefined,
    "DEVELOPER",
    "ADMIN",
  ]);
  expect(await reviewOf(world, review.id)).toMatchObject({
    ...{ status: "COMPLETED", completed_at: world.clock.now(), completed_by_id: owner.id },
    ...{ item_count: 6, decided_count: 5 },
  });
});

test("completing is refused while items are undecided, unless the completer gives a decision for them", async () => {
  const review = await OpenReview.start(acme);
  await review.decide(admin, viewer, { decision: "KEEP" });
  expect(await outcomeOf(review.complete(acme.owner))).toBe("REVIEW_INCOMPLETE");
  await expect(review.complete(acme.owner, "CHANGE")).rejects.toMatchObject({
    refusal: { code: "INVALID_INPUT", path: ["undecided"] },
  });
  expect(await reviewOf(world, review.id)).toMatchObject({ status: "OPEN" });
  world.clock.pass(1_000);
  await review.complete(acme.owner, "REMOVE");
  expect([await roleOf(admin), await roleOf(viewer), await roleOf(acme.owner)]).toEqual([undefined, "VIEWER", "OWNER"]);
  const [own, removed, kept] = await itemsOf(world, review.id);
  // The completer's own item may stay undecided.
  expect(own).toMatchObject({ decision: null, decided_by_id: null, decided_at: null, outcome: "UNCHANGED" });
  expect(removed).toMatchObject({
    ...{ decision: "REMOVE", decided_by_id: acme.owner.id, decided_at: world.clock.now(), outcome: "APPLIED" },
  });
  expect(kept).toMatchObject({ decision: "KEEP", decided_by_id: admin.id, outcome: "UNCHANGED" });
  expect(await reviewOf(world, review.id)).toMatchObject({ decided_count: 2 });
});

test("an Admin can complete only a review that an Admin may decide and apply", async () => {
  const review = await OpenReview.start(acme);
  expect(await outcomeOf(review.complete(admin, "KEEP"))).toBe("ROLE_TOO_HIGH");
  const second = await acme.member("OWNER");
  await acme.owner.run(commands.cancelAccessReview, review.key);
  const next = await OpenReview.start(acme);
  await next.decide(second, acme.owner, { decision: "REMOVE" });
  await next.decide(acme.owner, second, { decision: "KEEP" });
  expect(await outcomeOf(next.complete(admin, "KEEP"))).toBe("ROLE_TOO_HIGH");
  await next.decide(second, acme.owner, { decision: "KEEP" });
  expect(await outcomeOf(next.complete(admin, "KEEP"))).toBe("ok");
});

test("the last Owner stays, and the review stays open; none of its decisions is applied", async () => {
  const second = await acme.member("OWNER");
  const review = await OpenReview.start(acme);
  await review.decide(second, acme.owner, { decision: "CHANGE", newRole: "ADMIN" });
  await review.decide(acme.owner, second, { decision: "REMOVE" });
  await review.decide(acme.owner, viewer, { decision: "REMOVE" });
  expect(await outcomeOf(review.complete(acme.owner, "KEEP"))).toBe("LAST_OWNER");
  expect([await roleOf(acme.owner), await roleOf(second), await roleOf(viewer)]).toEqual(["OWNER", "OWNER", "VIEWER"]);
  expect(await reviewOf(world, review.id)).toMatchObject({ status: "OPEN", decided_count: 3 });
  await review.decide(acme.owner, second, { decision: "KEEP" });
  await review.complete(acme.owner, "KEEP");
  expect([await roleOf(acme.owner), await roleOf(second)]).toEqual(["ADMIN", "OWNER"]);
});

test("new workspaces that were deleted since the decision, or whose access has ended, are left out", async () => {
  const [beta, gamma] = [await acme.workspace("Beta"), await acme.workspace("Gamma")];
  const review = await OpenReview.start(acme);
  const expiresAt = new Date(world.clock.now().getTime() + 1);
  const newGrants = [{ workspaceId: alpha }, { workspaceId: beta }, { workspaceId: gamma, expiresAt }];
  await review.decide(acme.owner, viewer, { decision: "CHANGE", newRole: "DEVELOPER", newGrants });
  await acme.owner.run(commands.deleteWorkspace, { organizationId: acme.id, workspaceId: beta });
  world.clock.pass(1);
  await review.complete(acme.owner, "KEEP");
  expect([await roleOf(viewer), (await workspacesOf(viewer)).map(({ id }) => id)]).toEqual(["DEVELOPER", [alpha]]);
});

test("access that ended with its workspace since the start does not count as a change", async () => {
  const review = await OpenReview.start(acme);
  await review.decide(acme.owner, viewer, { decision: "REMOVE" });
  await acme.owner.run(commands.deleteWorkspace, { organizationId: acme.id, workspaceId: alpha });
  await world.query("UPDATE user_account SET name = 'Newly Named' WHERE id = $1", viewer.id);
  await review.complete(acme.owner, "KEEP");
  const text = "SELECT summary FROM organization_event WHERE organization_id = $1 AND type = 'member.removed'";
  expect(await world.query(text, acme.id)).toEqual([{ summary: "Newly Named was removed from the organization." }]);
  expect([await review.outcomeOf(viewer), await roleOf(viewer)]).toEqual(["APPLIED", undefined]);
});

test("a person who left and joined again is a new member, whom the review does not change", async () => {
  const review = await OpenReview.start(acme);
  await review.decide(acme.owner, viewer, { decision: "REMOVE" });
  await viewer.run(commands.leaveOrganization, { organizationId: acme.id });
  await viewer.run(commands.acceptInvitation, { invitationId: await acme.invite(viewer.email, "VIEWER") });
  await review.complete(acme.owner, "KEEP");
  expect([await review.outcomeOf(viewer), await acme.memberIdOf(viewer)]).toEqual(["MEMBER_GONE", expect.any(String)]);
});

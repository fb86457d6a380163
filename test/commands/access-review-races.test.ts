import { commands } from "../../src/commands";
import { itemsOf, OpenReview, reviewOf } from "../support/access-review";
import { createFixtures, OtherReplica } from "../support/other-replica";
import { type Actor, outcomeOf, World } from "../support/world";

// Another replica holds the organization's lock and changes rows that the review depends on. Completing has to wait,
// and then to use the new rows.
let world: World;
let other: OtherReplica;
beforeAll(async () => {
  world = await World.create();
  other = await OtherReplica.connect(world);
});
afterAll(async () => {
  await other.close();
  await world.close();
});

const roleOf = async ({ memberId }: { memberId: string }) =>
  (await world.query<{ role: string }>("SELECT role FROM member WHERE id = $1", memberId))[0]?.role;

test("a role that changes while a review completes is not overwritten", async () => {
  const fixtures = await createFixtures(world);
  const { acme, owner, developer } = fixtures;
  const review = await OpenReview.start(acme);
  await review.decide(owner, developer, { decision: "REMOVE" });
  const meanwhile = () => other.setRole(developer, "ADMIN");
  expect(await other.race(fixtures, meanwhile, () => review.complete(owner, "KEEP"))).toBe("ok");
  expect([await review.outcomeOf(developer), await roleOf(developer)]).toEqual(["CHANGED_MEANWHILE", "ADMIN"]);
});

test("a member who is removed while a review completes is gone, and not removed twice", async () => {
  const fixtures = await createFixtures(world);
  const { acme, owner, developer } = fixtures;
  const review = await OpenReview.start(acme);
  await review.decide(owner, developer, { decision: "CHANGE", newRole: "ADMIN" });
  const meanwhile = () => other.removeMember(developer);
  expect(await other.race(fixtures, meanwhile, () => review.complete(owner, "KEEP"))).toBe("ok");
  expect(await review.outcomeOf(developer)).toBe("MEMBER_GONE");
  const applied = (await acme.eventTypes()).slice(-2);
  expect(applied).toEqual(["access_review.decided", "access_review.completed"]);
});

test("access that ends while a completion waits is no change by others", async () => {
  const { acme, owner, developer, organizationId, workspaceId } = await createFixtures(world);
  const grants = [{ workspaceId, expiresAt: new Date(world.clock.now().getTime() + 1_000) }];
  const { memberId } = developer;
  await owner.run(commands.setWorkspaceAccess, { organizationId, memberId, grants });
  const review = await OpenReview.start(acme);
  await review.decide(owner, developer, { decision: "REMOVE" });
  const lock = () => other.query("SELECT FROM organization WHERE id = $1 FOR NO KEY UPDATE", [organizationId]);
  const complete = () => outcomeOf(review.complete(owner, "KEEP"));
  expect(await other.during(lock, complete, async () => world.clock.pass(1_000))).toBe("ok");
  expect(await review.outcomeOf(developer)).toBe("APPLIED");
});

test("the other Owner is demoted while a review removes the rest of the Owners", async () => {
  const fixtures = await createFixtures(world);
  const { acme, owner, second } = fixtures;
  const review = await OpenReview.start(acme);
  await review.decide(second, owner, { decision: "REMOVE" });
  const meanwhile = () => other.setRole(second, "ADMIN");
  expect(await other.race(fixtures, meanwhile, () => review.complete(owner, "KEEP"))).toBe("LAST_OWNER");
  expect([await roleOf(owner), (await reviewOf(world, review.id))?.status]).toEqual(["OWNER", "OPEN"]);
});

test("a member who is demoted during the completion cannot complete the review", async () => {
  const fixtures = await createFixtures(world);
  const { acme, admin } = fixtures;
  const review = await OpenReview.start(acme);
  const meanwhile = () => other.setRole(admin, "DEVELOPER");
  expect(await other.race(fixtures, meanwhile, () => review.complete(admin, "KEEP"))).toBe("FORBIDDEN");
  expect((await reviewOf(world, review.id))?.status).toBe("OPEN");
});

const CLOSINGS = ["COMPLETED", "CANCELED"] as const;
test.each(CLOSINGS)("a review that is %s meanwhile refuses decisions, completion and cancellation", async (status) => {
  const fixtures = await createFixtures(world);
  const { acme, owner, developer } = fixtures;
  const review = await OpenReview.start(acme);
  const close = () =>
    other.query(
      "UPDATE access_review SET status = $2::text, completed_at = CASE $2::text WHEN 'COMPLETED' THEN now() END WHERE id = $1",
      [...[review.id, status]],
    );
  expect(await other.race(fixtures, close, () => review.complete(owner, "REMOVE"))).toBe("REVIEW_NOT_OPEN");
  const open = "UPDATE access_review SET status = 'OPEN', completed_at = NULL WHERE id = $1";
  await world.query(open, review.id);
  const decide = () => review.decide(owner, developer, { decision: "REMOVE" });
  expect(await other.race(fixtures, close, decide)).toBe("REVIEW_NOT_OPEN");
  await world.query(open, review.id);
  expect(await other.race(fixtures, close, () => owner.run(commands.cancelAccessReview, review.key))).toBe(
    "REVIEW_NOT_OPEN",
  );
  expect([await roleOf(developer), await review.outcomeOf(developer)]).toEqual(["DEVELOPER", null]);
});

test("a workspace that is deleted while a review completes is assigned to nobody", async () => {
  const fixtures = await createFixtures(world);
  const { acme, owner, developer, workspaceId } = fixtures;
  const beta = await acme.workspace("Beta");
  const review = await OpenReview.start(acme);
  const newGrants = [{ workspaceId }, { workspaceId: beta }];
  await review.decide(owner, developer, { decision: "CHANGE", newGrants });
  const meanwhile = () => other.deleteWorkspace(beta);
  expect(await other.race(fixtures, meanwhile, () => review.complete(owner, "KEEP"))).toBe("ok");
  const assigned = "SELECT workspace_id AS id FROM workspace_assignment WHERE member_id = $1";
  expect(await world.query(assigned, developer.memberId)).toEqual([{ id: workspaceId }]);
});

test("a second review is refused while another replica starts one", async () => {
  const fixtures = await createFixtures(world);
  const { acme, owner, organizationId } = fixtures;
  const insert = () =>
    other.query(
      `INSERT INTO access_review (organization_id, id, name, status, started_at, due_at, item_count, decided_count, reminders)
       VALUES ($1, gen_random_uuid(), 'Other', 'OPEN', now(), now(), 1, 0, 0)`,
      [organizationId],
    );
  expect(await other.race(fixtures, insert, () => OpenReview.start(acme, owner))).toBe("REVIEW_OPEN_ALREADY");
});

test("of two simultaneous completions on two replicas, one succeeds and the other finds the review closed", async () => {
  const { acme, owner, second, developer } = await createFixtures(world);
  const review = await OpenReview.start(acme);
  await review.decide(owner, developer, { decision: "REMOVE" });
  const outcomes = await Promise.all([owner, second].map((by) => outcomeOf(review.complete(by, "KEEP"))));
  expect(outcomes.sort()).toEqual(["REVIEW_NOT_OPEN", "ok"]);
  const types = await acme.eventTypes();
  expect(types.filter((type) => type === "member.removed")).toHaveLength(1);
  expect(types.filter((type) => type === "access_review.completed")).toHaveLength(1);
});

test("of two simultaneous starts on two replicas, one succeeds", async () => {
  const { acme, owner, second } = await createFixtures(world);
  const outcomes = await Promise.all([owner, second].map((by) => outcomeOf(OpenReview.start(acme, by))));
  expect(outcomes.sort()).toEqual(["REVIEW_OPEN_ALREADY", "ok"]);
});

test("a completion that fails in its last step changes nothing", async () => {
  const { acme, owner, developer } = await createFixtures(world);
  const review = await OpenReview.start(acme);
  await review.decide(owner, developer, { decision: "REMOVE" });
  const before = [await acme.eventTypes(), await itemsOf(world, review.id), await reviewOf(world, review.id)];
  await world.query(
    "ALTER TABLE organization_event ADD CONSTRAINT broken CHECK (type <> 'access_review.completed') NOT VALID",
  );
  await expect(review.complete(owner, "KEEP")).rejects.toThrow("broken");
  await world.query("ALTER TABLE organization_event DROP CONSTRAINT broken");
  expect([await acme.eventTypes(), await itemsOf(world, review.id), await reviewOf(world, review.id)]).toEqual(before);
  expect(await roleOf(developer)).toBe("DEVELOPER");
  expect(await outcomeOf(review.complete(owner, "KEEP"))).toBe("ok");
});

test("an expected decision is replaced only while it is the current one", async () => {
  const acme = await world.organization();
  const [admin, viewer] = [await acme.member("ADMIN"), await acme.member("VIEWER")];
  const review = await OpenReview.start(acme);
  const itemId = review.itemOf(viewer);
  const send = (by: Actor, decidedAt: Date | null, ...takenBack: string[]) =>
    by.run(commands.decideAccessReview, {
      ...review.key,
      decisions: takenBack.length === 0 ? [{ itemId, decision: "KEEP" }] : [],
      takenBack,
      expected: [{ itemId: itemId.toUpperCase(), decidedAt }],
    });
  const now = async () => (await itemsOf(world, review.id)).find(({ id }) => id === itemId);
  const first = world.clock.now();
  await send(admin, null);
  world.clock.pass(1);
  await review.decide(acme.owner, viewer, { decision: "REMOVE" });
  for (const outdated of [null, first]) {
    for (const ids of [[], [itemId]]) {
      await expect(send(admin, outdated, ...ids)).rejects.toMatchObject({
        message: expect.stringMatching(/^Somebody else has decided on Person \d+ since then\.$/),
        refusal: { code: "DECIDED_MEANWHILE", path: ["expected", "0"] },
      });
    }
  }
  expect(await now()).toMatchObject({ decision: "REMOVE", decided_by_id: acme.owner.id });
  await send(acme.owner, world.clock.now(), itemId);
  expect(await now()).toMatchObject({ decision: null });
});

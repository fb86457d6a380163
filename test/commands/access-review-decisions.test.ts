import { randomUUID } from "node:crypto";
import { commands } from "../../src/commands";
import type { DecisionInput } from "../../src/commands/access-review/decide-access-review";
import { itemsOf, OpenReview, reviewOf } from "../support/access-review";
import { type Actor, outcomeOf, type TestOrganization, World } from "../support/world";

let world: World;
let acme: TestOrganization;
let admin: Actor;
let viewer: Actor;
let review: OpenReview;
beforeAll(async () => {
  world = await World.create();
});
beforeEach(async () => {
  acme = await world.organization();
  admin = await acme.member("ADMIN");
  viewer = await acme.member("VIEWER");
  review = await OpenReview.start(acme);
});
afterAll(() => world.close());

const decide = (by: Actor, decisions: DecisionInput[]) =>
  by.run(commands.decideAccessReview, { ...review.key, decisions });
const refusal = (code: string, ...path: string[]) => ({ refusal: { code, path } });
const itemFor = async (member: { memberId: string }) =>
  (await itemsOf(world, review.id)).find(({ id }) => id === review.itemOf(member));

test("a decision is stored with its author, time and note, and with the names of its workspaces", async () => {
  const workspaceId = await acme.workspace("Alpha");
  world.clock.pass(1_000);
  const expiresAt = new Date(world.clock.now().getTime() + 1);
  const newGrants = [{ workspaceId: workspaceId.toUpperCase(), roleOverride: "ADMIN" as const, expiresAt }];
  await review.decide(admin, viewer, { decision: "CHANGE", newRole: "DEVELOPER", newGrants, note: " Needs it. " });
  const stored = { workspaceId, workspaceName: "Alpha", roleOverride: "ADMIN", expiresAt: expiresAt.toISOString() };
  expect(await itemFor(viewer)).toMatchObject({
    ...{ decision: "CHANGE", new_role: "DEVELOPER", new_grants: [stored], note: "Needs it." },
    ...{ decided_by_id: admin.id, decided_at: world.clock.now(), outcome: null },
  });
  expect(await reviewOf(world, review.id)).toMatchObject({ decided_count: 1, status: "OPEN" });
  expect(await acme.memberIdOf(viewer)).toBe(viewer.memberId);
});

test("a later decision replaces an earlier one in the count; the log has both", async () => {
  await review.decide(admin, viewer, { decision: "CHANGE", newRole: "ADMIN", note: "First" });
  await review.decide(acme.owner, viewer, { decision: "KEEP" });
  await review.decide(acme.owner, admin, { decision: "REMOVE" });
  expect(await itemFor(viewer)).toMatchObject({
    ...{ decision: "KEEP", new_role: null, new_grants: null, note: null, decided_by_id: acme.owner.id },
  });
  expect(await reviewOf(world, review.id)).toMatchObject({ decided_count: 2 });
  const events = await world.query<{ summary: string; data: unknown }>(
    `SELECT summary, data FROM organization_event WHERE organization_id = $1 AND type = 'access_review.decided'
     AND subject_id = $2 ORDER BY sequence`,
    ...[acme.id, review.id],
  );
  const id = review.itemOf(viewer);
  const [change, keep] = [
    { decision: "CHANGE", newRole: "ADMIN", newGrants: null },
    { decision: "KEEP", newRole: null, newGrants: null },
  ];
  expect(events.map(({ summary }) => summary)).toEqual([
    "Decisions in access review “Q1”: 1 to change.",
    "Decisions in access review “Q1”: 1 to keep.",
    "Decisions in access review “Q1”: 1 to remove.",
  ]);
  expect(events[0]?.data).toEqual({ before: {}, after: { [id]: change } });
  expect(events[1]?.data).toEqual({ before: { [id]: change }, after: { [id]: keep } });
});

test("taking a decision back makes the member undecided again, with an event", async () => {
  await review.decide(admin, viewer, { decision: "CHANGE", newRole: "ADMIN", note: "First" });
  await review.decide(acme.owner, admin, { decision: "KEEP" });
  const takeBack = (by: Actor, ...ids: string[]) =>
    by.run(commands.decideAccessReview, { ...review.key, decisions: [], takenBack: ids });
  const { itemIds } = await takeBack(acme.owner, review.itemOf(viewer).toUpperCase());
  expect(itemIds).toEqual([review.itemOf(viewer)]);
  const undecided = { decision: null, new_role: null, new_grants: null, note: null };
  expect(await itemFor(viewer)).toMatchObject({ ...undecided, decided_by_id: null, decided_at: null });
  expect(await itemFor(admin)).toMatchObject({ decision: "KEEP", decided_by_id: acme.owner.id });
  expect(await reviewOf(world, review.id)).toMatchObject({ decided_count: 1 });
  const [event] = await world.query<{ summary: string; data: unknown }>(
    "SELECT summary, data FROM organization_event WHERE organization_id = $1 ORDER BY sequence DESC LIMIT 1",
    acme.id,
  );
  const id = review.itemOf(viewer);
  expect(event).toEqual({
    summary: "Decisions in access review “Q1”: 1 taken back.",
    data: {
      before: { [id]: { decision: "CHANGE", newRole: "ADMIN", newGrants: null } },
      after: { [id]: { decision: null, newRole: null, newGrants: null } },
    },
  });
  // Taking back an undecided item changes nothing.
  await takeBack(acme.owner, review.itemOf(viewer));
  expect(await reviewOf(world, review.id)).toMatchObject({ decided_count: 1 });
  await expect(takeBack(admin, review.itemOf(viewer), review.itemOf(acme.owner))).rejects.toMatchObject(
    refusal("ROLE_TOO_HIGH", "takenBack", "1"),
  );
  await expect(takeBack(admin, review.itemOf(admin))).rejects.toMatchObject(refusal("OWN_ACCESS", "takenBack", "0"));
  for (const id of ["x", randomUUID()]) expect(await outcomeOf(takeBack(admin, id))).toBe("NOT_FOUND");
  expect(await outcomeOf(review.complete(acme.owner))).toBe("REVIEW_INCOMPLETE");
});

test("nobody can decide on themself; an Admin cannot decide on an Owner or make somebody Owner", async () => {
  const second = await acme.member("OWNER");
  await acme.owner.run(commands.cancelAccessReview, review.key);
  review = await OpenReview.start(acme);
  const code = (by: Actor, member: Actor, decision: Omit<DecisionInput, "itemId">) =>
    outcomeOf(review.decide(by, member, decision));
  for (const decision of ["KEEP", "REMOVE"] as const) {
    expect(await code(admin, admin, { decision })).toBe("OWN_ACCESS");
    expect(await code(acme.owner, acme.owner, { decision })).toBe("OWN_ACCESS");
    expect(await code(admin, acme.owner, { decision })).toBe("ROLE_TOO_HIGH");
    expect(await code(acme.owner, second, { decision })).toBe("ok");
  }
  expect(await code(admin, viewer, { decision: "CHANGE", newRole: "OWNER" })).toBe("ROLE_TOO_HIGH");
  expect(await code(acme.owner, viewer, { decision: "CHANGE", newRole: "OWNER" })).toBe("ok");
  // That includes a member who became Owner after the start.
  await acme.owner.run(commands.changeMemberRole, {
    ...{ organizationId: acme.id, memberId: viewer.memberId, role: "OWNER" as const },
  });
  expect(await code(admin, viewer, { decision: "KEEP" })).toBe("ROLE_TOO_HIGH");
});

test("a person who left and joined again cannot decide on their earlier membership", async () => {
  await acme.owner.run(commands.removeMember, { organizationId: acme.id, memberId: admin.memberId });
  const invitationId = await acme.invite(admin.email, "ADMIN");
  await admin.run(commands.acceptInvitation, { invitationId });
  expect(await outcomeOf(review.decide(admin, admin, { decision: "KEEP" }))).toBe("OWN_ACCESS");
});

test("Developers, Viewers and strangers cannot decide", async () => {
  const developer = await acme.member("DEVELOPER");
  for (const [by, code] of [
    [viewer, "FORBIDDEN"],
    [developer, "FORBIDDEN"],
    [await world.person(), "NOT_FOUND"],
  ] as const) {
    expect(await outcomeOf(review.decide(by, admin, { decision: "KEEP" }))).toBe(code);
  }
});

test("one refused decision of a batch undoes all of them", async () => {
  const good = { itemId: review.itemOf(viewer), decision: "REMOVE" as const };
  const own = { itemId: review.itemOf(acme.owner), decision: "KEEP" as const };
  await expect(decide(acme.owner, [good, own])).rejects.toMatchObject(refusal("OWN_ACCESS", "decisions", "1"));
  const odd = { itemId: review.itemOf(admin), decision: "KEEP" as const, newRole: "VIEWER" as const };
  await expect(decide(acme.owner, [good, odd])).rejects.toMatchObject(
    refusal("INVALID_INPUT", "decisions", "1", "newRole"),
  );
  expect(await itemFor(viewer)).toMatchObject({ decision: null });
  expect(await reviewOf(world, review.id)).toMatchObject({ decided_count: 0 });
});

test("contradictory, empty and oversized input is refused with its path", async () => {
  const itemId = review.itemOf(viewer);
  const [keep, remove] = [
    { itemId, decision: "KEEP" as const },
    { itemId: itemId.toUpperCase(), decision: "REMOVE" as const },
  ];
  const at = (decisions: DecisionInput[]) => expect(decide(acme.owner, decisions)).rejects;
  await at([keep, remove]).toMatchObject(refusal("INVALID_INPUT", "decisions", "1", "itemId"));
  await at([]).toMatchObject(refusal("INVALID_INPUT", "decisions"));
  await at(Array.from({ length: 101 }, () => ({ ...keep, itemId: randomUUID() }))).toMatchObject(
    refusal("INVALID_INPUT", "decisions"),
  );
  await at([{ ...keep, note: "x".repeat(1001) }]).toMatchObject(refusal("INVALID_INPUT", "decisions", "0", "note"));
  await at([{ itemId, decision: "CHANGE" }]).toMatchObject(refusal("INVALID_INPUT", "decisions", "0", "decision"));
  const workspaceId = await acme.workspace("Alpha");
  const change = (newGrants: DecisionInput["newGrants"], newRole: DecisionInput["newRole"] = null) => [
    { itemId, decision: "CHANGE" as const, newGrants: newGrants ?? null, newRole },
  ];
  await at(change([{ workspaceId }, { workspaceId }])).toMatchObject(
    refusal("INVALID_INPUT", "decisions", "0", "newGrants", "1", "workspaceId"),
  );
  await at(change([{ workspaceId, expiresAt: world.clock.now() }])).toMatchObject(
    refusal("INVALID_INPUT", "decisions", "0", "newGrants", "0", "expiresAt"),
  );
  await at(change([{ workspaceId }], "ADMIN")).toMatchObject(refusal("IMPLICIT_ACCESS", "decisions", "0"));
});

test("items of another review, and workspaces of another organization or deleted ones, are NOT_FOUND", async () => {
  const globex = await world.organization();
  const foreign = await OpenReview.start(globex);
  const good = { itemId: review.itemOf(viewer), decision: "KEEP" as const };
  await acme.owner.run(commands.cancelAccessReview, review.key);
  const earlier = review;
  review = await OpenReview.start(acme);
  const ids = [foreign.itemOf(globex.owner), earlier.itemOf(viewer), viewer.memberId, randomUUID(), "x", ""];
  for (const itemId of ids) {
    expect([itemId, await outcomeOf(decide(acme.owner, [{ ...good, itemId }]))]).toEqual([itemId, "NOT_FOUND"]);
  }
  const deleted = await acme.workspace("Beta");
  await acme.owner.run(commands.deleteWorkspace, { organizationId: acme.id, workspaceId: deleted });
  for (const workspaceId of [await globex.workspace("Alpha"), deleted, randomUUID(), "x"]) {
    const change = { decision: "CHANGE" as const, newGrants: [{ workspaceId }] };
    expect([workspaceId, await outcomeOf(review.decide(acme.owner, viewer, change))]).toEqual([
      workspaceId,
      "NOT_FOUND",
    ]);
  }
  expect(await reviewOf(world, review.id)).toMatchObject({ decided_count: 0 });
});

test("deciding, completing and canceling a foreign, unknown or malformed review id is NOT_FOUND", async () => {
  const foreign = await OpenReview.start(await world.organization());
  for (const reviewId of [foreign.id, randomUUID(), "x", ""]) {
    const key = { organizationId: acme.id, reviewId };
    const decisions = [{ itemId: review.itemOf(viewer), decision: "KEEP" as const }];
    expect([
      await outcomeOf(acme.owner.run(commands.decideAccessReview, { ...key, decisions })),
      await outcomeOf(acme.owner.run(commands.completeAccessReview, { ...key, undecided: "KEEP" })),
      await outcomeOf(acme.owner.run(commands.cancelAccessReview, key)),
    ]).toEqual(["NOT_FOUND", "NOT_FOUND", "NOT_FOUND"]);
  }
});

import { randomUUID } from "node:crypto";
import { commands } from "../../src/commands";
import type { StartAccessReviewInput } from "../../src/commands/access-review/start-access-review";
import { itemsOf, reviewOf } from "../support/access-review";
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

const DAY = 86_400_000;
const inDays = (days: number) => new Date(world.clock.now().getTime() + days * DAY);
const start = (input: Partial<StartAccessReviewInput> = {}, by = acme.owner) =>
  by.run(commands.startAccessReview, { organizationId: acme.id, name: "Q1", dueAt: inDays(30), ...input });
const refusal = (code: string, ...path: string[]) => ({ refusal: { code, path: path.length > 0 ? path : null } });

test("a review stores the access of each member at its start, in the order of joining", async () => {
  const [alpha, beta] = [await acme.workspace("Alpha"), await acme.workspace("Beta")];
  world.clock.pass(1);
  const viewer = await acme.member("VIEWER", [alpha, beta]);
  world.clock.pass(1);
  const admin = await acme.member("ADMIN");
  await acme.owner.run(commands.grantWorkspaceAccess, {
    ...{ organizationId: acme.id, workspaceId: beta, memberId: viewer.memberId },
    ...{ roleOverride: "ADMIN" as const, expiresAt: inDays(10) },
  });
  await world.query("UPDATE member SET last_seen_at = $2 WHERE id = $1", viewer.memberId, inDays(-100));
  const { reviewId } = await start({ name: "  First quarter " });
  expect(await reviewOf(world, reviewId)).toMatchObject({
    ...{ organization_id: acme.id, name: "First quarter", status: "OPEN", item_count: 3, decided_count: 0 },
    ...{ started_at: world.clock.now(), due_at: inDays(30), started_by_id: acme.owner.id, reminders: 0 },
  });
  // Later changes do not affect the review.
  await acme.owner.run(commands.setWorkspaceAccess, { organizationId: acme.id, memberId: viewer.memberId, grants: [] });
  const open = { decision: null, decided_by_id: null, decided_at: null, note: null, new_role: null, new_grants: null };
  const items = await itemsOf(world, reviewId);
  expect(items.map(({ position, member_id, role }) => [position, member_id, role])).toEqual([
    ...[
      [1, acme.owner.memberId, "OWNER"],
      [2, viewer.memberId, "VIEWER"],
      [3, admin.memberId, "ADMIN"],
    ],
  ]);
  expect(items[0]).toMatchObject({ owner_rank: 1, grants: [], outcome: null, ...open });
  expect(items[1]).toMatchObject({
    ...{ user_id: viewer.id, user_name: viewer.name, owner_rank: null, last_seen_at: inDays(-100), ...open },
    grants: [
      { workspaceId: alpha, workspaceName: "Alpha", roleOverride: null, expiresAt: null },
      { workspaceId: beta, workspaceName: "Beta", roleOverride: "ADMIN", expiresAt: inDays(10).toISOString() },
    ],
  });
});

test("a grant that ends at the start is not in the review, one that ends a millisecond later is", async () => {
  const [alpha, beta] = [await acme.workspace("Alpha"), await acme.workspace("Beta")];
  const viewer = await acme.member("VIEWER");
  const grant = (workspaceId: string, expiresAt: Date) =>
    acme.owner.run(commands.grantWorkspaceAccess, {
      ...{ organizationId: acme.id, workspaceId, memberId: viewer.memberId, expiresAt },
    });
  await grant(alpha, new Date(world.clock.now().getTime() + 5));
  await grant(beta, new Date(world.clock.now().getTime() + 6));
  world.clock.pass(5);
  const { reviewId } = await start({ workspaceIds: [alpha, beta], roles: ["VIEWER"] });
  const [item] = await itemsOf(world, reviewId);
  expect(item?.grants).toEqual([expect.objectContaining({ workspaceId: beta })]);
  await acme.owner.run(commands.cancelAccessReview, { organizationId: acme.id, reviewId });
  expect(await outcomeOf(start({ workspaceIds: [alpha], roles: ["VIEWER"] }))).toBe("INVALID_INPUT");
});

test("roles and workspaces limit the reviewed members; Owners and Admins have access to every workspace", async () => {
  const [alpha, beta] = [await acme.workspace("Alpha"), await acme.workspace("Beta")];
  const inAlpha = await acme.member("VIEWER", [alpha]);
  const inBeta = await acme.member("DEVELOPER", [beta]);
  const nowhere = await acme.member("VIEWER");
  const reviewed = async (input: Partial<StartAccessReviewInput>) => {
    const { reviewId } = await start(input);
    await acme.owner.run(commands.cancelAccessReview, { organizationId: acme.id, reviewId });
    return (await itemsOf(world, reviewId)).map(({ member_id }) => member_id).sort();
  };
  const ids = (...people: Array<{ memberId: string }>) => people.map(({ memberId }) => memberId).sort();
  expect(await reviewed({ roles: null, workspaceIds: null })).toEqual(ids(acme.owner, inAlpha, inBeta, nowhere));
  expect(await reviewed({ roles: ["VIEWER", "VIEWER"] })).toEqual(ids(inAlpha, nowhere));
  expect(await reviewed({ workspaceIds: [alpha] })).toEqual(ids(acme.owner, inAlpha));
  expect(await reviewed({ workspaceIds: [alpha.toUpperCase(), beta, alpha] })).toEqual(
    ids(acme.owner, inAlpha, inBeta),
  );
  expect(await reviewed({ workspaceIds: [alpha, beta], roles: ["DEVELOPER"] })).toEqual(ids(inBeta));
});

test("Owners are ranked among all Owners, even if the review leaves some out", async () => {
  world.clock.pass(1);
  const second = await acme.member("OWNER");
  world.clock.pass(1);
  const third = await acme.member("OWNER");
  await world.query("UPDATE member SET joined_at = joined_at - interval '1 day' WHERE id = $1", third.memberId);
  const { reviewId } = await start();
  const ranks = (await itemsOf(world, reviewId)).map(({ member_id, owner_rank }) => [member_id, owner_rank]);
  expect(Object.fromEntries(ranks)).toEqual({
    ...{ [third.memberId]: 1, [acme.owner.memberId]: 2, [second.memberId]: 3 },
  });
});

test("a review contains no members of other organizations", async () => {
  const globex = await world.organization();
  await globex.member("VIEWER");
  const { reviewId } = await start();
  expect(await itemsOf(world, reviewId)).toHaveLength(1);
});

test.each<[string, Partial<StartAccessReviewInput>, string, string[]]>([
  ["an empty name", { name: " " }, "INVALID_INPUT", ["name"]],
  ["a name of 101 characters", { name: "x".repeat(101) }, "INVALID_INPUT", ["name"]],
  ["no roles", { roles: [] }, "INVALID_INPUT", ["roles"]],
  ["no workspaces", { workspaceIds: [] }, "INVALID_INPUT", ["workspaceIds"]],
  ["roles that nobody has", { roles: ["DEVELOPER"] }, "INVALID_INPUT", ["roles"]],
])("a review with %s is refused", async (_, input, code, path) => {
  await expect(start(input)).rejects.toMatchObject(refusal(code, ...path));
  expect(await world.query("SELECT FROM access_review WHERE organization_id = $1", acme.id)).toEqual([]);
});

test("a review needs a due date in the future, and can have a name of 100 characters", async () => {
  await expect(start({ dueAt: world.clock.now() })).rejects.toMatchObject(refusal("INVALID_INPUT", "dueAt"));
  const dueAt = new Date(world.clock.now().getTime() + 1);
  const { reviewId } = await start({ dueAt, name: "x".repeat(100) });
  // Both reminders would be due before the start.
  expect(await reviewOf(world, reviewId)).toMatchObject({ due_at: dueAt, reminders: 2 });
});

test("foreign, deleted, unknown and malformed workspace ids are NOT_FOUND", async () => {
  const globex = await world.organization();
  const deleted = await acme.workspace("Beta");
  await acme.owner.run(commands.deleteWorkspace, { organizationId: acme.id, workspaceId: deleted });
  const good = await acme.workspace("Alpha");
  for (const id of [await globex.workspace("Alpha"), deleted, randomUUID(), "x", ""]) {
    expect([id, await outcomeOf(start({ workspaceIds: [good, id] }))]).toEqual([id, "NOT_FOUND"]);
  }
});

test("one review can be open at a time, and a constraint enforces that, too", async () => {
  const { reviewId } = await start();
  await expect(start()).rejects.toMatchObject(refusal("REVIEW_OPEN_ALREADY"));
  const second = "INSERT INTO access_review SELECT (jsonb_populate_record(r, jsonb_build_object('id', $2::text))).*";
  const insert = () => world.query(`${second} FROM access_review r WHERE r.id = $1`, reviewId, randomUUID());
  await expect(insert()).rejects.toThrow("access_review_one_open");
  await acme.owner.run(commands.cancelAccessReview, { organizationId: acme.id, reviewId });
  expect(await outcomeOf(start())).toBe("ok");
  expect(
    await outcomeOf(
      (await world.organization()).owner.run(commands.startAccessReview, {
        ...{ organizationId: acme.id, name: "Q1", dueAt: inDays(30) },
      }),
    ),
  ).toBe("NOT_FOUND");
});

test("a canceled review applies nothing and refuses decisions, completion and a second cancellation", async () => {
  const viewer = await acme.member("VIEWER");
  const { reviewId } = await start();
  const item = (await itemsOf(world, reviewId)).find(({ member_id }) => member_id === viewer.memberId);
  const decisions = [{ itemId: item?.id ?? "", decision: "REMOVE" as const }];
  const key = { organizationId: acme.id, reviewId };
  await acme.owner.run(commands.decideAccessReview, { ...key, decisions });
  const before = await acme.eventTypes();
  await acme.owner.run(commands.cancelAccessReview, key);
  expect((await acme.eventTypes()).slice(before.length)).toEqual(["access_review.canceled"]);
  expect(await reviewOf(world, reviewId)).toMatchObject({ status: "CANCELED", completed_at: null });
  expect(await acme.memberIdOf(viewer)).toBe(viewer.memberId);
  for (const act of [
    () => acme.owner.run(commands.decideAccessReview, { ...key, decisions }),
    () => acme.owner.run(commands.completeAccessReview, { ...key, undecided: "KEEP" }),
    () => acme.owner.run(commands.cancelAccessReview, key),
  ]) {
    await expect(act()).rejects.toMatchObject(refusal("REVIEW_NOT_OPEN"));
  }
});

test("the log has the start and the cancellation with their actor", async () => {
  const { reviewId } = await start({ roles: ["OWNER"] });
  await acme.owner.run(commands.cancelAccessReview, { organizationId: acme.id, reviewId });
  const events = await world.query(
    `SELECT type, subject_id AS subject, actor_id AS actor, summary, data FROM organization_event
     WHERE organization_id = $1 AND type LIKE 'access_review.%' ORDER BY sequence`,
    acme.id,
  );
  const by = { subject: reviewId, actor: acme.owner.id };
  const scope = { roles: ["OWNER"], workspaceIds: null, itemCount: 1 };
  expect(events).toEqual([
    {
      ...{ type: "access_review.started", ...by, summary: "Access review “Q1” of 1 member was started." },
      data: { after: { name: "Q1", dueAt: inDays(30).toISOString(), ...scope } },
    },
    {
      ...{ type: "access_review.canceled", ...by, summary: "Access review “Q1” was canceled; nothing was applied." },
      data: { before: { status: "OPEN" }, after: { status: "CANCELED" } },
    },
  ]);
});

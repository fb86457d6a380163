import { parse, validate } from "graphql";
import { commands } from "../../src/commands";
import { Refused } from "../../src/domain/refusal";
import type { Viewer } from "../../src/domain/viewer";
import { createExecutor } from "../../src/server/graphql/execute";
import { guardedSchema } from "../../src/server/graphql/schema";
import { itemsOf, OpenReview } from "../support/access-review";
import { type Actor, silentLog, type TestOrganization, World } from "../support/world";

const schema = guardedSchema();
const execute = createExecutor(schema, silentLog);
let world: World;
let acme: TestOrganization;
let admin: Actor;
beforeAll(async () => {
  world = await World.create();
});
beforeEach(async () => {
  acme = await world.organization();
  admin = await acme.member("ADMIN");
});
afterAll(() => world.close());

const viewerOf = ({ id, name, email, emailVerified }: Actor): Viewer => ({
  ...{ kind: "person", id, name, email, emailVerified },
});
/** The data that a person reads. Throws if there is an error. */
async function read(by: Actor, text: string, variables: Record<string, unknown> = {}) {
  const document = parse(text);
  expect(validate(schema, document)).toEqual([]);
  const { data, errors } = await execute({ document, variables, context: world.context(viewerOf(by)) });
  expect(errors).toBeUndefined();
  return JSON.parse(JSON.stringify(data)).organization;
}
const inReviews = (by: Actor, selection: string, args = "first: 1") =>
  read(
    by,
    `{ organization(id: "${acme.id}") { accessReviews(${args}) { totalCount pageInfo { endCursor hasNextPage }
    nodes { id ${selection} } } } }`,
  ).then(({ accessReviews }) => accessReviews);

test("reviews are paged newest first, and filtered by their state", async () => {
  const ids: string[] = [];
  for (let count = 0; count < 3; count++) {
    const review = await OpenReview.start(acme);
    ids.unshift(review.id);
    if (count < 2) await acme.owner.run(commands.cancelAccessReview, review.key);
    world.clock.pass(count % 2);
  }
  const all = await inReviews(admin, "", "first: 100");
  const found = all.nodes.map(({ id }: { id: string }) => id);
  expect([all.totalCount, [...found].sort()]).toEqual([3, [...ids].sort()]);
  expect(found[0]).toBe(ids[0]);
  const paged: string[] = [];
  for (let after: string | null = null; ; ) {
    const page = await inReviews(admin, "", `first: 1${after ? `, after: "${after}"` : ""}`);
    paged.push(...page.nodes.map(({ id }: { id: string }) => id));
    after = page.pageInfo.endCursor;
    if (!page.pageInfo.hasNextPage) break;
  }
  expect(paged).toEqual(found);
  expect((await inReviews(admin, "", "statuses: [OPEN]")).nodes).toEqual([{ id: ids[0] }]);
  expect((await inReviews(admin, "", "statuses: [CANCELED]")).totalCount).toBe(2);
  expect((await inReviews(admin, "", "first: 1, statuses: [CANCELED]")).totalCount).toBe(2);
  expect((await inReviews(admin, "", "statuses: []")).totalCount).toBe(0);
});

test("items are paged in their order, all or only the undecided ones, even while decisions are made", async () => {
  for (let count = 0; count < 4; count++) await acme.member("VIEWER");
  const review = await OpenReview.start(acme);
  const stored = await itemsOf(world, review.id);
  const pageOf = async (args: string) => {
    const { nodes } = await inReviews(acme.owner, `items(${args}) { totalCount pageInfo { endCursor } nodes { id } }`);
    const { items } = nodes[0];
    return { ...items, ids: items.nodes.map(({ id }: { id: string }) => id) };
  };
  const ids = stored.map(({ id }) => id);
  expect(await pageOf("first: 100")).toMatchObject({ ids, totalCount: 6 });
  const first = await pageOf("first: 2, undecided: true");
  expect(first.ids).toEqual(ids.slice(0, 2));
  const decisions = [ids[1], ids[3]].map((itemId) => ({ itemId: itemId ?? "", decision: "KEEP" as const }));
  await acme.owner.run(commands.decideAccessReview, { ...review.key, decisions });
  const next = await pageOf(`first: 2, undecided: true, after: "${first.pageInfo.endCursor}"`);
  expect(next).toMatchObject({ ids: [ids[2], ids[4]], totalCount: 4 });
  expect(await pageOf("undecided: false")).toMatchObject({ ids });
});

test("the field with the refusal equals the refusal of decideAccessReview for all viewers and states", async () => {
  const second = await acme.member("OWNER");
  const viewer = await acme.member("VIEWER");
  const people = [acme.owner, second, admin, viewer];
  const review = await OpenReview.start(acme);
  const raise = { organizationId: acme.id, memberId: viewer.memberId, role: "OWNER" as const };
  const states = [
    async () => undefined,
    () => acme.owner.run(commands.changeMemberRole, raise),
    () => acme.owner.run(commands.cancelAccessReview, review.key),
  ];
  for (const change of states) {
    await change();
    for (const by of [acme.owner, second, admin]) {
      const { nodes } = await inReviews(by, "items { nodes { id decisionRefusal { code message } } }");
      for (const { id, decisionRefusal } of nodes[0].items.nodes) {
        const member = people.find((each) => review.itemOf(each) === id);
        if (!member) throw new Error("An item of nobody.");
        const refusal = await review.decide(by, member, { decision: "KEEP" }).then(
          () => null,
          (error: unknown) => (error instanceof Refused ? error.refusal : { code: "?", message: String(error) }),
        );
        const expected = refusal && { code: refusal.code, message: refusal.message };
        expect([by.name, member.name, decisionRefusal]).toEqual([by.name, member.name, expected]);
      }
    }
  }
});

test("100 items with every field cost the same number of statements as two", async () => {
  const everything = `items(first: 100) { nodes { id userName role lastSeenAt findings decision decidedAt note newRole outcome
    decisionRefusal { code } grants { workspaceId workspaceName roleOverride expiresAt } newGrants { workspaceId }
    member { id user { name } } decidedBy { name } } }`;
  const count = async () => {
    const before = world.database.statementCount();
    await inReviews(acme.owner, everything, "statuses: [OPEN]");
    return world.database.statementCount() - before;
  };
  const small = await OpenReview.start(acme);
  await small.decide(acme.owner, admin, { decision: "KEEP" });
  const few = await count();
  await acme.owner.run(commands.cancelAccessReview, small.key);
  for (let members = 0; members < 20; members++) await acme.member("VIEWER");
  const review = await OpenReview.start(acme);
  const items = (await itemsOf(world, review.id)).filter(({ member_id }) => member_id !== acme.owner.memberId);
  const decisions = items.map(({ id }) => ({ itemId: id, decision: "KEEP" as const }));
  await acme.owner.run(commands.decideAccessReview, { ...review.key, decisions });
  expect(await count()).toBe(few);
});

test("an item has the access at the start, the findings and the decision", async () => {
  const workspaceId = await acme.workspace("Alpha");
  const viewer = await acme.member("VIEWER");
  await acme.owner.run(commands.grantWorkspaceAccess, {
    ...{ organizationId: acme.id, workspaceId, memberId: viewer.memberId, roleOverride: "ADMIN" as const },
  });
  const review = await OpenReview.start(acme);
  await review.decide(admin, viewer, { decision: "CHANGE", newRole: "DEVELOPER", newGrants: [], note: "Why" });
  await acme.owner.run(commands.removeMember, { organizationId: acme.id, memberId: viewer.memberId });
  const { nodes } = await inReviews(
    acme.owner,
    `items { nodes { userName role findings decision newRole note newGrants { workspaceId } member { id }
       grants { workspaceName roleOverride expiresAt } decidedBy { id } decidedAt } }`,
  );
  expect(nodes[0].items.nodes[2]).toEqual({
    ...{ userName: viewer.name, role: "VIEWER", findings: ["RAISED_BY_OVERRIDE", "PERMANENT_OVERRIDE"], member: null },
    ...{ decision: "CHANGE", newRole: "DEVELOPER", note: "Why", newGrants: [], decidedBy: { id: admin.id } },
    ...{ decidedAt: world.clock.now().toISOString() },
    grants: [{ workspaceName: "Alpha", roleOverride: "ADMIN", expiresAt: null }],
  });
});

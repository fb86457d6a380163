import { randomUUID } from "node:crypto";
import { commands } from "../../src/commands";
import { verifyAuditLog } from "../../src/store/events/verify-audit-log";
import { itemsOf } from "../support/access-review";
import { type TestOrganization, World } from "../support/world";

let world: World;
let acme: TestOrganization;
beforeAll(async () => {
  world = await World.create();
  acme = await world.organization("ENTERPRISE");
});
afterAll(() => world.close());

/**
 * Members of the review. `npm run prove` takes 10,000, whose completion must not hold the organization's lock for more
 * than 2 s.
 */
const MEMBERS = Number(process.env.PROVE_MEMBERS ?? 1_000);

/** Adds members, each with two workspaces, one of them with an override. */
async function addMembers(count: number): Promise<void> {
  const [alpha, beta] = [await acme.workspace("Alpha"), await acme.workspace("Beta")];
  const text = (query: string) => world.query(query, acme.id, count, alpha, beta);
  await text(`
    WITH args AS (SELECT $1::uuid, $3::uuid, $4::uuid)
    INSERT INTO user_account (id, name, email_verified, identity_at, created_at, search_text)
    SELECT 'many-' || n, 'Member ' || n, false, now(), now(), 'member' FROM generate_series(1, $2::int) n, args`);
  await text(`
    WITH args AS (SELECT $3::uuid, $4::uuid)
    INSERT INTO member (id, organization_id, user_id, role, joined_at)
    SELECT gen_random_uuid(), $1, 'many-' || n, 'VIEWER', now() FROM generate_series(1, $2::int) n, args`);
  await text(`
    INSERT INTO workspace_assignment (organization_id, member_id, workspace_id, role_override)
    SELECT $1, m.id, w.id, w.role FROM member m, (VALUES ($3::uuid, NULL), ($4::uuid, 'ADMIN')) AS w (id, role)
    WHERE m.organization_id = $1 AND m.user_id LIKE 'many-%' AND $2::int > 0`);
}

test("a large review starts, is decided in batches of 100 and completes in a fixed number of statements", async () => {
  await addMembers(MEMBERS);
  const organizationId = acme.id;
  const started = performance.now();
  const { reviewId } = await acme.owner.run(commands.startAccessReview, {
    ...{ organizationId, name: "Q1", dueAt: new Date(world.clock.now().getTime() + 1) },
  });
  const times = { start: performance.now() - started, decide: 0, complete: 0 };
  const items = await itemsOf(world, reviewId);
  expect(items).toHaveLength(MEMBERS + 1);
  const others = items.filter(({ member_id }) => member_id !== acme.owner.memberId);
  const [alpha] = await world.query<{ id: string }>("SELECT id FROM workspace WHERE name = 'Alpha'");
  for (let from = 0; from < MEMBERS; from += 100) {
    const decisions = others.slice(from, from + 100).map(({ id }, index) => {
      if (index % 3 === 0) return { itemId: id, decision: "REMOVE" as const };
      if (index % 3 === 1) return { itemId: id, decision: "KEEP" as const };
      const newGrants = [{ workspaceId: alpha?.id ?? randomUUID() }];
      return { itemId: id, decision: "CHANGE" as const, newRole: "DEVELOPER" as const, newGrants };
    });
    const begun = performance.now();
    await acme.owner.run(commands.decideAccessReview, { organizationId, reviewId, decisions });
    times.decide = Math.max(times.decide, performance.now() - begun);
  }
  const begun = performance.now();
  const before = world.database.statementCount();
  await acme.owner.run(commands.completeAccessReview, { organizationId, reviewId });
  times.complete = performance.now() - begun;
  expect(world.database.statementCount() - before).toBeLessThan(25);
  process.stdout.write(`review of ${MEMBERS}: ${JSON.stringify(times)} ms\n`);
  const outcomes = await world.query(
    "SELECT outcome, count(*)::int AS n FROM access_review_item WHERE review_id = $1 GROUP BY outcome ORDER BY outcome",
    reviewId,
  );
  // Of a hundred members, 34 are removed and 33 are changed.
  expect(outcomes).toEqual([
    { outcome: "APPLIED", n: 0.67 * MEMBERS },
    { outcome: "UNCHANGED", n: 0.33 * MEMBERS + 1 },
  ]);
  expect(await world.query("SELECT FROM member WHERE organization_id = $1", acme.id)).toHaveLength(0.66 * MEMBERS + 1);
  expect(await verifyAuditLog(world.database, acme.id)).toMatchObject({ ok: true });
});

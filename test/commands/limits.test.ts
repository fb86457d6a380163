import { randomUUID } from "node:crypto";
import { commands } from "../../src/commands";
import { grantLlmAccess } from "../../src/commands/byok/grant-llm-access";
import { changeOrganization } from "../../src/commands/runner/run";
import { renewSubscription } from "../../src/commands/subscription/renew-subscription";
import { parseGrants } from "../../src/commands/workspace/parse-workspace-grants";
import { creditPeriod } from "../../src/domain/credits";
import { RESTORABLE_MS } from "../../src/domain/organization";
import { periodEnd } from "../../src/domain/plan";
import { MAX_RECORD_AGE_MS, monthsOfReceipt } from "../../src/domain/usage";
import { sweepCreditAlerts, sweepInvitations, sweepLeftovers, sweepSubscriptions } from "../../src/jobs/sweep";
import type { Database } from "../../src/store/engine/database";
import { assertKnown, Epochs, FIRST_EPOCH } from "../../src/store/events/epochs";
import { spend, workspacesOf } from "../support/metering";
import { outcomeOf, type TestOrganization, World } from "../support/world";

const DAY_MS = 86_400_000;

let world: World;
let acme: TestOrganization;
beforeAll(async () => {
  world = await World.create();
});
beforeEach(async () => {
  acme = await world.organization("STANDARD");
});
afterAll(() => world.close());

test("a deleted organization can be restored for thirty days, not a millisecond longer", async () => {
  const remove = () => acme.owner.run(commands.deleteOrganization, { organizationId: acme.id, confirmName: "Acme" });
  const restore = () => outcomeOf(acme.owner.run(commands.restoreOrganization, { organizationId: acme.id }));
  const { restorableUntil } = await remove();
  expect(restorableUntil.getTime()).toBe(world.clock.now().getTime() + RESTORABLE_MS);
  world.clock.pass(RESTORABLE_MS - 1);
  expect(await restore()).toBe("ok");
  await remove();
  world.clock.pass(RESTORABLE_MS);
  expect(await restore()).toBe("NOT_FOUND");
});

test("a period is renewed at its end, not a millisecond earlier", async () => {
  const starts = async () => {
    const text = "SELECT current_period_start AS start FROM organization_subscription WHERE organization_id = $1";
    return (await world.query<{ start: Date }>(text, acme.id))[0]?.start;
  };
  const text = "SELECT current_period_end AS ends FROM organization_subscription WHERE organization_id = $1";
  const [row] = await world.query<{ ends: Date }>(text, acme.id);
  const ends = row?.ends ?? new Date(0);
  const before = await starts();
  world.clock.pass(ends.getTime() - 1 - world.clock.now().getTime());
  await sweepSubscriptions(world.replica());
  expect(await starts()).toEqual(before);
  world.clock.pass(1);
  await sweepSubscriptions(world.replica());
  expect(await starts()).toEqual(ends);
  // Another replica may have found it due, too.
  await changeOrganization(world.replica(), acme.id, renewSubscription);
  expect(await starts()).toEqual(ends);
});

test("the periods that ended while an organization was deleted are skipped after its restoration", async () => {
  const period = async () => {
    const text =
      "SELECT current_period_start AS start, current_period_end AS ends FROM organization_subscription WHERE organization_id = $1";
    const [row] = await world.query<{ start: Date; ends: Date }>(text, acme.id);
    return row ?? { start: new Date(0), ends: new Date(0) };
  };
  const { start, ends } = await period();
  const next = periodEnd(start, "MONTHLY", ends);
  await world.query("UPDATE organization SET deleted_at = $2 WHERE id = $1", acme.id, world.clock.now());
  world.clock.pass(next.getTime() - world.clock.now().getTime());
  await sweepSubscriptions(world.replica());
  expect(await period()).toEqual({ start, ends });
  await world.query("UPDATE organization SET deleted_at = NULL WHERE id = $1", acme.id);
  await sweepSubscriptions(world.replica());
  expect(await period()).toEqual({ start: next, ends: periodEnd(start, "MONTHLY", next) });
});

/** A database in which a job's first batch is full, of organizations that were purged meanwhile. */
function behindFullBatch(statement: string): Database {
  let isFirst = true;
  const rows: Database["rows"] = async (each, values) => {
    if (each.name !== statement || !isFirst) return await world.database.rows(each, values);
    isFirst = false;
    return Array.from({ length: 200 }, () => ({ organizationId: randomUUID() })) as never;
  };
  return Object.assign(Object.create(world.database) as Database, { rows });
}

test("one run of the jobs for invitations and periods processes all batches", async () => {
  const invitationId = await acme.invite("late@example.com", "VIEWER");
  world.clock.pass(40 * DAY_MS);
  const after = (statement: string) => ({ ...world.replica(), database: behindFullBatch(statement) });
  await sweepInvitations(after("organizations-with-overdue-invitations"));
  const invitation = "SELECT status FROM invitation WHERE id = $1";
  expect(await world.query(invitation, invitationId)).toEqual([{ status: "EXPIRED" }]);
  await sweepSubscriptions(after("due-subscriptions"));
  const period = "SELECT current_period_end > $2 AS renewed FROM organization_subscription WHERE organization_id = $1";
  expect(await world.query(period, acme.id, world.clock.now())).toEqual([{ renewed: true }]);
});

async function defaultWorkspace(): Promise<string> {
  const text = "SELECT id FROM workspace WHERE organization_id = $1 AND is_default";
  return (await world.query<{ id: string }>(text, acme.id))[0]?.id ?? "";
}

test("new credits are granted at the end of the period, not a millisecond earlier", async () => {
  const workspaceId = await defaultWorkspace();
  const founded = world.clock.now();
  await spend(world, workspaceId, 10_000);
  const { start, end } = creditPeriod(founded, founded);
  expect(start).toEqual(founded);
  expect(creditPeriod(founded, new Date(end.getTime() - 1))).toEqual({ start, end });
  expect(creditPeriod(founded, end).start).toEqual(end);
  const kindOf = async () => (await grantLlmAccess(world.replica(), workspaceId)).kind;
  const balance = async () => {
    const { loaders } = world.context(acme.owner);
    const subscription = await loaders.subscriptionOfOrganization.load(acme.id);
    return subscription ? (await loaders.credits.load(subscription)).balance.used : -1;
  };
  world.clock.pass(end.getTime() - 1 - world.clock.now().getTime());
  expect(await balance()).toBe(10_000);
  world.clock.pass(1);
  expect([await kindOf(), await balance()]).toEqual(["platform", 0]);
});

test("records count as received in both months for ten minutes before and after the turn of a month", () => {
  const turn = Date.parse("2026-05-01T00:00:00Z");
  const of = (offset: number) => monthsOfReceipt(new Date(turn + offset));
  const [april, may] = ["2026-04-01", "2026-05-01"];
  expect(of(-10 * 60_000 - 1)).toEqual([april, april]);
  expect(of(-10 * 60_000)).toEqual([april, may]);
  expect(of(10 * 60_000 - 1)).toEqual([april, may]);
  expect(of(10 * 60_000)).toEqual([may, may]);
});

test("the job sends the alert about calls of the last two hours at once, about earlier ones at the full hour", async () => {
  const globex = await world.organization("STANDARD");
  const alerts = async (organization: TestOrganization) =>
    (await organization.eventTypes()).filter((type) => type === "credits.threshold_reached").length;
  const passTo = async (time: string) => {
    world.clock.pass(Date.parse(`1970-01-01T${time}Z`) - (world.clock.now().getTime() % DAY_MS));
    await sweepCreditAlerts(world.replica());
    return [await alerts(acme), await alerts(globex)];
  };
  world.clock.pass(DAY_MS - (world.clock.now().getTime() % DAY_MS));
  await spend(world, await defaultWorkspace(), 10_000);
  expect(await passTo("01:59:59")).toEqual([1, 0]);
  const [workspaceId = ""] = await workspacesOf(world, globex.id);
  await spend(world, workspaceId, 10_000);
  const { owner, id: organizationId } = globex;
  await owner.run(commands.deleteOrganization, { organizationId, confirmName: "Acme" });
  expect(await passTo("02:30:00")).toEqual([1, 0]);
  await owner.run(commands.restoreOrganization, { organizationId });
  expect(await passTo("03:00:01")).toEqual([1, 1]);
  const founded = world.clock.now();
  const late = await world.organization("STANDARD");
  const [workspace = ""] = await workspacesOf(world, late.id);
  await spend(world, workspace, 10_000);
  await passTo("06:30:00");
  expect(await alerts(late)).toBe(0);
  await passTo("07:00:59");
  expect(await alerts(late)).toBe(1);
  // The next period has alerts of its own.
  world.clock.pass(creditPeriod(founded, world.clock.now()).end.getTime() - world.clock.now().getTime() + 3_600_000);
  await spend(world, workspace, 10_000);
  await sweepCreditAlerts(world.replica());
  expect(await alerts(late)).toBe(2);
});

test("events of the payment provider, and jobs whose last attempt failed, are kept for 35 days", async () => {
  const sweep = () => sweepLeftovers(world.replica());
  const now = world.clock.now();
  await world.query("INSERT INTO billing_event (id, received_at) VALUES ('evt', $1)", now);
  const queue = `SELECT graphile_worker.add_job('mend-counters', job_key := $1, max_attempts := 3)`;
  const fail = "UPDATE graphile_worker._private_jobs SET attempts = $2, updated_at = $3 WHERE key = $1";
  for (const [key, attempts] of [
    ["failed", 3],
    ["retried", 2],
  ]) {
    await world.query(queue, key);
    await world.query(fail, key, attempts, now);
  }
  const left = async () => [
    await world.count("billing_event"),
    await world.query("SELECT key FROM graphile_worker._private_jobs WHERE key IN ('failed', 'retried') ORDER BY key"),
  ];
  world.clock.pass(MAX_RECORD_AGE_MS - 1);
  await sweep();
  expect(await left()).toEqual([1, [{ key: "failed" }, { key: "retried" }]]);
  world.clock.pass(1);
  await sweep();
  expect(await left()).toEqual([1, [{ key: "retried" }]]);
  world.clock.pass(1);
  await sweep();
  expect(await left()).toEqual([0, [{ key: "retried" }]]);
});

test("a list of grants may have a thousand workspaces", () => {
  const grants = (count: number) => Array.from({ length: count }, () => ({ workspaceId: randomUUID() }));
  const now = world.clock.now();
  expect(parseGrants(grants(1_000), now, "workspaces")).toHaveLength(1_000);
  expect(() => parseGrants(grants(1_001), now, "workspaces")).toThrow("Give at most 1000 workspaces at a time.");
});

test("a cursor from before a restore has seen the events up to the last position of the backup, and no others", async () => {
  const where = "WHERE organization_id = $1 AND sequence = 1";
  const text = `SELECT feed_position::float8 AS position FROM organization_event ${where}`;
  const position = (await world.query<{ position: number }>(text, acme.id))[0]?.position ?? 0;
  const restored = (lastPosition: number) =>
    outcomeOf(
      assertKnown(world.database, new Epochs([{ epoch: "restored", lastPosition }]), FIRST_EPOCH, [[acme.id, 1]]),
    );
  expect([await restored(position), await restored(position - 1)]).toEqual(["ok", "BAD_USER_INPUT"]);
  // An event of a release without positions.
  await world.query(`UPDATE organization_event SET feed_position = NULL ${where}`, acme.id);
  expect(await restored(0)).toBe("ok");
});

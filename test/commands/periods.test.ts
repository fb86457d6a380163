import { commands } from "../../src/commands";
import { grantLlmAccess } from "../../src/commands/byok/grant-llm-access";
import { type BillingInterval, isUpgrade, type Plan, storedPlan } from "../../src/domain/plan";
import retired from "../../src/domain/retired-plans.json";
import { sweepSubscriptions } from "../../src/jobs/sweep";
import { spend, workspacesOf } from "../support/metering";
import { outcomeOf, type TestOrganization, World } from "../support/world";

const DAY = 86_400_000;
const GOLD: Plan = {
  ...{ code: "GOLD", name: "Gold", monthlyPriceCents: 19_900, memberLimit: 7, workspaceLimit: 7 },
  ...{ monthlyCredits: 1_000, dailyCredits: 5, byok: true, features: ["No longer sold"] },
};

let world: World;
beforeEach(async () => {
  world = await World.create();
});
afterEach(() => world.close());

const change = (acme: TestOrganization, planCode: string, billingInterval?: BillingInterval) =>
  outcomeOf(acme.owner.run(commands.changePlan, { organizationId: acme.id, planCode, billingInterval }));

async function stored(acme: TestOrganization) {
  const [row] = await world.query<Record<string, string | Date | null>>(
    `SELECT plan_code AS plan, billing_interval AS interval, current_period_start AS start, current_period_end AS end,
      scheduled_plan_code AS scheduled FROM organization_subscription WHERE organization_id = $1`,
    acme.id,
  );
  const day = (moment: string | Date | null | undefined) => (moment instanceof Date ? moment.toISOString() : moment);
  return { ...row, start: day(row?.start), end: day(row?.end) };
}

async function pass(days: number): Promise<void> {
  world.clock.pass(days * DAY);
  await sweepSubscriptions(world.replica());
}

// The clock starts on 31 March 2026 at 9:00.
test("a subscription from the 31st is renewed on the last day of shorter months, and then on the 31st again", async () => {
  const acme = await world.organization("STANDARD");
  expect(await stored(acme)).toMatchObject({ start: "2026-03-31T09:00:00.000Z", end: "2026-04-30T09:00:00.000Z" });
  await pass(29.99);
  expect(await stored(acme)).toMatchObject({ end: "2026-04-30T09:00:00.000Z" });
  await pass(0.01);
  expect(await stored(acme)).toMatchObject({ start: "2026-04-30T09:00:00.000Z", end: "2026-05-31T09:00:00.000Z" });
  await pass(31);
  expect(await stored(acme)).toMatchObject({ start: "2026-05-31T09:00:00.000Z", end: "2026-06-30T09:00:00.000Z" });
  await pass(300);
  expect(await stored(acme)).toMatchObject({ start: "2027-02-28T09:00:00.000Z", end: "2027-03-31T09:00:00.000Z" });
});

test("an annual plan is renewed every year and gets its credits every month", async () => {
  const acme = await world.organization("STANDARD");
  expect(await change(acme, "STANDARD", "ANNUAL")).toBe("ok");
  expect(await stored(acme)).toMatchObject({ interval: "ANNUAL", end: "2027-03-31T09:00:00.000Z", scheduled: null });
  const [workspaceId = ""] = await workspacesOf(world, acme.id);
  const access = () => grantLlmAccess(world.replica(), workspaceId);
  await spend(world, workspaceId, 505);
  expect(await access()).toMatchObject({ kind: "refused", refusal: { code: "CREDITS_EXHAUSTED" } });
  await pass(30);
  expect(await access()).toMatchObject({ kind: "platform", creditsRemaining: 505 });
  await pass(340);
  expect(await stored(acme)).toMatchObject({ start: "2027-03-31T09:00:00.000Z", end: "2028-03-31T09:00:00.000Z" });
});

test("LLM calls count the spending of the whole period, even of the first of 31 days, and none of the next period", async () => {
  const acme = await world.organization("STANDARD");
  const [workspaceId = ""] = await workspacesOf(world, acme.id);
  const remaining = async () => (await grantLlmAccess(world.replica(), workspaceId)) as { creditsRemaining: number };
  await pass(30);
  await spend(world, workspaceId, 405);
  await pass(30.99);
  expect(await remaining()).toMatchObject({ creditsRemaining: 105 });
  await pass(0.01);
  expect(await remaining()).toMatchObject({ creditsRemaining: 505 });
});

test("a change to monthly billing waits for the year's end; a monthly upgrade starts with the current month", async () => {
  const [acme, other] = [await world.organization("STANDARD"), await world.organization("STANDARD")];
  const third = await world.organization("STANDARD");
  for (const each of [acme, other, third]) expect(await change(each, "STANDARD", "ANNUAL")).toBe("ok");
  await pass(30);
  expect(await change(third, "ADVANCED", "MONTHLY")).toBe("ok");
  expect(await stored(third)).toMatchObject({ start: "2026-04-30T09:00:00.000Z", end: "2026-05-31T09:00:00.000Z" });
  await pass(40);
  expect(await change(acme, "STANDARD", "MONTHLY")).toBe("ok");
  expect(await change(acme, "STANDARD", "MONTHLY")).toBe("PLAN_UNCHANGED");
  expect(await stored(acme)).toMatchObject({ interval: "ANNUAL", scheduled: "STANDARD" });
  expect(await change(other, "ADVANCED", "MONTHLY")).toBe("ok");
  expect(await stored(other)).toMatchObject({
    ...{ plan: "ADVANCED", interval: "MONTHLY", scheduled: null },
    ...{ start: "2026-05-31T09:00:00.000Z", end: "2026-06-30T09:00:00.000Z" },
  });
  await pass(295);
  expect(await stored(acme)).toMatchObject({
    ...{ plan: "STANDARD", interval: "MONTHLY", scheduled: null },
    ...{ start: "2027-03-31T09:00:00.000Z", end: "2027-04-30T09:00:00.000Z" },
  });
});

test("a change after the end of a period that no sweep has renewed counts from the next period", async () => {
  const [upgraded, kept] = [await world.organization("STANDARD"), await world.organization("STANDARD")];
  for (const each of [upgraded, kept]) expect(await change(each, "STANDARD", "ANNUAL")).toBe("ok");
  expect(await change(kept, "STANDARD", "MONTHLY")).toBe("ok");
  world.clock.pass(365 * DAY);
  expect(await change(upgraded, "ADVANCED")).toBe("ok");
  const next = { start: "2027-03-31T09:00:00.000Z", end: "2028-03-31T09:00:00.000Z" };
  expect(await stored(upgraded)).toMatchObject({ plan: "ADVANCED", interval: "ANNUAL", ...next });
  // The scheduled change has taken effect, so it is too late to cancel it.
  const canceling = kept.owner.run(commands.cancelScheduledPlan, { organizationId: kept.id });
  expect(await outcomeOf(canceling)).toBe("PLAN_UNCHANGED");
});

test("a scheduled plan can be replaced by the same plan with another interval", async () => {
  const acme = await world.organization("ADVANCED");
  expect(await change(acme, "STANDARD", "MONTHLY")).toBe("ok");
  expect(await change(acme, "STANDARD", "ANNUAL")).toBe("ok");
  expect(await change(acme, "STANDARD", "ANNUAL")).toBe("PLAN_UNCHANGED");
  await pass(30);
  expect(await stored(acme)).toMatchObject({ plan: "STANDARD", interval: "ANNUAL", scheduled: null });
});

test("an organization beyond its plan's limits can change the interval", async () => {
  const acme = await world.organization("STANDARD");
  expect(await change(acme, "STANDARD", "ANNUAL")).toBe("ok");
  await world.query("UPDATE organization_count SET workspaces = 100 WHERE organization_id = $1", acme.id);
  expect(await change(acme, "STANDARD", "MONTHLY")).toBe("ok");
  await pass(365);
  expect(await stored(acme)).toMatchObject({ plan: "STANDARD", interval: "MONTHLY", scheduled: null });
  expect(await acme.eventTypes()).toContain("subscription.renewed");
});

test("a retired plan stays in use with its limits, and nobody can change to it", async () => {
  (retired as Plan[]).push(GOLD);
  const acme = await world.organization("STANDARD");
  expect(await change(acme, "GOLD")).toBe("PLAN_UNKNOWN");
  await world.query("UPDATE organization_subscription SET plan_code = 'GOLD' WHERE organization_id = $1", acme.id);
  await pass(31);
  expect(await stored(acme)).toMatchObject({ plan: "GOLD", start: "2026-04-30T09:00:00.000Z" });
  for (const name of ["1", "2", "3", "4", "5", "6"]) await acme.workspace(name);
  const input = { organizationId: acme.id, name: "7", cloudProvider: "GCP" as const };
  expect(await outcomeOf(acme.owner.run(commands.createWorkspace, input))).toBe("WORKSPACE_LIMIT_REACHED");
  expect([isUpgrade("GOLD", "STANDARD"), isUpgrade("GOLD", "ADVANCED")]).toEqual([false, true]);
  expect(await change(acme, "STANDARD")).toBe("PLAN_LIMIT_EXCEEDED");
  expect(await change(acme, "ADVANCED")).toBe("ok");
  (retired as Plan[]).pop();
});

test("a plan that was removed from the catalogue causes no errors", () => {
  expect(storedPlan("BRONZE")).toMatchObject({ code: "BRONZE", name: "BRONZE", memberLimit: 1, monthlyCredits: 20 });
});

import { commands } from "../../src/commands";
import { grantLlmAccess } from "../../src/commands/byok/grant-llm-access";
import { creditPeriod } from "../../src/domain/credits";
import { RESTORABLE_MS } from "../../src/domain/organization";
import { monthsOfReceipt } from "../../src/domain/usage";
import { sweepSubscriptions } from "../../src/jobs/sweep";
import { spend } from "../support/metering";
import { outcomeOf, type TestOrganization, World } from "../support/world";

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

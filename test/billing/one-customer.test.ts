import { randomUUID } from "node:crypto";
import { adoptCustomers } from "../../src/jobs/adopt-customers";
import { recordBillingEvent } from "../../src/store/billing-events";
import type { Reader } from "../../src/store/engine/statement";
import { storeCustomer } from "../../src/store/provider-customer";
import { type Account, BilledService, until } from "../support/billed-service";

let billed: BilledService;
let stripe: BilledService["stripe"];
beforeAll(async () => {
  billed = await BilledService.start();
  stripe = billed.stripe;
});
afterAll(() => billed.stop());

const services = () => billed.service.app.services;
const newCustomer = () => `cus_${randomUUID().replaceAll("-", "")}`;
const storedOf = async ({ id }: Account) => {
  const text = "SELECT provider_customer_id AS customer FROM organization_subscription WHERE organization_id = $1";
  return (await services().database.dataSource.query(text, [id]))[0].customer as string | null;
};

test("a customer belongs to one organization; no other can store it or receive its events", async () => {
  const { database, clock } = services();
  const [one, other] = [await billed.account(), await billed.account()];
  const [id, newer] = [`cus_${one.id}`, `cus_newer_${one.id}`];
  expect(await storeCustomer(database, one.id, id)).toBe(id);
  expect(await storeCustomer(database, one.id, newer)).toBe(id);
  expect(await storeCustomer(database, other.id, id)).toBeNull();
  expect(await storeCustomer(database, other.id, id, id)).toBeNull();
  expect(await storedOf(other)).toBeNull();
  expect(await storeCustomer(database, one.id, newer, "cus_none")).toBe(id);
  expect(await storeCustomer(database, one.id, newer, id)).toBe(newer);
  expect(await storedOf(one)).toBe(newer);
  const unknown = randomUUID();
  expect(await storeCustomer(database, unknown, `cus_${unknown}`)).toBeNull();
  const rows = await database.dataSource.query(
    "SELECT organization_id AS id, count(*)::int AS customers FROM provider_customer WHERE organization_id = ANY ($1) GROUP BY 1",
    [[one.id, other.id, unknown]],
  );
  expect(rows).toEqual([{ id: one.id, customers: 2 }]);
  const { runner, reader } = await openTransaction();
  await recordBillingEvent(reader, `evt_${unknown}`, newer, clock.now());
  expect(await runner.query("SELECT key FROM graphile_worker.jobs WHERE key LIKE 'pull-billing:%'")).toContainEqual({
    key: `pull-billing:${one.id}`,
  });
  await runner.rollbackTransaction();
  await runner.release();
});

async function openTransaction() {
  const runner = services().database.dataSource.createQueryRunner();
  await runner.startTransaction();
  const [{ pid }] = await runner.query("SELECT pg_backend_pid() AS pid");
  const rows = async <Row>({ text }: { text: string }, values: readonly unknown[]) =>
    (await runner.query(text, [...values], true)).records as Row[];
  return { runner, pid: pid as number, reader: { rows } };
}

/** Runs `second` while `first` has run but not ended, and ends `first` as soon as `second` waits for it. */
async function overlap<Result>(
  first: (reader: Reader) => Promise<Result>,
  second: (reader: Reader) => Promise<Result>,
  end: "commitTransaction" | "rollbackTransaction",
): Promise<[Result, Result]> {
  const [one, two] = [await openTransaction(), await openTransaction()];
  const result = await first(one.reader);
  const later = second(two.reader);
  const text = "SELECT pg_blocking_pids($1) @> ARRAY[$2]::integer[] AS waits";
  await until(async () => (await services().database.dataSource.query(text, [two.pid, one.pid]))[0].waits);
  await one.runner[end]();
  const results: [Result, Result] = [result, await later];
  await two.runner.commitTransaction();
  for (const { runner } of [one, two]) await runner.release();
  return results;
}

test("of two organizations that store one customer at once, one gets it", async () => {
  const [one, other] = [await billed.account(), await billed.account()];
  const storing = (account: Account, id: string) => (reader: Reader) => storeCustomer(reader, account.id, id);
  const given = newCustomer();
  expect(await overlap(storing(one, given), storing(other, given), "rollbackTransaction")).toEqual([given, given]);
  expect([await storedOf(one), await storedOf(other)]).toEqual([null, given]);
  const taken = newCustomer();
  expect(await overlap(storing(one, taken), storing(other, taken), "commitTransaction")).toEqual([taken, null]);
  expect([await storedOf(one), await storedOf(other)]).toEqual([taken, given]);
});

test("an organization that stores two customers at once uses one", async () => {
  const account = await billed.account();
  const storing = (id: string) => (reader: Reader) => storeCustomer(reader, account.id, id);
  const [first, second] = [newCustomer(), newCustomer()];
  expect(await overlap(storing(first), storing(second), "rollbackTransaction")).toEqual([first, second]);
  const [third, fourth] = [newCustomer(), newCustomer()];
  const replacing = (id: string) => (reader: Reader) => storeCustomer(reader, account.id, id, second);
  expect(await overlap(replacing(third), replacing(fourth), "commitTransaction")).toEqual([third, third]);
  expect(await storedOf(account)).toBe(third);
});

describe("after a restore, an organization has the customer that pays", () => {
  const adopt = async () => {
    const { billing } = services().integrations;
    if (!billing) throw new Error("There is no provider.");
    return await adoptCustomers(services(), billing);
  };
  /** An account whose backup is older than its customer, which is neither its first nor its last one at Stripe. */
  const restored = async () => {
    const early = newCustomer();
    const account = await billed.account();
    stripe.addCustomer(early, account.id);
    const paid = stripe.pay((await account.changePlan("STANDARD")).checkoutUrl);
    const late = newCustomer();
    stripe.addCustomer(late, account.id);
    await until(() => billed.isIdle());
    await services().database.dataSource.query(
      `UPDATE organization_subscription SET provider_customer_id = NULL, provider_subscription_id = NULL,
         plan_code = 'STARTER' WHERE organization_id = $1`,
      [account.id],
    );
    return Object.assign(account, { early, late, ...paid });
  };

  test("whether or not it already stored another one", async () => {
    const [first, second] = [await restored(), await restored()];
    expect(await storeCustomer(services().database, second.id, second.late)).toBe(second.late);
    for (const account of [first, second]) {
      for (const _ of ["once", "again"]) expect(await adopt()).toEqual([]);
      expect(await storedOf(account)).toBe(account.customer);
      expect(await storeCustomer(services().database, account.id, account.late)).toBe(account.customer);
      // It is found to pay already, so no second checkout opens.
      expect(await account.changePlan("ADVANCED")).toMatchObject({ checkoutUrl: null });
      expect(stripe.lookupKeyOf(account.subscription)).toMatch("advanced");
    }
  });

  test("and if none pays, the one it has, or else the first", async () => {
    const [kept, replaced, gone] = [await restored(), await restored(), await restored()];
    for (const account of [kept, replaced, gone]) stripe.change(account.subscription, { status: "canceled" });
    await storeCustomer(services().database, kept.id, kept.late);
    await storeCustomer(services().database, replaced.id, "cus_of_backup");
    stripe.addCustomer(newCustomer(), gone.id);
    await storeCustomer(services().database, gone.id, gone.late);
    stripe.deleteCustomer(gone.late);
    expect(await adopt()).toEqual([]);
    expect(await storedOf(kept)).toBe(kept.late);
    expect(await storedOf(replaced)).toBe(replaced.early);
    expect(await storedOf(gone)).toBe(gone.early);
    expect(stripe.refusals.splice(0).filter((each) => !each.includes("cus_of_backup"))).toEqual([]);
  });

  test("the customers of an organization that the backup lacks are reported", async () => {
    const unknown = randomUUID();
    for (const id of ["cus_x1", "cus_x2"]) stripe.addCustomer(id, unknown);
    expect(await adopt()).toEqual(["cus_x1", "cus_x2"].map((id) => `${id} of organization ${unknown}`));
  });
});

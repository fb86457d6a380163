import { BillingLockTimeout, withBillingLock } from "../../src/store/billing-lock";
import type { Reader } from "../../src/store/engine/statement";
import { RunningService } from "../support/service";

let service: RunningService;
let organizationId: string;
beforeAll(async () => {
  service = await RunningService.start();
  const { data } = await (await service.person("Olga")).ask("{ viewer { memberships { organization { id } } } }");
  organizationId = data.viewer.memberships[0].organization.id;
});
afterAll(() => service.stop());

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
const TIMES = { leaseMs: 200, timeoutMs: 10_000 };
const withLock = <Result>(work: () => Promise<Result>, times = TIMES) =>
  withBillingLock(service.app.services.database, organizationId, work, times);

test("concurrent work runs one at a time, and failed work releases the lock", async () => {
  let inside = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++inside);
    await nextTurn();
    inside -= 1;
    throw new Error("declined");
  };
  // No pause of a busy machine is longer than this lease.
  const times = { leaseMs: 60_000, timeoutMs: 60_000 };
  const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => withLock(work, times)));
  expect(outcomes.map(({ status }) => status)).toEqual(Array(5).fill("rejected"));
  expect(most).toBe(1);
});

test("work that outlasts its lease keeps the lock, and a waiter fails after its timeout", async () => {
  const done: string[] = [];
  let begun = () => {};
  const beginning = new Promise<void>((resolve) => {
    begun = resolve;
  });
  let finish = () => {};
  const finishing = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const times = { leaseMs: 1_000, timeoutMs: 10_000 };
  const long = withLock(async () => {
    begun();
    await finishing;
    done.push("long");
  }, times);
  await beginning;
  const impatient = withLock(async () => done.push("impatient"), { ...times, timeoutMs: 2 * times.leaseMs });
  await expect(impatient).rejects.toThrow(BillingLockTimeout);
  const patient = withLock(async () => done.push("patient"), times);
  finish();
  await Promise.all([long, patient]);
  expect(done).toEqual(["long", "patient"]);
});

test("work succeeds even if its lease cannot be released", async () => {
  const { database } = service.app.services;
  const reader: Reader = {
    rows: (statement, values) =>
      statement.text.startsWith("DELETE") ? Promise.reject(new Error("broken")) : database.rows(statement, values),
  };
  expect(await withBillingLock(reader, organizationId, async () => "paid", TIMES)).toBe("paid");
  expect(await withLock(async () => "next")).toBe("next");
});

test("the lock of a crashed holder is free once its lease ends", async () => {
  const dead = {
    name: "dead-holder",
    text: `INSERT INTO provider_lease VALUES ($1, gen_random_uuid(), clock_timestamp() + interval '300 milliseconds')
           RETURNING held_until AS "until"`,
  };
  const [row] = await service.app.services.database.rows<{ until: Date }>(dead, [organizationId]);
  const at = await withLock(async () => Date.now());
  expect(at).toBeGreaterThanOrEqual(row?.until.getTime() ?? Number.POSITIVE_INFINITY);
});

test("a holder whose lease another took over neither extends nor ends that one", async () => {
  const { database } = service.app.services;
  let renewals = 0;
  const reader: Reader = {
    rows: async (statement, values) => {
      const rows = await database.rows<never>(statement, values);
      if (statement.name === "renew-billing-lock") renewals += 1;
      return rows;
    },
  };
  const takeOver = {
    name: "take-over",
    text: `UPDATE provider_lease SET holder = gen_random_uuid(), held_until = '2020-01-01' WHERE organization_id = $1`,
  };
  const read = { name: "lease", text: "SELECT held_until AS until FROM provider_lease WHERE organization_id = $1" };
  const lease = () => database.rows<{ until: Date }>(read, [organizationId]);
  const work = async () => {
    await database.rows(takeOver, [organizationId]);
    const before = renewals;
    while (renewals < before + 2) await nextTurn();
  };
  await withBillingLock(reader, organizationId, work, { leaseMs: 100, timeoutMs: 10_000 });
  expect(await lease()).toEqual([{ until: new Date("2020-01-01") }]);
});

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

const TIMES = { leaseMs: 200, timeoutMs: 10_000 };
const alone = <Result>(work: () => Promise<Result>, times = TIMES) =>
  withBillingLock(service.app.services.database, organizationId, work, times);
const SLEEP = { name: "sleep", text: "SELECT pg_sleep($1)" };
const takes = (seconds: number) => () => service.app.services.database.rows(SLEEP, [seconds]);

test("those who come at once come one after the other, and a failure gives way as well", async () => {
  let inside = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++inside);
    await takes(0.01)();
    inside -= 1;
    throw new Error("declined");
  };
  const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => alone(work)));
  expect(outcomes.map(({ status }) => status)).toEqual(Array(5).fill("rejected"));
  expect(most).toBe(1);
});

test("who works for longer than a lease keeps it; who waits for too long is told so", async () => {
  const done: string[] = [];
  let begun = () => {};
  const beginning = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const long = alone(async () => {
    begun();
    await takes(0.8)();
    done.push("long");
  });
  await beginning;
  const impatient = alone(async () => done.push("impatient"), { ...TIMES, timeoutMs: 400 });
  await expect(impatient).rejects.toThrow(BillingLockTimeout);
  await alone(async () => done.push("patient"));
  await long;
  expect(done).toEqual(["long", "patient"]);
});

test("what was done is done, even where the lease cannot be given back", async () => {
  const { database } = service.app.services;
  const reader: Reader = {
    rows: (statement, values) =>
      statement.text.startsWith("DELETE") ? Promise.reject(new Error("broken")) : database.rows(statement, values),
  };
  expect(await withBillingLock(reader, organizationId, async () => "paid", TIMES)).toBe("paid");
  expect(await alone(async () => "next")).toBe("next");
});

test("who has died gives way when the lease is over", async () => {
  const dead = {
    name: "dead-holder",
    text: `INSERT INTO provider_lease VALUES ($1, gen_random_uuid(), clock_timestamp() + interval '300 milliseconds')
           RETURNING held_until AS "until"`,
  };
  const [row] = await service.app.services.database.rows<{ until: Date }>(dead, [organizationId]);
  const at = await alone(async () => Date.now());
  expect(at).toBeGreaterThanOrEqual(row?.until.getTime() ?? Number.POSITIVE_INFINITY);
});

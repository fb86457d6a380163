import { commands } from "../../src/commands";
import { FOUNDING_WINDOW_MS, MAX_FOUNDED_PER_DAY, MAX_FREE_ORGANIZATIONS } from "../../src/domain/founding";
import { type Actor, outcomeOf, World } from "../support/world";

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.close());

const found = (person: Actor) => person.run(commands.createOrganization, { name: "Acme" });
const remove = (person: Actor, organizationId: string) =>
  person.run(commands.deleteOrganization, { organizationId, confirmName: "Acme" });
const restore = (person: Actor, organizationId: string) =>
  outcomeOf(person.run(commands.restoreOrganization, { organizationId }));
const upgrade = (person: Actor, organizationId: string) =>
  person.run(commands.changePlan, { organizationId, planCode: "STANDARD" });

async function foundMany(person: Actor, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n++) ids.push((await found(person)).organizationId);
  return ids;
}

const count = (outcomes: string[], wanted: string) => outcomes.filter((outcome) => outcome === wanted).length;

test("a person can found a limited number of organizations a day, including deleted and paid ones", async () => {
  const person = await world.person();
  const [first = "", second = ""] = await foundMany(person, MAX_FOUNDED_PER_DAY);
  await upgrade(person, first);
  await remove(person, second);
  const denied = await found(person).catch((error: unknown) => error);
  expect(denied).toMatchObject({ extensions: { code: "RATE_LIMITED", retryAfterSeconds: 86_400 } });
  world.clock.pass(FOUNDING_WINDOW_MS - 1);
  expect(await found(person).catch((error: unknown) => error)).toMatchObject({
    extensions: { code: "RATE_LIMITED", retryAfterSeconds: 1 },
  });
  world.clock.pass(1);
  expect(await outcomeOf(found(person))).toBe("ok");
  // The limit of other people is unaffected.
  expect(await outcomeOf(found(await world.person()))).toBe("ok");
});

test("the limit holds for organizations that are founded at the same time on several replicas", async () => {
  const person = await world.person();
  const actors = Array.from({ length: 3 }, () => world.session(person));
  const attempts = Array.from({ length: 3 * MAX_FOUNDED_PER_DAY }, (_, n) => outcomeOf(found(actors[n % 3] ?? person)));
  const outcomes = await Promise.all(attempts);
  expect(count(outcomes, "ok")).toBe(MAX_FOUNDED_PER_DAY);
  expect(count(outcomes, "RATE_LIMITED")).toBe(2 * MAX_FOUNDED_PER_DAY);
});

test("concurrent foundings by one person wait without a database connection", async () => {
  const person = await world.person();
  let most = 0;
  const { dataSource } = world.database;
  const original = dataSource.createQueryRunner.bind(dataSource);
  let open = 0;
  const counting = jest.spyOn(dataSource, "createQueryRunner").mockImplementation((...parts) => {
    const runner = original(...parts);
    open += 1;
    most = Math.max(most, open);
    const release = runner.release.bind(runner);
    runner.release = async () => {
      open -= 1;
      await release();
    };
    return runner;
  });
  await Promise.all(Array.from({ length: 15 }, () => found(person)));
  counting.mockRestore();
  expect(most).toBe(1);
});

test("a person can have a limited number of free organizations; the personal one and paid ones do not count", async () => {
  const person = await world.person();
  const ids = await foundMany(person, MAX_FOUNDED_PER_DAY);
  world.clock.pass(FOUNDING_WINDOW_MS);
  ids.push(...(await foundMany(person, MAX_FREE_ORGANIZATIONS - MAX_FOUNDED_PER_DAY)));
  await expect(found(person)).rejects.toMatchObject({
    refusal: {
      code: "ORGANIZATION_LIMIT_REACHED",
      limit: { used: MAX_FREE_ORGANIZATIONS, limit: MAX_FREE_ORGANIZATIONS, remaining: 0 },
    },
  });
  // Paying for one makes room, and so does deleting one until it is restored.
  await upgrade(person, ids[0] ?? "");
  expect(await outcomeOf(found(person))).toBe("ok");
  expect(await outcomeOf(found(person))).toBe("ORGANIZATION_LIMIT_REACHED");
  await remove(person, ids[1] ?? "");
  expect(await outcomeOf(found(person))).toBe("ok");
  expect(await restore(person, ids[1] ?? "")).toBe("ORGANIZATION_LIMIT_REACHED");
  await upgrade(person, ids[2] ?? "");
  expect(await restore(person, ids[1] ?? "")).toBe("ok");
  expect(await outcomeOf(found(person))).toBe("ORGANIZATION_LIMIT_REACHED");
});

test("a paid organization can always be restored; restoring one that is not deleted changes nothing", async () => {
  const person = await world.person();
  const [paying = "", free = ""] = await foundMany(person, 2);
  await upgrade(person, paying);
  await remove(person, paying);
  await foundMany(person, MAX_FOUNDED_PER_DAY - 2);
  world.clock.pass(FOUNDING_WINDOW_MS);
  await foundMany(person, MAX_FREE_ORGANIZATIONS - MAX_FOUNDED_PER_DAY + 1);
  expect(await outcomeOf(found(person))).toBe("ORGANIZATION_LIMIT_REACHED");
  expect(await restore(person, paying)).toBe("ok");
  expect(await restore(person, free)).toBe("ok");
});

test("the limit holds for concurrent restorations and foundings", async () => {
  const person = await world.person();
  const ids = await foundMany(person, MAX_FOUNDED_PER_DAY);
  for (const id of ids) await remove(person, id);
  world.clock.pass(FOUNDING_WINDOW_MS);
  await foundMany(person, MAX_FOUNDED_PER_DAY - 1);
  // The daily limit allows one more, and the limit of free organizations six.
  const outcomes = await Promise.all([...ids.map((id) => restore(person, id)), outcomeOf(found(person))]);
  expect(count(outcomes, "ok")).toBe(MAX_FREE_ORGANIZATIONS - MAX_FOUNDED_PER_DAY + 1);
  expect(count(outcomes, "ORGANIZATION_LIMIT_REACHED")).toBe(outcomes.length - count(outcomes, "ok"));
});

test("a transfer does not evade the limit, and does not reveal the founder's number of organizations to another Owner", async () => {
  const acme = await world.organization("STANDARD");
  const other = await acme.member("ADMIN");
  await acme.owner.run(commands.transferOwnership, { organizationId: acme.id, memberId: other.memberId });
  await world.query("UPDATE organization_subscription SET plan_code = 'STARTER' WHERE organization_id = $1", acme.id);
  await foundMany(acme.owner, MAX_FOUNDED_PER_DAY - 1);
  world.clock.pass(FOUNDING_WINDOW_MS);
  await foundMany(acme.owner, MAX_FREE_ORGANIZATIONS - MAX_FOUNDED_PER_DAY);
  expect(await outcomeOf(found(acme.owner))).toBe("ORGANIZATION_LIMIT_REACHED");
  await remove(other, acme.id);
  expect(await outcomeOf(found(acme.owner))).toBe("ok");
  const restoring = other.run(commands.restoreOrganization, { organizationId: acme.id });
  await expect(restoring).rejects.toMatchObject({ refusal: { code: "ORGANIZATION_LIMIT_REACHED", limit: null } });
  // It never counted for the new Owner.
  expect(await outcomeOf(found(other))).toBe("ok");
});

test("all of many people who sign up get a personal organization", async () => {
  const people = await Promise.all(Array.from({ length: 5 }, () => world.person()));
  for (const { id } of people) {
    const text = "SELECT founded_by_id FROM organization WHERE personal_for_id = $1";
    expect(await world.query(text, id)).toEqual([{ founded_by_id: null }]);
  }
});

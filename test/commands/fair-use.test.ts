import { commands } from "../../src/commands";
import { Denied } from "../../src/domain/denial";
import { FOUNDING_WINDOW_MS, MAX_FOUNDED_PER_DAY, MAX_FREE_ORGANIZATIONS } from "../../src/domain/founding";
import {
  RESEND_INTERVAL_MS,
  SENDING_DAY_MS,
  SENDING_LIMIT_PER_ADDRESS,
  SENDING_LIMIT_PER_DAY,
  SENDING_WINDOW_MS,
} from "../../src/domain/invitation";
import { sweepLeftovers } from "../../src/jobs/sweep";
import { type Actor, outcomeOf, type TestOrganization, World } from "../support/world";

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

test("one person founds so many organizations a day, to the millisecond, on whichever plan and deleted or not", async () => {
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
  // Nobody else's day is spent by it.
  expect(await outcomeOf(found(await world.person()))).toBe("ok");
});

test("organizations founded at once, on several replicas, are no more than one after the other", async () => {
  const person = await world.person();
  const actors = Array.from({ length: 3 }, () => world.session(person));
  const asked = Array.from({ length: 3 * MAX_FOUNDED_PER_DAY }, (_, n) => outcomeOf(found(actors[n % 3] ?? person)));
  const outcomes = await Promise.all(asked);
  expect(count(outcomes, "ok")).toBe(MAX_FOUNDED_PER_DAY);
  expect(count(outcomes, "RATE_LIMITED")).toBe(2 * MAX_FOUNDED_PER_DAY);
});

test("what one person founds at once waits without a connection: others are not kept from the database", async () => {
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

test("so many of one person's organizations are on the free plan; the personal one and those that pay do not count", async () => {
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
  // One that pays makes room, and so does a deleted one, as long as it is deleted.
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

test("one that pays comes back whatever there is, and one that is not deleted is left as it is", async () => {
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

test("what is restored and founded at once is no more than there may be", async () => {
  const person = await world.person();
  const ids = await foundMany(person, MAX_FOUNDED_PER_DAY);
  for (const id of ids) await remove(person, id);
  world.clock.pass(FOUNDING_WINDOW_MS);
  await foundMany(person, MAX_FOUNDED_PER_DAY - 1);
  // One may be founded today, and six are free beside the nineteen.
  const outcomes = await Promise.all([...ids.map((id) => restore(person, id)), outcomeOf(found(person))]);
  expect(count(outcomes, "ok")).toBe(MAX_FREE_ORGANIZATIONS - MAX_FOUNDED_PER_DAY + 1);
  expect(count(outcomes, "ORGANIZATION_LIMIT_REACHED")).toBe(outcomes.length - count(outcomes, "ok"));
});

test("handing an organization on is no way around it, and another Owner is not told of the founder's others", async () => {
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
  // It was never theirs to be counted.
  expect(await outcomeOf(found(other))).toBe("ok");
});

test("everybody gets their personal organization, however many sign up", async () => {
  const people = await Promise.all(Array.from({ length: 5 }, () => world.person()));
  for (const { id } of people) {
    const text = "SELECT founded_by_id FROM organization WHERE personal_for_id = $1";
    expect(await world.query(text, id)).toEqual([{ founded_by_id: null }]);
  }
});

describe("invitations to one address", () => {
  let organizations: TestOrganization[];
  beforeAll(async () => {
    organizations = await Promise.all(Array.from({ length: 6 }, () => world.organization()));
  });

  const inviteFrom = (n: number, email: string) =>
    outcomeOf(organizations[n % organizations.length]?.invite(email, "VIEWER") ?? Promise.reject(new Error()));
  const cancelAll = async (email: string) => {
    await world.query("UPDATE invitation SET status = 'CANCELED' WHERE email = $1", email);
  };
  /** Invites again and again, in turn, until so many have been sent. */
  async function send(email: string, times: number): Promise<void> {
    for (let n = 0; n < times; n++) {
      expect(await inviteFrom(n, email)).toBe("ok");
      if (n % organizations.length === organizations.length - 1) await cancelAll(email);
    }
    await cancelAll(email);
  }

  test("are counted over all organizations, by the hour to the millisecond and by the day", async () => {
    const email = "victim@example.com";
    await send(email, SENDING_LIMIT_PER_ADDRESS);
    expect(await inviteFrom(0, email)).toBe("RATE_LIMITED");
    world.clock.pass(SENDING_WINDOW_MS - 1);
    expect(await inviteFrom(0, email)).toBe("RATE_LIMITED");
    world.clock.pass(1);
    await send(email, SENDING_LIMIT_PER_ADDRESS);
    world.clock.pass(SENDING_WINDOW_MS);
    await send(email, SENDING_LIMIT_PER_DAY - 2 * SENDING_LIMIT_PER_ADDRESS);
    expect(await inviteFrom(0, email)).toBe("RATE_LIMITED");
    world.clock.pass(SENDING_DAY_MS - 2 * SENDING_WINDOW_MS - 1);
    expect(await inviteFrom(0, email)).toBe("RATE_LIMITED");
    world.clock.pass(1);
    expect(await inviteFrom(0, email)).toBe("ok");
  });

  test("are no more from many organizations at once, on many replicas, nor from one call for several addresses", async () => {
    const many = await Promise.all(Array.from({ length: 30 }, () => world.organization()));
    const pair = ["left@example.com", "right@example.com"];
    const outcomes = await Promise.all(
      many.map(({ id, owner }, n) => {
        const emails = n % 2 ? pair : [...pair].reverse();
        return outcomeOf(owner.run(commands.inviteMembers, { organizationId: id, emails, role: "VIEWER" }));
      }),
    );
    expect(count(outcomes, "ok")).toBe(SENDING_LIMIT_PER_ADDRESS);
    expect(count(outcomes, "RATE_LIMITED")).toBe(30 - SENDING_LIMIT_PER_ADDRESS);
    const text =
      "SELECT email, count(*)::int AS n FROM invitation WHERE email = ANY ($1) GROUP BY email ORDER BY email";
    expect(await world.query(text, pair)).toEqual(pair.map((email) => ({ email, n: SENDING_LIMIT_PER_ADDRESS })));
  });

  test("count when they are sent again, and where the recipient files them", async () => {
    const acme = organizations[0] as TestOrganization;
    const email = "often@example.com";
    await send(email, SENDING_LIMIT_PER_ADDRESS - 3);
    const invitationId = await acme.invite(email, "VIEWER");
    world.clock.pass(RESEND_INTERVAL_MS);
    const resend = () =>
      outcomeOf(acme.owner.run(commands.resendInvitation, { organizationId: acme.id, invitationId }));
    expect(await resend()).toBe("ok");
    expect(await inviteFrom(1, "often+news@example.com")).toBe("ok");
    expect(await inviteFrom(2, "often+more@example.com")).toBe("RATE_LIMITED");
    world.clock.pass(RESEND_INTERVAL_MS);
    expect(await resend()).toBe("RATE_LIMITED");
    expect(await inviteFrom(3, "+often@example.com")).toBe("ok");
  });

  test("count each where one call names a mailbox by several addresses", async () => {
    const acme = organizations[0] as TestOrganization;
    const invite = (from: number) => {
      const emails = Array.from({ length: 10 }, (_, n) => `filed+${from + n}@example.com`);
      return outcomeOf(acme.owner.run(commands.inviteMembers, { organizationId: acme.id, emails, role: "VIEWER" }));
    };
    expect([await invite(0), await invite(10), await invite(20)]).toEqual(["ok", "ok", "RATE_LIMITED"]);
  });

  test("are refused in the same words, with the same wait, whoever sent the others and when", async () => {
    const denialOf = (running: Promise<unknown>) =>
      running.then(
        () => null,
        (error: unknown) => (error instanceof Denied ? { text: error.message, ...error.extensions } : error),
      );
    const [acme, other] = organizations as [TestOrganization, TestOrganization];
    await send("shared@example.com", SENDING_LIMIT_PER_ADDRESS);
    for (let n = 0; n < SENDING_LIMIT_PER_ADDRESS; n++) {
      await other.invite("own@example.com", "VIEWER");
      await cancelAll("own@example.com");
    }
    const byOthers = await denialOf(acme.invite("shared@example.com", "VIEWER"));
    world.clock.pass(10 * 60 * 1000);
    const byThemselves = await denialOf(other.invite("own@example.com", "VIEWER"));
    expect(byOthers).toMatchObject({ code: "RATE_LIMITED", retryAfterSeconds: 3_600 });
    expect(byThemselves).toEqual(byOthers);
    // Nor is it said of several addresses which one it is.
    const emails = ["new@example.com", "shared@example.com"];
    const together = acme.owner.run(commands.inviteMembers, { organizationId: acme.id, emails, role: "VIEWER" });
    expect(await denialOf(together)).toEqual(byOthers);
  });

  test("that were refused, or skipped, are not counted, and those of yesterday are forgotten", async () => {
    const acme = organizations[0] as TestOrganization;
    const emails = ["uncounted@example.com"];
    const starter = await world.organization("STARTER");
    for (let n = 0; n < SENDING_LIMIT_PER_ADDRESS; n++) {
      const inviting = starter.owner.run(commands.inviteMembers, {
        organizationId: starter.id,
        emails,
        role: "VIEWER",
      });
      expect(await outcomeOf(inviting)).toBe("MEMBER_LIMIT_REACHED");
    }
    expect(await outcomeOf(acme.invite("uncounted@example.com", "VIEWER"))).toBe("ok");
    for (let n = 0; n < SENDING_LIMIT_PER_ADDRESS; n++) await acme.invite("uncounted@example.com", "VIEWER");
    const text = "SELECT array_length(sent_at, 1) AS n FROM invited_address WHERE address = 'uncounted@example.com'";
    expect(await world.query(text)).toEqual([{ n: 1 }]);
    world.clock.pass(SENDING_DAY_MS - 1);
    await sweepLeftovers(world.replica());
    expect(await world.query(text)).toEqual([{ n: 1 }]);
    world.clock.pass(1);
    await sweepLeftovers(world.replica());
    expect(await world.query(text)).toEqual([]);
  });
});

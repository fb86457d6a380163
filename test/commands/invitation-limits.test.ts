import { commands } from "../../src/commands";
import { Denied } from "../../src/domain/denial";
import { RESEND_INTERVAL_MS } from "../../src/domain/invitation";
import {
  SENDING_DAY_MS,
  SENDING_LIMIT_PER_ADDRESS,
  SENDING_LIMIT_PER_DAY,
  SENDING_WINDOW_MS,
} from "../../src/domain/inviting";
import { sweepLeftovers } from "../../src/jobs/sweep";
import { outcomeOf, type TestOrganization, World } from "../support/world";

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.close());

const count = (outcomes: string[], wanted: string) => outcomes.filter((outcome) => outcome === wanted).length;

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
  /** Invites an address `times` times, from the organizations in turn, and cancels the invitations. */
  async function send(email: string, times: number): Promise<void> {
    for (let n = 0; n < times; n++) {
      expect(await inviteFrom(n, email)).toBe("ok");
      if (n % organizations.length === organizations.length - 1) await cancelAll(email);
    }
    await cancelAll(email);
  }

  test("are limited over all organizations, per hour to the millisecond and per day", async () => {
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

  test("stay within the limit when many replicas and organizations send at once, or one call has several addresses", async () => {
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

  test("count when they are resent, and with any part after a plus sign", async () => {
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

  test("count separately if one call has several addresses of a mailbox", async () => {
    const acme = organizations[0] as TestOrganization;
    const invite = (from: number) => {
      const emails = Array.from({ length: 10 }, (_, n) => `filed+${from + n}@example.com`);
      return outcomeOf(acme.owner.run(commands.inviteMembers, { organizationId: acme.id, emails, role: "VIEWER" }));
    };
    expect([await invite(0), await invite(10), await invite(20)]).toEqual(["ok", "ok", "RATE_LIMITED"]);
  });

  test("are refused with the same message and wait, regardless of who sent the others and when", async () => {
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
    // For several addresses, the refusal does not say which one it is.
    const emails = ["new@example.com", "shared@example.com"];
    const together = acme.owner.run(commands.inviteMembers, { organizationId: acme.id, emails, role: "VIEWER" });
    expect(await denialOf(together)).toEqual(byOthers);
  });

  test("do not count if they were refused, skipped or sent more than a day ago", async () => {
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

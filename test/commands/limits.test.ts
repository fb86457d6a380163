import { randomUUID } from "node:crypto";
import { commands } from "../../src/commands";
import { recordFailure } from "../../src/commands/byok/byok-health";
import { grantLlmAccess } from "../../src/commands/byok/grant-llm-access";
import { tokenHash } from "../../src/commands/invitation/find-invitation";
import { changeOrganization, runCommand } from "../../src/commands/runner/run";
import { type ByokKey, byokStatusOf, FAILURE_WINDOW_MS, parseByokKey } from "../../src/domain/byok";
import {
  INVITATION_LIFETIME_MS,
  RESEND_INTERVAL_MS,
  refusalToAccept,
  SENDING_LIMIT,
  SENDING_LIMIT_PER_ADDRESS,
  SENDING_WINDOW_MS,
} from "../../src/domain/invitation";
import { RESTORABLE_MS } from "../../src/domain/organization";
import { creditPeriod, monthsOfReceipt } from "../../src/domain/usage";
import type { Service } from "../../src/domain/viewer";
import { AwsError, type AwsSession } from "../../src/integrations/aws/bedrock";
import { SessionCache } from "../../src/integrations/aws/session-cache";
import { seal } from "../../src/integrations/keys/sealer";
import { RateLimiter } from "../../src/integrations/rate-limiter";
import { sweepExpiringKeys } from "../../src/jobs/byok";
import { sendInvitation } from "../../src/jobs/send-invitation";
import { sweepInvitations, sweepSubscriptions } from "../../src/jobs/sweep";
import { byokConfigOf, insertByokConfig } from "../../src/store/byok";
import { inTransaction } from "../../src/store/engine/transaction";
import { countUse } from "../../src/store/organization";
import {
  invitationPages,
  invitationTotals,
  previewInvitation,
  receivedInvitations,
  visibleInvitations,
} from "../../src/store/views/invitations";
import { useOfOrganizations } from "../../src/store/views/subscriptions";
import { type Actor, outcomeOf, type TestOrganization, World } from "../support/world";

/** Every limit in time is asked a millisecond before it and at it: what is read, and what a command answers. */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let world: World;
let acme: TestOrganization;
beforeAll(async () => {
  world = await World.create();
});
beforeEach(async () => {
  acme = await world.organization("STANDARD");
});
afterAll(() => world.close());

async function linkOf(invitationId: string, email: string): Promise<string> {
  const integrations = { mailer: world.mailer, appUrl: "https://app.example" };
  await sendInvitation(world.replica(), integrations, { organizationId: acme.id, invitationId, sendNumber: 1 }, false);
  return world.mailer.tokenFor(email);
}

describe("an invitation is good for seven days", () => {
  const EDGES = [
    { left: 1, isOpen: true },
    { left: 0, isOpen: false },
  ];

  test.each(EDGES)("as it reads with $left ms left", async ({ left, isOpen }) => {
    const person = await world.person();
    const id = await acme.invite(person.email, "VIEWER");
    const token = await linkOf(id, person.email);
    world.clock.pass(INVITATION_LIFETIME_MS - left);
    const now = world.clock.now();
    const { database } = world;
    const status = isOpen ? "PENDING" : "EXPIRED";
    const page = (statuses: ["PENDING"] | ["EXPIRED"] | null) =>
      invitationPages(database, now, [acme.id], statuses, { limit: 10, after: null });
    expect((await page(null)).map((each) => each.status)).toEqual([status]);
    expect((await page(["PENDING"])).length).toBe(isOpen ? 1 : 0);
    expect((await page(["EXPIRED"])).length).toBe(isOpen ? 0 : 1);
    const total = async (each: string) => (await invitationTotals(database, now, [acme.id], [each]))[0]?.total ?? 0;
    expect([await total("PENDING"), await total("EXPIRED")]).toEqual(isOpen ? [1, 0] : [0, 1]);
    const visibility = { userId: acme.owner.id, all: false, verifiedEmail: null };
    expect((await visibleInvitations(database, now, visibility, [id]))[0]?.status).toBe(status);
    expect((await receivedInvitations(database, now, person.id)).length).toBe(isOpen ? 1 : 0);
    const preview = await previewInvitation(database, now, tokenHash(token), person.id);
    if (!preview) throw new Error("There is no preview.");
    expect(preview.status).toBe(status);
    const refusal = refusalToAccept({ ...preview, hasWorkspaces: false }, person, preview, now);
    expect(refusal?.code ?? null).toBe(isOpen ? null : "INVITATION_EXPIRED");
    // Seats: what the graph shows, and what commands count.
    expect((await useOfOrganizations(database, now, [acme.id]))[0]?.seats).toBe(isOpen ? 2 : 1);
    expect((await countUse(database, acme.id, now)).pending).toBe(isOpen ? 1 : 0);
  });

  const COMMANDS: Array<[string, (person: Actor, invitationId: string) => Promise<unknown>]> = [
    ["accept", (person, invitationId) => person.run(commands.acceptInvitation, { invitationId })],
    ["decline", (person, invitationId) => person.run(commands.declineInvitation, { invitationId })],
    [
      "resend",
      (_, invitationId) => acme.owner.run(commands.resendInvitation, { organizationId: acme.id, invitationId }),
    ],
    [
      "cancel",
      (_, invitationId) => acme.owner.run(commands.cancelInvitation, { organizationId: acme.id, invitationId }),
    ],
  ];
  test.each(COMMANDS)("to %s", async (_, command) => {
    for (const { left, isOpen } of EDGES) {
      const person = await world.person();
      const id = await acme.invite(person.email, "VIEWER");
      world.clock.pass(INVITATION_LIFETIME_MS - left);
      expect(await outcomeOf(command(person, id))).toBe(isOpen ? "ok" : "INVITATION_EXPIRED");
      await acme.owner.run(commands.cancelInvitation, { organizationId: acme.id, invitationId: id }).catch(() => null);
    }
  });

  test("and takes its seat until then, swept or not: the last seat can be given again", async () => {
    await acme.invite("first@example.com", "VIEWER");
    await acme.invite("second@example.com", "VIEWER");
    const third = () => outcomeOf(acme.invite("third@example.com", "VIEWER"));
    world.clock.pass(INVITATION_LIFETIME_MS - 1);
    expect(await third()).toBe("MEMBER_LIMIT_REACHED");
    await sweepInvitations(world.replica());
    expect(await third()).toBe("MEMBER_LIMIT_REACHED");
    world.clock.pass(1);
    expect(await third()).toBe("ok");
    expect(await outcomeOf(acme.invite("fourth@example.com", "VIEWER"))).toBe("ok");
    expect(await outcomeOf(acme.invite("fifth@example.com", "VIEWER"))).toBe("MEMBER_LIMIT_REACHED");
  });

  test("and its mail is not sent after that", async () => {
    const [early, late] = [
      await acme.invite("early@example.com", "VIEWER"),
      await acme.invite("late@example.com", "VIEWER"),
    ];
    world.clock.pass(INVITATION_LIFETIME_MS - 1);
    expect(await linkOf(early, "early@example.com")).not.toBe("");
    world.clock.pass(1);
    expect(await linkOf(late, "late@example.com")).toBe("");
  });
});

const resend = (invitationId: string) =>
  outcomeOf(acme.owner.run(commands.resendInvitation, { organizationId: acme.id, invitationId }));

test("an invitation is resent a minute after the last mail, and no millisecond sooner", async () => {
  const id = await acme.invite("again@example.com", "VIEWER");
  for (let n = 0; n < 2; n++) {
    world.clock.pass(RESEND_INTERVAL_MS - 1);
    expect(await resend(id)).toBe("RESEND_TOO_SOON");
    world.clock.pass(1);
    expect(await resend(id)).toBe("ok");
  }
});

test("one address gets twenty mails an hour, resent ones as well, and the next one when the hour is over", async () => {
  const id = await acme.invite("victim@example.com", "VIEWER");
  const first = world.clock.now().getTime();
  for (let n = 1; n < SENDING_LIMIT_PER_ADDRESS; n++) {
    world.clock.pass(RESEND_INTERVAL_MS);
    expect(await resend(id)).toBe("ok");
  }
  world.clock.pass(RESEND_INTERVAL_MS);
  expect(await resend(id)).toBe("RATE_LIMITED");
  world.clock.pass(first + SENDING_WINDOW_MS - 1 - world.clock.now().getTime());
  expect(await resend(id)).toBe("RATE_LIMITED");
  world.clock.pass(1);
  expect(await resend(id)).toBe("ok");
  expect(await resend(id)).toBe("RESEND_TOO_SOON");
});

test("an organization sends so many invitations an hour, and one more when the hour is over", async () => {
  const id = await acme.invite("one@example.com", "VIEWER");
  await world.query(
    `INSERT INTO organization_event (organization_id, sequence, type, occurred_at, actor_label, subject_id, summary, data, hash)
     SELECT $1, 1000 + n, 'invitation.resent', $2, 'system', $3, '', '{}', '' FROM generate_series(1, $4::int) n`,
    acme.id,
    world.clock.now(),
    randomUUID(),
    SENDING_LIMIT - 1,
  );
  world.clock.pass(SENDING_WINDOW_MS - 1);
  expect(await resend(id)).toBe("RATE_LIMITED");
  expect(await outcomeOf(acme.invite("two@example.com", "VIEWER"))).toBe("RATE_LIMITED");
  world.clock.pass(1);
  expect(await resend(id)).toBe("ok");
  expect(await outcomeOf(acme.invite("two@example.com", "VIEWER"))).toBe("ok");
});

test("a deleted organization is restored for thirty days, and no millisecond longer", async () => {
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

test("a period is renewed when it ends, and no millisecond sooner", async () => {
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

test("the period's credits are granted anew when it turns, and no millisecond sooner", async () => {
  const workspaceId = await defaultWorkspace();
  const meter: Service = { kind: "service", name: "meter", scopes: new Set(["usage:write"]) };
  const records = [{ id: randomUUID(), workspaceId, at: world.clock.now(), credits: 10_000, byok: false }];
  const founded = world.clock.now();
  await runCommand(world.replica(), meter, commands.recordUsage, { records });
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

test("a record around the turn of a month is received in both months for ten minutes on each side", () => {
  const turn = Date.parse("2026-05-01T00:00:00Z");
  const of = (offset: number) => monthsOfReceipt(new Date(turn + offset));
  const [april, may] = ["2026-04-01", "2026-05-01"];
  expect(of(-10 * 60_000 - 1)).toEqual([april, april]);
  expect(of(-10 * 60_000)).toEqual([april, may]);
  expect(of(10 * 60_000 - 1)).toEqual([april, may]);
  expect(of(10 * 60_000)).toEqual([may, may]);
});

test("keys are checked so many times at once, and again when an interval is over", () => {
  const attempts = new RateLimiter(3, 10_000);
  const start = Date.parse("2026-03-31T09:00:00Z");
  const take = (offset: number) => attempts.take("somebody", new Date(start + offset));
  expect([take(0), take(0), take(0)]).toEqual([0, 0, 0]);
  expect(take(0)).toBe(10_000);
  expect(take(9_999)).toBe(1);
  expect(take(10_000)).toBe(0);
  expect(take(10_000)).toBe(10_000);
});

test("a session is renewed five minutes before its end, and given out for as long as a minute is left", async () => {
  // The cache forgets by the real clock what has ended.
  const start = Date.now();
  const session = {
    ...{ accessKeyId: "a", secretAccessKey: "s", sessionToken: "t" },
    expiresAt: new Date(start + HOUR),
  };
  const cache = new SessionCache();
  let made = 0;
  const at = (left: number, make: () => Promise<AwsSession>) =>
    cache.get("organization", "version", new Date(start + HOUR - left), make);
  const fail = async (): Promise<AwsSession> => {
    made += 1;
    throw new AwsError("Throttling", "Slow down.");
  };
  expect(await at(HOUR, async () => session)).toBe(session);
  expect(await at(5 * 60_000 + 1, fail)).toBe(session);
  expect(made).toBe(0);
  expect(await at(5 * 60_000, fail)).toBe(session);
  expect(made).toBe(1);
  expect(await at(60_001, fail)).toBe(session);
  await expect(at(60_000, fail)).rejects.toBeInstanceOf(AwsError);
  expect(made).toBe(3);
});

describe("a temporary key", () => {
  const credentials = { accessKeyId: `ASIA${"A".repeat(16)}`, secretAccessKey: "s".repeat(40), sessionToken: "t" };

  /** An organization on its own temporary key, which ends so many milliseconds from now. */
  async function ending(milliseconds: number): Promise<string> {
    await acme.owner.run(commands.changePlan, { organizationId: acme.id, planCode: "ADVANCED" });
    const now = world.clock.now();
    const { keyWrapper } = world.replica().integrations;
    const sealed = await seal(keyWrapper, acme.id, credentials);
    const { masterKeyId, wrapped: wrappedKey, accessKeyId, secretAccessKey, sessionToken } = sealed;
    await inTransaction(world.database, (transaction) =>
      insertByokConfig(transaction, {
        ...{ id: randomUUID(), organizationId: acme.id, accessKeyIdHint: "ASIA…AAAA", isTemporary: true },
        ...{ sessionTokenExpiresAt: new Date(now.getTime() + milliseconds), region: "eu-central-1" },
        ...{ inferenceProfile: "EU", fallback: "DENY", enabled: true, version: randomUUID(), masterKeyId, wrappedKey },
        ...{ sealedAccessKeyId: accessKeyId, sealedSecretAccessKey: secretAccessKey, sealedSessionToken: sessionToken },
        ...{ lastVerification: null, failures: 0, failuresSince: null, failingSince: null, expiryNotices: 0 },
        ...{ createdAt: now, updatedAt: now },
      }),
    );
    return await defaultWorkspace();
  }

  test("is used until it ends, and no millisecond longer", async () => {
    const workspaceId = await ending(HOUR);
    const status = async () => {
      const { loaders } = world.context(acme.owner);
      const config = await loaders.byokOfOrganization.load(acme.id);
      return byokStatusOf(config, true, world.clock.now());
    };
    const access = () => grantLlmAccess(world.replica(), workspaceId);
    world.clock.pass(HOUR - 1);
    expect(await status()).toBe("ACTIVE");
    expect(await access()).toMatchObject({ kind: "byok", accessKeyId: credentials.accessKeyId });
    world.clock.pass(1);
    expect(await status()).toBe("EXPIRED");
    expect(await access()).toMatchObject({ kind: "refused", refusal: { code: "BYOK_VERIFICATION_FAILED" } });
  });

  test("is brought with a millisecond left, and not at its end", () => {
    const now = world.clock.now();
    const key = (left: number): ByokKey => ({
      ...credentials,
      ...{ sessionTokenExpiresAt: new Date(now.getTime() + left), region: "eu-central-1", inferenceProfile: "EU" },
    });
    expect(parseByokKey(key(1), now).sessionTokenExpiresAt).toEqual(new Date(now.getTime() + 1));
    expect(() => parseByokKey(key(0), now)).toThrow("The session token has expired. Use a new temporary key.");
  });

  test("is announced a day and an hour before its end, and at it, and no millisecond sooner", async () => {
    await ending(2 * DAY);
    const events = async () => {
      await sweepExpiringKeys(world.replica());
      return (await acme.eventTypes()).filter((type) => type.startsWith("byok."));
    };
    const steps: Array<[number, string[]]> = [
      [DAY - 1, []],
      [1, ["byok.expiring"]],
      [23 * HOUR - 1, ["byok.expiring"]],
      [1, ["byok.expiring", "byok.expiring"]],
      [HOUR - 1, ["byok.expiring", "byok.expiring"]],
      [1, ["byok.expiring", "byok.expiring", "byok.expired"]],
    ];
    for (const [milliseconds, expected] of steps) {
      world.clock.pass(milliseconds);
      expect(await events()).toEqual(expected);
      expect(await events()).toEqual(expected);
    }
  });

  test.each([
    { apart: FAILURE_WINDOW_MS - 1, isFailing: true },
    { apart: FAILURE_WINDOW_MS, isFailing: false },
  ])("rejected three times over $apart ms is failing: $isFailing", async ({ apart, isFailing }) => {
    await ending(2 * DAY);
    const reject = () =>
      changeOrganization(world.replica(), acme.id, async (unit) => {
        const config = await byokConfigOf(unit.transaction, acme.id);
        if (config) await recordFailure(unit, config, "AccessDenied");
      });
    await reject();
    await reject();
    world.clock.pass(apart);
    await reject();
    const { loaders } = world.context(acme.owner);
    const config = await loaders.byokOfOrganization.load(acme.id);
    expect(byokStatusOf(config, true, world.clock.now())).toBe(isFailing ? "FAILING" : "ACTIVE");
  });
});

import { randomUUID } from "node:crypto";
import { commands } from "../../src/commands";
import { recordFailure } from "../../src/commands/byok/byok-health";
import { grantLlmAccess } from "../../src/commands/byok/grant-llm-access";
import { changeOrganization } from "../../src/commands/runner/run";
import { type ByokKey, byokStatusOf, FAILURE_WINDOW_MS } from "../../src/domain/byok";
import { parseByokKey } from "../../src/domain/byok-key";
import { AwsError, type AwsSession } from "../../src/integrations/aws/bedrock";
import { SessionCache } from "../../src/integrations/aws/session-cache";
import { seal } from "../../src/integrations/keys/sealer";
import { RateLimiter } from "../../src/integrations/rate-limiter";
import { sweepExpiringKeys } from "../../src/jobs/byok";
import { byokConfigOf, insertByokConfig } from "../../src/store/byok";
import { inTransaction } from "../../src/store/engine/transaction";
import { type TestOrganization, World } from "../support/world";

/** Reads and commands, one millisecond before each limit in time, and at it. */

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

async function defaultWorkspace(): Promise<string> {
  const text = "SELECT id FROM workspace WHERE organization_id = $1 AND is_default";
  return (await world.query<{ id: string }>(text, acme.id))[0]?.id ?? "";
}

test("a person can check a limited number of keys at once, and one more after each interval", () => {
  const attempts = new RateLimiter(3, 10_000);
  const start = Date.parse("2026-03-31T09:00:00Z");
  const take = (offset: number) => attempts.take("somebody", new Date(start + offset));
  expect([take(0), take(0), take(0)]).toEqual([0, 0, 0]);
  expect(take(0)).toBe(10_000);
  expect(take(9_999)).toBe(1);
  expect(take(10_000)).toBe(0);
  expect(take(10_000)).toBe(10_000);
  // A pause earns three, however long it is.
  expect([take(900_000), take(900_000), take(900_000)]).toEqual([0, 0, 0]);
  expect(take(900_000)).toBe(10_000);
});

test("limits are kept for the last ten thousand people", () => {
  const attempts = new RateLimiter(1, 60_000);
  const now = new Date();
  const take = (name: string) => attempts.take(name, now);
  for (let n = 0; n <= 10_000; n++) take(String(n));
  expect([take("1"), take("0")]).toEqual([60_000, 0]);
});

test("a session is renewed five minutes before its end, and returned while at least a minute is left", async () => {
  // The cache drops ended sessions by the real clock.
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

  /** An organization on its own temporary key, which ends after `milliseconds`. */
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

  const configOf = () => world.context(acme.owner).loaders.byokOfOrganization.load(acme.id);
  const reject = () =>
    changeOrganization(world.replica(), acme.id, async (unit) => {
      const config = await byokConfigOf(unit.transaction, acme.id);
      if (config) await recordFailure(unit, config, "AccessDenied");
    });

  test("is used until it ends, not a millisecond longer", async () => {
    const workspaceId = await ending(HOUR);
    const status = async () => byokStatusOf(await configOf(), true, world.clock.now());
    const access = () => grantLlmAccess(world.replica(), workspaceId);
    world.clock.pass(HOUR - 1);
    expect(await status()).toBe("ACTIVE");
    expect(await access()).toMatchObject({ kind: "byok", accessKeyId: credentials.accessKeyId });
    world.clock.pass(1);
    expect(await status()).toBe("EXPIRED");
    expect(await access()).toMatchObject({ kind: "refused", refusal: { code: "BYOK_VERIFICATION_FAILED" } });
  });

  test("can be saved with a millisecond left, but not at its end", () => {
    const now = world.clock.now();
    const key = (left: number): ByokKey => ({
      ...credentials,
      ...{ sessionTokenExpiresAt: new Date(now.getTime() + left), region: "eu-central-1", inferenceProfile: "EU" },
    });
    expect(parseByokKey(key(1), now).sessionTokenExpiresAt).toEqual(new Date(now.getTime() + 1));
    expect(() => parseByokKey(key(0), now)).toThrow("The session token has expired. Use a new temporary key.");
  });

  test("causes notices a day and an hour before its end, and at its end, not a millisecond earlier", async () => {
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

  test("causes the notice that was due while the organization was deleted after its restoration", async () => {
    await ending(2 * DAY);
    const notices = async () => {
      await sweepExpiringKeys(world.replica());
      return (await acme.eventTypes()).filter((type) => type === "byok.expiring");
    };
    await acme.owner.run(commands.deleteOrganization, { organizationId: acme.id, confirmName: "Acme" });
    world.clock.pass(DAY);
    expect(await notices()).toEqual([]);
    await acme.owner.run(commands.restoreOrganization, { organizationId: acme.id });
    expect(await notices()).toEqual(["byok.expiring"]);
  });

  test.each([
    { apart: FAILURE_WINDOW_MS - 1, isFailing: true },
    { apart: FAILURE_WINDOW_MS, isFailing: false },
  ])("that is rejected three times within $apart ms is Failing: $isFailing", async ({ apart, isFailing }) => {
    await ending(2 * DAY);
    await reject();
    await reject();
    world.clock.pass(apart);
    await reject();
    expect(byokStatusOf(await configOf(), true, world.clock.now())).toBe(isFailing ? "FAILING" : "ACTIVE");
  });

  test("that is rejected now and then is not Failing: an hour begins with its first rejection", async () => {
    await ending(2 * DAY);
    for (let n = 0; n < 8; n++) {
      await reject();
      world.clock.pass(FAILURE_WINDOW_MS / 2 + 1);
      expect(byokStatusOf(await configOf(), true, world.clock.now())).toBe("ACTIVE");
    }
  });

  test("that is rejected all the time counts no more than a thousand rejections", async () => {
    await ending(2 * DAY);
    await reject();
    await world.query("UPDATE byok_config SET failures = 999 WHERE organization_id = $1", acme.id);
    for (let n = 0; n < 2; n++) await reject();
    expect(await configOf()).toMatchObject({ failures: 1_000 });
  });
});

import { AwsError, type AwsSession } from "../../src/integrations/aws/bedrock";
import { SessionCache } from "../../src/integrations/aws/session-cache";
import { ByokWorld } from "../support/byok-world";

let world: ByokWorld;
beforeAll(async () => {
  world = await ByokWorld.start();
});
afterAll(() => world.stop());
afterEach(() => {
  world.aws.trouble = null;
  world.aws.sessionSeconds = 3_600;
});

const refusal = (code: string) => ({ __typename: "Refusal", code });
const platform = (reason: string) => ({ __typename: "PlatformLlmAccess", reason });
const OWN = { __typename: "ByokLlmAccess" };
const FAILED = refusal("BYOK_VERIFICATION_FAILED");

describe("sessions", () => {
  test("are requested once for concurrent calls, for at most an hour", async () => {
    const key = world.aws.key();
    const { workspaceId } = await world.configured(key);
    const before = world.aws.sessions;
    const [first, ...others] = await Promise.all(Array.from({ length: 20 }, () => world.access(workspaceId)));
    expect(world.aws.sessions).toBe(before + 1);
    expect(first).toMatchObject({ ...OWN, region: "eu-central-1", inferenceProfile: "GLOBAL" });
    for (const other of [...others, await world.access(workspaceId)]) expect(other).toEqual(first);
    expect(first.accessKeyId).toMatch(/^ASIA/);
    expect([first.accessKeyId, first.secretAccessKey]).not.toContain(key.accessKeyId);
    expect(first.secretAccessKey).not.toBe(key.secretAccessKey);
    expect(new Date(first.expiresAt).getTime()).toBeLessThanOrEqual(Date.now() + 3_600_000);
  });

  test("of a temporary key equal the key, until it ends", async () => {
    const sessionTokenExpiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const key = world.aws.key("ASIA");
    const { workspaceId } = await world.configured({ ...key, sessionTokenExpiresAt });
    const before = world.aws.sessions;
    expect(await world.access(workspaceId)).toMatchObject({ ...OWN, ...key, expiresAt: sessionTokenExpiresAt });
    expect(world.aws.sessions).toBe(before);
  });

  test("are dropped on all replicas immediately when the configuration changes", async () => {
    const account = await world.configured();
    const { workspaceId } = account;
    const replicas = [
      world.service.app,
      await world.service.replica(world.aws.environment),
      await world.service.replica(world.aws.environment),
    ];
    const callers = await Promise.all(replicas.map((app) => world.callerAt(app)));
    const everywhere = () => Promise.all(callers.map((ask) => world.access(workspaceId, ask)));
    const seen = new Set((await everywhere()).map(({ accessKeyId }) => accessKeyId));
    expect(seen.size).toBe(3);
    const changes: Array<[() => Promise<unknown>, object]> = [
      [() => world.save(account, world.aws.key()), OWN],
      [() => world.change(account, "setByokEnabled", ", enabled: false"), platform("KEY_PAUSED")],
      [() => world.change(account, "setByokEnabled", ", enabled: true"), OWN],
      [() => world.plan(account, "STANDARD"), refusal("PLAN_WITHOUT_BYOK")],
      [() => world.plan(account, "ADVANCED"), OWN],
      [() => world.save(account, world.aws.key("ASIA")), OWN],
      [() => world.save(account, world.aws.key()), OWN],
      [() => world.change(account, "removeByokConfig"), platform("NO_KEY")],
    ];
    for (const [change, expected] of changes) {
      await change();
      for (const answer of await everywhere()) {
        expect(answer).toMatchObject(expected);
        if (answer.accessKeyId) expect(seen).not.toContain(answer.accessKeyId);
      }
      for (const { accessKeyId } of await everywhere()) if (accessKeyId) seen.add(accessKeyId);
    }
    await world.change(account, "deleteOrganization", ', confirmName: "Acme"');
    expect(await everywhere()).toEqual(["NOT_FOUND", "NOT_FOUND", "NOT_FOUND"]);
  });

  test("of a removed key are dropped on all replicas without a request", async () => {
    const [account, other] = [await world.configured(), await world.configured()];
    const apps = [world.service.app, await world.service.replica(world.aws.environment)];
    for (const app of apps) {
      const caller = await world.callerAt(app);
      for (const { workspaceId } of [account, other]) await world.access(workspaceId, caller);
    }
    const held = ({ id }: { id: string }) =>
      apps.map((app) => app.services.integrations.sessions.filterCached([id]).length);
    expect([held(account), held(other)]).toEqual([
      [1, 1],
      [1, 1],
    ]);
    for (const { owner, id } of [account, other]) {
      await owner.ask(
        `mutation { updateOrganization(input: { organizationId: "${id}", name: "Other" }) { __typename } }`,
      );
    }
    await world.change(account, "removeByokConfig");
    while (held(account).some((count) => count > 0)) await new Promise((resolve) => setImmediate(resolve));
    expect(held(other)).toEqual([1, 1]);
  });

  test("are renewed shortly before their end, and used until their last minute while AWS is unreachable", async () => {
    const { workspaceId } = await world.configured();
    world.aws.sessionSeconds = 240;
    const first = await world.access(workspaceId);
    world.aws.trouble = { kind: "reset" };
    expect(await world.access(workspaceId)).toEqual(first);
    world.aws.trouble = null;
    world.aws.sessionSeconds = 45;
    const second = await world.access(workspaceId);
    expect(second.accessKeyId).not.toBe(first.accessKeyId);
    world.aws.trouble = { kind: "reset" };
    expect(await world.access(workspaceId)).toMatchObject({ ...FAILED, retryAfterSeconds: 60 });
  });

  test("that AWS refuses count as one rejection for each attempt", async () => {
    const key = world.aws.key();
    const account = await world.configured(key);
    world.aws.trouble = { kind: "down", on: /^GetSession/ };
    for (let n = 0; n < 3; n++) expect(await world.access(account.workspaceId)).toMatchObject(FAILED);
    world.aws.trouble = null;
    expect(await world.status(account, account.owner)).toBe("ACTIVE");
    world.aws.keys.delete(key.accessKeyId);
    for (const expected of ["ACTIVE", "ACTIVE", "FAILING"]) {
      const answers = await Promise.all(Array.from({ length: 5 }, () => world.access(account.workspaceId)));
      for (const answer of answers) expect(answer).toMatchObject(FAILED);
      expect(await world.status(account, account.owner)).toBe(expected);
    }
    const calls = world.aws.calls.length;
    expect(await world.access(account.workspaceId)).toMatchObject(FAILED);
    expect(world.aws.calls.length).toBe(calls);
    expect(await world.events(account)).toEqual(["byok.configured", "byok.failing"]);
    expect(await world.mailsTo(account.owner, 1)).toEqual(["AWS rejects your organization's key"]);
  });
});

describe("the cache of sessions", () => {
  const now = new Date();
  const sessionOf = (accessKeyId: string, minutes: number | null): AwsSession => {
    const expiresAt = minutes === null ? null : new Date(now.getTime() + minutes * 60_000);
    return { accessKeyId, secretAccessKey: "s", sessionToken: "t", expiresAt };
  };
  const cache = new SessionCache();
  const get = async (version: string, make: () => Promise<AwsSession>, id = "org") =>
    (await cache.get(id, version, now, make)).accessKeyId;
  const never = async () => {
    throw new Error("Nothing was to be made.");
  };

  test("stores one session of one version, and drops the previous one", async () => {
    expect(await get("1", async () => sessionOf("A", 60))).toBe("A");
    expect(await get("1", never)).toBe("A");
    expect(await get("2", async () => sessionOf("B", null))).toBe("B");
    expect(await get("2", never)).toBe("B");
    await expect(get("1", never)).rejects.toThrow("Nothing");
    cache.drop("org");
    expect(await get("2", async () => sessionOf("C", 60))).toBe("C");
  });

  test("stores no failure, and hides failures of AWS only", async () => {
    const fail = async () => {
      throw new AwsError("UNREACHABLE", "no");
    };
    await expect(get("1", fail, "other")).rejects.toThrow("no");
    expect(await get("1", async () => sessionOf("D", 4), "other")).toBe("D");
    expect(await get("1", fail, "other")).toBe("D");
    await expect(get("1", never, "other")).rejects.toThrow("Nothing");
    expect(await get("1", async () => sessionOf("E", 0.5), "other")).toBe("E");
    await expect(get("1", fail, "other")).rejects.toThrow("no");
  });

  test("forgets a session at its end", async () => {
    const ending = new SessionCache();
    const start = new Date();
    await ending.get("org", "1", start, async () => sessionOf("F", 0));
    while (ending.filterCached(null).length > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(ending.filterCached(["org"])).toEqual([]);
  });

  test("does not replace a new session by a slow one of an old version", async () => {
    let finish = (_session: AwsSession) => {};
    const slow = get("1", () => new Promise((resolve) => (finish = resolve)), "slow");
    expect(await get("2", async () => sessionOf("new", 60), "slow")).toBe("new");
    finish(sessionOf("old", 60));
    expect(await slow).toBe("old");
    expect(await get("2", never, "slow")).toBe("new");
  });
});

import { randomUUID } from "node:crypto";
import { byokStatusOf } from "../../src/domain/byok";
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

/** What can be the matter with a key, and what follows where its Owner lets calls fall back, and where not. */
const MATTERS: Array<[matter: string, denied: object, allowed: object]> = [
  ["nothing", OWN, OWN],
  ["removed", platform("NO_KEY"), platform("NO_KEY")],
  ["paused", platform("KEY_PAUSED"), platform("KEY_PAUSED")],
  ["paused on a smaller plan", platform("KEY_PAUSED"), platform("KEY_PAUSED")],
  ["paused and expired", platform("KEY_PAUSED"), platform("KEY_PAUSED")],
  ["expired", FAILED, platform("KEY_EXPIRED")],
  ["failing", FAILED, platform("KEY_FAILING")],
  ["on a smaller plan", refusal("PLAN_WITHOUT_BYOK"), platform("PLAN_WITHOUT_BYOK")],
  ["failing on a smaller plan", refusal("PLAN_WITHOUT_BYOK"), platform("PLAN_WITHOUT_BYOK")],
  ["AWS hanging", FAILED, platform("KEY_FAILING")],
  ["AWS resetting", FAILED, platform("KEY_FAILING")],
  ["AWS answering garbage", FAILED, platform("KEY_FAILING")],
  ["AWS down", FAILED, platform("KEY_FAILING")],
  ["AWS throttling", FAILED, platform("KEY_FAILING")],
  ["rejected by AWS", FAILED, platform("KEY_FAILING")],
  ["denied sessions by AWS", FAILED, platform("KEY_FAILING")],
  ["tampered with", FAILED, FAILED],
  ["under an unknown master key", FAILED, FAILED],
  ["expired and tampered with", FAILED, platform("KEY_EXPIRED")],
];

describe.each(["DENY", "ALLOW"] as const)("with the fallback %s, a call on a key that is", (fallback) => {
  test.each(MATTERS)("%s", async (matter, denied, allowed) => {
    const { aws } = world;
    const key = aws.key();
    const brought = await world.configured(key, fallback);
    const set = (text: string) => world.sql(`UPDATE byok_config SET ${text} WHERE organization_id = $1`, brought.id);
    if (matter === "removed") await world.change(brought, "removeByokConfig");
    if (matter.startsWith("paused")) await world.change(brought, "setByokEnabled", ", enabled: false");
    if (matter.includes("expired")) await set("is_temporary = true, session_token_expires_at = now()");
    if (matter.startsWith("failing")) await set("failing_since = now()");
    if (matter.endsWith("smaller plan")) await world.plan(brought, "STANDARD");
    if (matter.endsWith("tampered with")) await set("sealed_secret_access_key = sealed_access_key_id");
    if (matter.startsWith("under an unknown")) await set("master_key_id = 'gone'");
    if (matter.endsWith("hanging")) aws.trouble = { kind: "hang" };
    if (matter.endsWith("resetting")) aws.trouble = { kind: "reset" };
    if (matter.endsWith("garbage")) aws.trouble = { kind: "garbage" };
    if (matter.endsWith("down")) aws.trouble = { kind: "down" };
    if (matter.endsWith("throttling")) aws.trouble = { kind: "throttle" };
    if (matter.startsWith("rejected")) aws.keys.delete(key.accessKeyId);
    const known = aws.keys.get(key.accessKeyId);
    if (known && matter.startsWith("denied")) known.mayMint = false;
    const answer = await world.access(brought.workspaceId);
    expect(answer).toMatchObject(fallback === "DENY" ? denied : allowed);
    if (answer.__typename === "ByokLlmAccess") expect(answer.fallback).toBe(fallback);
    if (answer.__typename === "PlatformLlmAccess") expect(answer.creditsRemaining).toBeGreaterThan(0);
    if (answer.__typename === "Refusal") expect(answer.message.length).toBeGreaterThan(30);
  });

  test("needed while the credits are used up never runs on the platform's", async () => {
    for (const matter of ["removed", "failing"]) {
      const brought = await world.configured(world.aws.key(), fallback);
      await world.sql(
        `INSERT INTO usage_day (organization_id, day, period_start, credits)
         SELECT organization_id, (now() AT TIME ZONE 'UTC')::date, started_at, 1000000
         FROM organization_subscription WHERE organization_id = $1`,
        brought.id,
      );
      expect(await world.access(brought.workspaceId)).toMatchObject(OWN);
      if (matter === "removed") await world.change(brought, "removeByokConfig");
      else await world.sql("UPDATE byok_config SET failing_since = now() WHERE organization_id = $1", brought.id);
      const isDenied = matter === "failing" && fallback === "DENY";
      expect(await world.access(brought.workspaceId)).toMatchObject(isDenied ? FAILED : refusal("CREDITS_EXHAUSTED"));
    }
  });
});

test("a status is one of six, decided by the plan, then the Owner's switch, then time, then AWS", () => {
  const now = new Date();
  const [past, future] = [new Date(now.getTime() - 1), new Date(now.getTime() + 1)];
  const expected = (plan: boolean, enabled: boolean, ends: Date | null, failing: boolean) => {
    if (!plan) return "PLAN_INACTIVE";
    if (!enabled) return "PAUSED";
    if (ends === past || ends === now) return "EXPIRED";
    return failing ? "FAILING" : "ACTIVE";
  };
  for (const plan of [true, false]) {
    expect(byokStatusOf(null, plan, now)).toBe("NOT_CONFIGURED");
    for (const enabled of [true, false]) {
      for (const ends of [null, past, now, future]) {
        for (const failing of [true, false]) {
          const state = { enabled, isTemporary: ends !== null, sessionTokenExpiresAt: ends };
          const status = byokStatusOf({ ...state, failingSince: failing ? past : null }, plan, now);
          expect(status).toBe(expected(plan, enabled, ends, failing));
        }
      }
    }
  }
});

test("it is for services with the right scope alone, and tells nobody else whether a workspace is there", async () => {
  const { owner, workspaceId } = await world.configured();
  for (const [ask, code] of [
    [owner.ask, "FORBIDDEN"],
    [await world.service.service("usage:write", "entities:read"), "FORBIDDEN"],
    [world.service.ask(null), "UNAUTHENTICATED"],
  ] as const) {
    for (const id of [workspaceId, randomUUID()]) expect(await world.access(id, ask)).toBe(code);
  }
  for (const id of [randomUUID(), "x", ""]) expect(await world.access(id)).toBe("NOT_FOUND");
});

test("an alarm is raised whenever a key does not open", async () => {
  const { workspaceId, id } = await world.configured();
  await world.sql("UPDATE byok_config SET sealed_access_key_id = '\\x' WHERE organization_id = $1", id);
  const { integrations } = world.service.app.services;
  const alarms: string[] = [];
  const { alarm } = integrations;
  integrations.alarm = ({ message }) => alarms.push(message);
  await world.access(workspaceId);
  await world.access(workspaceId);
  integrations.alarm = alarm;
  expect(alarms).toHaveLength(2);
  expect(alarms[0]).toContain(id);
});

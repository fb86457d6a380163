import { randomUUID } from "node:crypto";
import { byokStatusOf } from "../../src/domain/byok";
import type { Trouble } from "../support/aws-stand-in";
import { type ByokOrganization, ByokWorld, type KeyInput } from "../support/byok-world";
import { holdCallTimeouts } from "../support/call-timeouts";
import { join } from "../support/live-organization";

let world: ByokWorld;
beforeAll(async () => {
  world = await ByokWorld.start();
  world.aws.onHang = holdCallTimeouts();
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

interface KeyCase {
  account: ByokOrganization;
  key: KeyInput;
}
type Prepare = (given: KeyCase) => unknown;

const set =
  (text: string): Prepare =>
  ({ account }) =>
    world.sql(`UPDATE byok_config SET ${text} WHERE organization_id = $1`, account.id);
const pause: Prepare = ({ account }) => world.change(account, "setByokEnabled", ", enabled: false");
const remove: Prepare = ({ account }) => world.change(account, "removeByokConfig");
const expire = set("is_temporary = true, session_token_expires_at = now()");
const fail = set("failing_since = now()");
const tamper = set("sealed_secret_access_key = sealed_access_key_id");
const downgrade: Prepare = ({ account }) => world.plan(account, "STANDARD");
const disturb =
  (kind: Trouble["kind"]): Prepare =>
  () => {
    world.aws.trouble = { kind };
  };
const rejectKey: Prepare = ({ key }) => world.aws.keys.delete(key.accessKeyId);
const denySessions: Prepare = ({ key }) => {
  const known = world.aws.keys.get(key.accessKeyId);
  if (known) known.mayMint = false;
};

/** The state of a key, and the outcome of a call with the fallback DENY and with ALLOW. */
const CASES: Array<[state: string, denied: object, allowed: object, ...prepare: Prepare[]]> = [
  ["in order", OWN, OWN],
  ["removed", platform("NO_KEY"), platform("NO_KEY"), remove],
  ["paused", platform("KEY_PAUSED"), platform("KEY_PAUSED"), pause],
  ["paused on a smaller plan", platform("KEY_PAUSED"), platform("KEY_PAUSED"), pause, downgrade],
  ["paused and expired", platform("KEY_PAUSED"), platform("KEY_PAUSED"), pause, expire],
  ["expired", FAILED, platform("KEY_EXPIRED"), expire],
  ["failing", FAILED, platform("KEY_FAILING"), fail],
  ["on a smaller plan", refusal("PLAN_WITHOUT_BYOK"), platform("PLAN_WITHOUT_BYOK"), downgrade],
  ["failing on a smaller plan", refusal("PLAN_WITHOUT_BYOK"), platform("PLAN_WITHOUT_BYOK"), fail, downgrade],
  ["used while AWS hangs", FAILED, platform("KEY_FAILING"), disturb("hang")],
  ["used while AWS resets connections", FAILED, platform("KEY_FAILING"), disturb("reset")],
  ["used while AWS answers garbage", FAILED, platform("KEY_FAILING"), disturb("garbage")],
  ["used while AWS is down", FAILED, platform("KEY_FAILING"), disturb("down")],
  ["used while AWS throttles", FAILED, platform("KEY_FAILING"), disturb("throttle")],
  ["rejected by AWS", FAILED, platform("KEY_FAILING"), rejectKey],
  ["denied sessions by AWS", FAILED, platform("KEY_FAILING"), denySessions],
  ["tampered with", FAILED, FAILED, tamper],
  ["under an unknown master key", FAILED, FAILED, set("master_key_id = 'gone'")],
  ["expired and tampered with", FAILED, platform("KEY_EXPIRED"), expire, tamper],
];

describe.each(["DENY", "ALLOW"] as const)("with the fallback %s, a call on a key that is", (fallback) => {
  test.each(CASES)("%s", async (_state, denied, allowed, ...prepare) => {
    const key = world.aws.key();
    const account = await world.configured(key, fallback);
    for (const step of prepare) await step({ account, key });
    const answer = await world.access(account.workspaceId);
    expect(answer).toMatchObject(fallback === "DENY" ? denied : allowed);
    if (answer.__typename === "ByokLlmAccess") expect(answer.fallback).toBe(fallback);
    if (answer.__typename === "PlatformLlmAccess") expect(answer.creditsRemaining).toBeGreaterThan(0);
    if (answer.__typename === "Refusal") expect(answer.message.length).toBeGreaterThan(30);
  });

  test("removed or failing does not use the platform when the credits are used up", async () => {
    for (const matter of ["removed", "failing"]) {
      const account = await world.configured(world.aws.key(), fallback);
      await world.sql(
        `INSERT INTO usage_day (organization_id, day, period_start, credits)
         SELECT organization_id, (now() AT TIME ZONE 'UTC')::date, started_at, 1000000
         FROM organization_subscription WHERE organization_id = $1`,
        account.id,
      );
      expect(await world.access(account.workspaceId)).toMatchObject(OWN);
      if (matter === "removed") await world.change(account, "removeByokConfig");
      else await world.sql("UPDATE byok_config SET failing_since = now() WHERE organization_id = $1", account.id);
      const isDenied = matter === "failing" && fallback === "DENY";
      expect(await world.access(account.workspaceId)).toMatchObject(isDenied ? FAILED : refusal("CREDITS_EXHAUSTED"));
    }
  });
});

test("the status depends on the plan first, then on the Owner's switch, the time and AWS", () => {
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

test("only services with the scope can read LLM access; others cannot find out whether a workspace exists", async () => {
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

test("each key that does not open raises an alarm", async () => {
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

test("an Owner can see who saved the key, and the time of its next verification", async () => {
  const account = await world.configured();
  const second = await world.service.person("Second");
  await join(world.service, account.owner, account.id, "ADMIN", second);
  await world.sql("UPDATE member SET role = 'OWNER' WHERE user_id = $1", second.id);
  const read = async () => {
    const fields = "byokConfig { savedBy { id } nextVerificationAt }";
    return (await account.owner.ask(`{ organization(id: "${account.id}") { ${fields} } }`)).data.organization
      .byokConfig;
  };
  const next = expect.stringMatching(/T04:23:00\.000Z$/);
  expect(await read()).toEqual({ savedBy: { id: account.owner.id }, nextVerificationAt: next });
  await world.save({ owner: second, id: account.id }, world.aws.key());
  // Later events of this key, and events of other keys, do not change who saved it.
  expect(await world.change(account, "verifyByokConfig")).toBe("ok");
  await world.configured();
  expect(await read()).toEqual({ savedBy: { id: second.id }, nextVerificationAt: next });
  expect(await world.change(account, "setByokEnabled", ", enabled: false")).toBe("ok");
  expect(await read()).toEqual({ savedBy: { id: second.id }, nextVerificationAt: null });
});

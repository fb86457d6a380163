import { sweepLeftovers } from "../../src/jobs/sweep";
import { ByokWorld, failing } from "../support/byok-world";
import { join } from "../support/live-organization";
import { aMoment } from "../support/moment";

let world: ByokWorld;
beforeAll(async () => {
  world = await ByokWorld.start();
});
afterAll(() => world.stop());
afterEach(() => {
  world.aws.trouble = null;
});
const services = () => world.service.app.services;

test("saving, replacing, pausing, resuming, checking and removing a key each write an event", async () => {
  const { aws } = world;
  const account = await world.organization();
  const { workspaceId } = account;
  expect(await world.access(workspaceId)).toMatchObject({ __typename: "PlatformLlmAccess", reason: "NO_KEY" });
  const key = aws.key();
  const { byokConfig } = await world.save(account, key);
  expect(byokConfig).toMatchObject({
    accessKeyIdHint: `${key.accessKeyId.slice(0, 4)}…${key.accessKeyId.slice(-4)}`,
    ...{ isTemporary: false, region: "eu-central-1", inferenceProfile: "GLOBAL", status: "ACTIVE", enabled: true },
    ...{ fallback: "DENY", sessionTokenExpiresAt: null, lastVerification: { ok: true } },
  });
  const first = await world.access(workspaceId);
  const replaced = await world.save(account, { ...aws.key(), region: "us-west-2", inferenceProfile: "US" }, "ALLOW");
  expect(replaced.byokConfig).toMatchObject({ id: byokConfig.id, region: "us-west-2", fallback: "ALLOW" });
  const second = await world.access(workspaceId);
  expect(second).toMatchObject({ region: "us-west-2", inferenceProfile: "US", fallback: "ALLOW" });
  expect(second.accessKeyId).not.toBe(first.accessKeyId);
  for (let n = 0; n < 2; n++) expect(await world.change(account, "setByokEnabled", ", enabled: false")).toBe("ok");
  expect(await world.access(workspaceId)).toMatchObject({ reason: "KEY_PAUSED" });
  expect(await world.status(account, account.owner)).toBe("PAUSED");
  expect(await world.change(account, "setByokEnabled", ", enabled: true")).toBe("ok");
  expect(await world.access(workspaceId)).toMatchObject({ __typename: "ByokLlmAccess" });
  expect(await world.change(account, "verifyByokConfig")).toBe("ok");
  expect(await world.change(account, "removeByokConfig")).toBe("ok");
  expect(await world.access(workspaceId)).toMatchObject({ reason: "NO_KEY" });
  for (const [name, rest] of [
    ["removeByokConfig", ""],
    ["verifyByokConfig", ""],
    ["setByokEnabled", ", enabled: true"],
  ] as const) {
    expect(await world.change(account, name, rest)).toBe("BYOK_NOT_CONFIGURED");
  }
  expect(await world.events(account)).toEqual([
    ...["byok.configured", "byok.rotated", "byok.paused", "byok.resumed", "byok.verified", "byok.removed"],
  ]);
});

test("a key that fails verification does not replace the key in use", async () => {
  const account = await world.configured();
  const before = await world.access(account.workspaceId);
  expect(failing(await world.save(account, world.aws.key("AKIA", { mayInvoke: false })))).toHaveLength(1);
  expect(await world.access(account.workspaceId)).toEqual(before);
  expect(await world.events(account)).toEqual(["byok.configured"]);
});

test("calls always get a key while it is replaced again and again", async () => {
  const account = await world.configured();
  const caller = await world.callerAt(await world.service.replica(world.aws.environment));
  let isDone = false;
  let calls = 0;
  const calling = async () => {
    while (!isDone) {
      const answer = await world.access(account.workspaceId, caller);
      expect(answer.__typename).toBe("ByokLlmAccess");
      calls += 1;
    }
  };
  const callers = Promise.all([calling(), calling(), calling()]);
  for (let n = 0; n < 15; n++) await world.save(account, world.aws.key(n % 2 ? "ASIA" : "AKIA"));
  isDone = true;
  await callers;
  expect(calls).toBeGreaterThan(3);
});

test("two keys that are saved at once are stored one after the other; so are a save and a removal", async () => {
  const account = await world.organization();
  const keys = [world.aws.key("ASIA"), world.aws.key("ASIA"), world.aws.key("ASIA")];
  const saved = await Promise.all(keys.map((key) => world.save(account, key)));
  expect(saved.map(({ __typename }) => __typename)).toEqual(keys.map(() => "SaveByokConfigSuccess"));
  expect(await world.events(account)).toEqual(["byok.configured", "byok.rotated", "byok.rotated"]);
  expect(keys.map(({ secretAccessKey }) => secretAccessKey)).toContain(
    (await world.access(account.workspaceId)).secretAccessKey,
  );
  for (let round = 0; round < 5; round++) {
    const key = world.aws.key("ASIA");
    const [, removed] = await Promise.all([
      world.save(account, key),
      world.change(account, "removeByokConfig"),
      world.change(account, "verifyByokConfig"),
    ]);
    expect(["ok", "BYOK_NOT_CONFIGURED"]).toContain(removed);
    const last = (await world.events(account)).filter((type) => type !== "byok.verified").at(-1);
    const { secretAccessKey, reason } = await world.access(account.workspaceId);
    expect({ secretAccessKey, reason }).toEqual(
      last === "byok.removed"
        ? { secretAccessKey: undefined, reason: "NO_KEY" }
        : { secretAccessKey: key.secretAccessKey, reason: undefined },
    );
  }
});

test("a key is not saved if the plan changes during the check at AWS; the result for a replaced key does not count", async () => {
  const account = await world.organization();
  const { aws } = world;
  aws.trouble = { kind: "throttle", on: /^GetCaller/, times: 1 };
  const saving = world.save(account, aws.key());
  while (aws.trouble?.times === 1) await aMoment();
  await world.plan(account, "STANDARD");
  expect((await saving).code).toBe("PLAN_WITHOUT_BYOK");
  expect(await world.status(account, account.owner)).toBe("NOT_CONFIGURED");

  const other = await world.configured();
  await world.sql("UPDATE byok_config SET failing_since = now() WHERE organization_id = $1", other.id);
  aws.trouble = { kind: "throttle", on: /^GetCaller/, times: 1 };
  const verifying = world.change(other, "verifyByokConfig");
  while (aws.trouble?.times === 1) await aMoment();
  await world.sql("UPDATE byok_config SET version = gen_random_uuid() WHERE organization_id = $1", other.id);
  expect(await verifying).toBe("ok");
  expect(await world.status(other, other.owner)).toBe("FAILING");
});

test("a plan without BYOK disables the key and keeps it; a plan with BYOK enables it again", async () => {
  const account = await world.configured(world.aws.key("ASIA"));
  const before = await world.access(account.workspaceId);
  await world.plan(account, "STANDARD");
  expect(await world.status(account, account.owner)).toBe("PLAN_INACTIVE");
  expect(await world.access(account.workspaceId)).toMatchObject({ __typename: "Refusal", code: "PLAN_WITHOUT_BYOK" });
  const calls = world.aws.calls.length;
  expect((await world.save(account, world.aws.key())).code).toBe("PLAN_WITHOUT_BYOK");
  expect((await world.tryOut(account, world.aws.key())).code).toBe("PLAN_WITHOUT_BYOK");
  expect(world.aws.calls).toHaveLength(calls);
  expect(await world.change(account, "setByokEnabled", ", enabled: false")).toBe("ok");
  expect(await world.change(account, "setByokEnabled", ", enabled: true")).toBe("PLAN_WITHOUT_BYOK");
  await world.plan(account, "ENTERPRISE");
  expect(await world.change(account, "setByokEnabled", ", enabled: true")).toBe("ok");
  expect(await world.status(account, account.owner)).toBe("ACTIVE");
  expect(await world.access(account.workspaceId)).toEqual(before);
});

test("only Owners can manage BYOK; every member can read its status", async () => {
  const account = await world.configured();
  const { owner, id } = account;
  const FIELDS = `byokConfig { id organization { id } accessKeyIdHint isTemporary sessionTokenExpiresAt region
    inferenceProfile fallback enabled status lastVerification { ok } createdAt updatedAt }`;
  const config = async (who: typeof owner) => await who.ask(`{ organization(id: "${id}") { ${FIELDS} } }`);
  expect((await config(owner)).data.organization.byokConfig.status).toBe("ACTIVE");
  for (const role of ["ADMIN", "DEVELOPER", "VIEWER"]) {
    const member = await join(world.service, owner, id, role);
    expect(await world.status(account, member)).toBe("ACTIVE");
    expect((await config(member)).errors?.[0]?.extensions.code).toBe("FORBIDDEN");
    const theirs = { ...account, owner: member };
    expect((await world.save(theirs, world.aws.key())).code).toBe("FORBIDDEN");
    expect((await world.tryOut(theirs, world.aws.key())).code).toBe("FORBIDDEN");
    for (const name of ["verifyByokConfig", "removeByokConfig"])
      expect(await world.change(theirs, name)).toBe("FORBIDDEN");
    expect(await world.change(theirs, "setByokEnabled", ", enabled: false")).toBe("FORBIDDEN");
  }
  const stranger = { ...account, owner: await world.service.person("Stranger") };
  const calls = world.aws.calls.length;
  expect((await world.save(stranger, world.aws.key())).code).toBe("NOT_FOUND");
  expect((await world.tryOut(stranger, world.aws.key())).code).toBe("NOT_FOUND");
  for (const name of ["verifyByokConfig", "removeByokConfig"])
    expect(await world.change(stranger, name)).toBe("NOT_FOUND");
  expect(world.aws.calls.length).toBe(calls);
  expect(await world.events(account)).toEqual(["byok.configured"]);
});

test("a repeated save with its Idempotency-Key returns the first response without a call to AWS", async () => {
  const { owner, id } = await world.organization();
  const send = (credentials: object, key: string) =>
    owner.ask(
      `mutation($credentials: ByokCredentialsInput!) { saveByokConfig(input: { credentials: $credentials }) { __typename
        ... on SaveByokConfigSuccess { byokConfig { version: updatedAt } } ... on Refusal { code } } }`,
      { credentials: { organizationId: id, region: "eu-central-1", ...credentials } },
      { "idempotency-key": key },
    );
  const key = world.aws.key();
  const first = await send(key, "k1");
  expect(first.data.saveByokConfig.__typename).toBe("SaveByokConfigSuccess");
  const calls = world.aws.calls.length;
  expect(await send(key, "k1")).toEqual(first);
  expect((await send(world.aws.key(), "k1")).data.saveByokConfig.code).toBe("IDEMPOTENCY_KEY_REUSED");
  expect(world.aws.calls.length).toBe(calls);
  await world.plan({ id }, "STANDARD");
  const refused = await send(key, "k2");
  expect(refused.data.saveByokConfig.code).toBe("PLAN_WITHOUT_BYOK");
  await world.plan({ id }, "ADVANCED");
  expect(await send(key, "k2")).toEqual(refused);
  expect((await send(world.aws.key(), "k2")).data.saveByokConfig.code).toBe("IDEMPOTENCY_KEY_REUSED");
  expect(await world.events({ id })).toEqual(["byok.configured"]);
});

test("the purge removes sealed keys with the organization; they stay while it can be restored", async () => {
  const account = await world.configured();
  const { owner, id, workspaceId } = account;
  expect(await world.change(account, "deleteOrganization", ', confirmName: "Acme"')).toBe("ok");
  expect(await world.access(workspaceId)).toBe("NOT_FOUND");
  expect(await world.change(account, "restoreOrganization")).toBe("ok");
  expect(await world.access(workspaceId)).toMatchObject({ __typename: "ByokLlmAccess" });
  expect(await world.status(account, owner)).toBe("ACTIVE");
  await world.change(account, "deleteOrganization", ', confirmName: "Acme"');
  await world.sql("UPDATE organization SET deleted_at = deleted_at - interval '31 days' WHERE id = $1", id);
  await sweepLeftovers(services());
  expect(await world.sql("SELECT id FROM byok_config WHERE organization_id = $1", id)).toEqual([]);
});

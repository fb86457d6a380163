import { randomBytes } from "node:crypto";
import { grantLlmAccess } from "../../src/commands/byok/grant-llm-access";
import { openStoredKey } from "../../src/commands/byok/verify-key";
import { AwsError } from "../../src/integrations/aws/bedrock";
import { createLocalKeyWrapper, type KeyWrapper } from "../../src/integrations/keys/key-wrapper";
import { sweepExpiringKeys, verifyAllKeys } from "../../src/jobs/byok";
import { rewrapKeys } from "../../src/jobs/rewrap-keys";
import type { Database } from "../../src/store/engine/database";
import { ByokWorld } from "../support/byok-world";

const [older, newer] = ["older", "newer"].map((id) => ({ id, key: randomBytes(32) })) as [
  { id: string; key: Buffer },
  { id: string; key: Buffer },
];
const textOf = ({ id, key }: { id: string; key: Buffer }) => `${id}:${key.toString("base64")}`;

let world: ByokWorld;
beforeAll(async () => {
  world = await ByokWorld.start({ ENCRYPTION_KEYS: [older, newer].map(textOf).join(",") });
});
afterAll(() => world.stop());

test("a key that replaces another during the rotation of data keys stays in use, and opens", async () => {
  const account = await world.configured();
  const replacing = world.aws.key();
  const wrapper = createLocalKeyWrapper([newer, older]);
  let replaced = 0;
  // Runs between the read of the row and its update.
  const interleaved: KeyWrapper = {
    ...wrapper,
    unwrap: async (key, context) => {
      const dataKey = await wrapper.unwrap(key, context);
      if (replaced++ === 0) expect((await world.save(account, replacing)).__typename).toBe("SaveByokConfigSuccess");
      return dataKey;
    },
  };
  const { services } = world.service.app;
  expect((await rewrapKeys(services.database, interleaved)).failed).toBe(0);
  expect(replaced).toBeGreaterThan(1);
  const stored = await openStoredKey(services, account.id);
  expect(stored?.key).toMatchObject(replacing);
  expect(stored?.config.masterKeyId).toBe("newer");
});

test("a key that is replaced between the read of its version and its opening is returned as the new one", async () => {
  const [first, second] = [world.aws.key("ASIA"), world.aws.key("ASIA")];
  const account = await world.configured(first);
  const { services } = world.service.app;
  let reads = 0;
  const rows: Database["rows"] = async (statement, values) => {
    if (statement.name === "sealed-byok" && reads++ === 0) await world.save(account, second);
    return await services.database.rows(statement, values);
  };
  const database = Object.assign(Object.create(services.database) as Database, { rows });
  const access = await grantLlmAccess({ ...services, database }, account.workspaceId);
  expect(access).toMatchObject({ kind: "byok", accessKeyId: second.accessKeyId });
  // No session is cached under the version of the other key.
  expect((await world.access(account.workspaceId)).accessKeyId).toBe(second.accessKeyId);
  expect(reads).toBe(2);
});

const failuresOf = async ({ id }: { id: string }) =>
  (await world.sql("SELECT failures, failing_since FROM byok_config WHERE organization_id = $1", id))[0];

test("a rejection of a key that was replaced meanwhile does not count for the new one", async () => {
  const account = await world.configured();
  const second = world.aws.key("ASIA");
  const { services } = world.service.app;
  const { bedrock } = services.integrations;
  const mintSession = async () => {
    await world.save(account, second);
    throw new AwsError("AccessDenied", "No.");
  };
  const minting = { ...services.integrations, bedrock: { ...bedrock, mintSession } };
  await grantLlmAccess({ ...services, integrations: minting }, account.workspaceId);
  expect(await failuresOf(account)).toEqual({ failures: 0, failing_since: null });
  const verify: typeof bedrock.verify = async (key) => {
    const checks = await bedrock.verify(key);
    if (key.accessKeyId !== second.accessKeyId) return checks;
    await world.save(account, world.aws.key());
    return checks.map((check) => ({ ...check, ok: false, code: "AccessDenied" }));
  };
  const verifying = { ...services.integrations, bedrock: { ...bedrock, verify } };
  await verifyAllKeys({ ...services, integrations: verifying });
  expect(await failuresOf(account)).toEqual({ failures: 0, failing_since: null });
  expect(await world.events(account)).toEqual(["byok.configured", "byok.rotated", "byok.rotated"]);
});

test("all replicas drop the sessions of a deleted organization without a request", async () => {
  const [account, other] = [await world.configured(), await world.configured()];
  const apps = [world.service.app, await world.service.replica(world.aws.environment)];
  for (const app of apps) {
    app.services.integrations.keyWrapper = world.service.app.services.integrations.keyWrapper;
    const caller = await world.callerAt(app);
    for (const { workspaceId } of [account, other]) await world.access(workspaceId, caller);
  }
  const held = ({ id }: { id: string }) =>
    apps.map((app) => app.services.integrations.sessions.filterCached([id]).length);
  expect([held(account), held(other)]).toEqual([
    [1, 1],
    [1, 1],
  ]);
  expect(await world.change(account, "deleteOrganization", ', confirmName: "Acme"')).toBe("ok");
  while (held(account).some((count) => count > 0)) await new Promise((resolve) => setImmediate(resolve));
  expect(held(other)).toEqual([1, 1]);
});

test("one run of the jobs for keys that expire and for daily checks reaches all organizations", async () => {
  const { id } = await world.configured(world.aws.key("ASIA"));
  await world.sql(
    "UPDATE byok_config SET session_token_expires_at = now() - interval '1 minute' WHERE organization_id = $1",
    id,
  );
  const copy = (table: string, from: string, part: string) =>
    world.sql(
      `INSERT INTO ${table} SELECT (jsonb_populate_record(t, ${part})).* FROM ${table} t, copies WHERE t.${from} = $1`,
      id,
    );
  await world.sql("CREATE TABLE copies AS SELECT gen_random_uuid() AS copy FROM generate_series(1, 250)");
  await copy("organization", "id", "jsonb_build_object('id', copy)");
  await copy("byok_config", "organization_id", "jsonb_build_object('id', gen_random_uuid(), 'organization_id', copy)");
  await sweepExpiringKeys(world.service.app.services);
  const left = await world.sql("SELECT FROM byok_config WHERE session_token_expires_at < now() AND expiry_notices < 3");
  expect(left).toEqual([]);
  // No copy opens, because it was sealed for another organization.
  await world.sql("UPDATE byok_config SET session_token_expires_at = NULL");
  await copy(
    "organization_subscription",
    "organization_id",
    "jsonb_build_object('id', gen_random_uuid(), 'organization_id', copy)",
  );
  const alarms: Error[] = [];
  const alarm = (error: Error) => alarms.push(error);
  const { services } = world.service.app;
  await verifyAllKeys({ ...services, integrations: { ...services.integrations, alarm } });
  expect(alarms).toHaveLength(250);
});

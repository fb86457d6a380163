import { randomBytes, randomUUID } from "node:crypto";
import { openConfig, openStoredKey } from "../../src/commands/byok/verify-key";
import { createLocalKeyWrapper } from "../../src/integrations/keys/key-wrapper";
import { open, seal, UnopenableCredentials } from "../../src/integrations/keys/sealer";
import { resealKeys } from "../../src/jobs/reseal-keys";
import { rewrapKeys } from "../../src/jobs/rewrap-keys";
import { verifyAuditLog } from "../../src/store/events/verify-audit-log";
import { sealedConfigOf } from "../../src/store/views/byok";
import { type ByokOrganization, ByokWorld } from "../support/byok-world";

const [older, newer] = ["older", "newer"].map((id) => ({ id, key: randomBytes(32) })) as [
  { id: string; key: Buffer },
  { id: string; key: Buffer },
];
const ENCRYPTION_KEYS = [older, newer].map(({ id, key }) => `${id}:${key.toString("base64")}`).join(",");

let world: ByokWorld;
beforeAll(async () => {
  world = await ByokWorld.start({ ENCRYPTION_KEYS });
});
afterAll(() => world.stop());

type Row = Record<string, unknown>;
const rowOf = async ({ id }: Pick<ByokOrganization, "id">): Promise<Row> => {
  const [row] = await world.sql<Row>("SELECT * FROM byok_config WHERE organization_id = $1", id);
  return row ?? {};
};
const SEALED = [
  "wrapped_key",
  "master_key_id",
  "sealed_access_key_id",
  "sealed_secret_access_key",
  "sealed_session_token",
];

/** Writes columns of a row, like an attacker with access to the database. */
async function putBack({ id }: Pick<ByokOrganization, "id">, row: Row, columns: readonly string[]): Promise<void> {
  const set = columns.map((column, n) => `${column} = $${n + 2}`).join(", ");
  await world.sql(`UPDATE byok_config SET ${set} WHERE organization_id = $1`, id, ...columns.map((each) => row[each]));
}

/** Whether the stored key opens. Cached sessions belong to the version that was opened before. */
const opens = async ({ id }: Pick<ByokOrganization, "id">) =>
  await openStoredKey(world.service.app.services, id).then(
    () => true,
    (error: unknown) => {
      if (error instanceof UnopenableCredentials) return false;
      throw error;
    },
  );
const forget = ({ id }: Pick<ByokOrganization, "id">) => world.service.app.services.integrations.sessions.drop(id);

test("credentials open only under the name of their sealing", async () => {
  const wrapper = createLocalKeyWrapper([older]);
  const here = randomUUID();
  const credentials = { accessKeyId: `AKIA${"A".repeat(16)}`, secretAccessKey: "s".repeat(40), sessionToken: null };
  const [first, second] = [randomUUID(), randomUUID()];
  const sealed = await seal(wrapper, here, credentials, first);
  expect(await open(wrapper, here, sealed, first)).toEqual(credentials);
  for (const other of [second, null, "", first.toUpperCase(), `${first} `]) {
    await expect(open(wrapper, here, sealed, other)).rejects.toBeInstanceOf(UnopenableCredentials);
  }
  const unnamed = await seal(wrapper, here, credentials);
  expect(await open(wrapper, here, unnamed)).toEqual(credentials);
  await expect(open(wrapper, here, unnamed, first)).rejects.toBeInstanceOf(UnopenableCredentials);
});

test("an older key of the same organization does not open after its row, or part of its row, is put back", async () => {
  const account = await world.configured();
  const before = await rowOf(account);
  expect((await world.save(account, world.aws.key())).__typename).toBe("SaveByokConfigSuccess");
  const after = await rowOf(account);
  expect(await opens(account)).toBe(true);
  const all = Object.keys(before);
  for (const columns of [SEALED, [...SEALED, "version"], all]) {
    await putBack(account, before, columns);
    expect(await opens(account)).toBe(false);
    forget(account);
    expect(await world.access(account.workspaceId)).toMatchObject({ code: "BYOK_VERIFICATION_FAILED" });
    await putBack(account, after, all);
    expect(await opens(account)).toBe(true);
  }
  forget(account);
  expect((await world.access(account.workspaceId)).__typename).toBe("ByokLlmAccess");
});

test("a key opens after it was paused and resumed, or wrapped by another master key", async () => {
  const account = await world.configured();
  expect(await world.change(account, "setByokEnabled", "enabled: false")).toBe("ok");
  expect(await world.change(account, "setByokEnabled", "enabled: true")).toBe("ok");
  expect(await opens(account)).toBe(true);
  await rewrapKeys(world.service.app.services.database, createLocalKeyWrapper([newer, older]));
  expect((await rowOf(account)).master_key_id).toBe("newer");
  expect(await opens(account)).toBe(true);
});

/** Inserts a deleted row again. */
async function insertAgain(row: Row): Promise<void> {
  const texts = Object.entries(row).map(([name, value]) => [
    name,
    Buffer.isBuffer(value) ? `\\x${value.toString("hex")}` : value,
  ]);
  const record = JSON.stringify(Object.fromEntries(texts));
  await world.sql("INSERT INTO byok_config SELECT (jsonb_populate_record(NULL::byok_config, $1)).*", record);
}

test("a removed key does not open when its row is put back; a new key does", async () => {
  const account = await world.configured();
  const row = await rowOf(account);
  expect(await world.change(account, "removeByokConfig")).toBe("ok");
  await insertAgain(row);
  expect(await opens(account)).toBe(false);
  expect((await world.save(account, world.aws.key())).__typename).toBe("SaveByokConfigSuccess");
  expect(await opens(account)).toBe(true);
});

describe("a key that was sealed before sealings had names", () => {
  /** A configuration from an earlier version: sealed without a name, which its log lacks. */
  async function unnamed() {
    const account = await world.configured();
    const { services } = world.service.app;
    const stored = await openStoredKey(services, account.id);
    if (!stored) throw new Error("There is no key.");
    const legacy = await seal(createLocalKeyWrapper([older]), account.id, stored.key);
    const row = {
      ...{ wrapped_key: legacy.wrapped, master_key_id: legacy.masterKeyId, sealed_access_key_id: legacy.accessKeyId },
      ...{ sealed_secret_access_key: legacy.secretAccessKey, sealed_session_token: legacy.sessionToken },
    };
    await putBack(account, row, SEALED);
    await world.sql(
      "UPDATE organization_event SET data = data - 'sealing' WHERE organization_id = $1 AND type = 'byok.configured'",
      account.id,
    );
    return { account, row, key: stored.key };
  }
  const reseal = () => resealKeys(world.service.app.services, createLocalKeyWrapper([older, newer]));

  test("opens, is sealed again by the rotation with an event, and does not open when its old row is put back", async () => {
    const { account, row, key } = await unnamed();
    expect(await opens(account)).toBe(true);
    expect(await reseal()).toEqual({ resealed: 1, failed: 0 });
    expect((await openStoredKey(world.service.app.services, account.id))?.key).toEqual(key);
    expect(await world.events(account)).toEqual(["byok.configured", "byok.resealed"]);
    expect(await reseal()).toEqual({ resealed: 0, failed: 0 });
    await putBack(account, row, SEALED);
    expect(await opens(account)).toBe(false);
  });

  test("does not open when its row is put back after the Owner saved another key", async () => {
    const { account, row } = await unnamed();
    expect((await world.save(account, world.aws.key())).__typename).toBe("SaveByokConfigSuccess");
    await putBack(account, row, SEALED);
    expect(await opens(account)).toBe(false);
  });

  test("does not open when its row is put back after its removal, and the rotation leaves it", async () => {
    const { account } = await unnamed();
    const row = await rowOf(account);
    expect(await world.change(account, "removeByokConfig")).toBe("ok");
    await insertAgain(row);
    expect(await opens(account)).toBe(false);
    expect(await reseal()).toEqual({ resealed: 0, failed: 0 });
  });

  test("is counted and left unchanged by the rotation if it does not open or is replaced meanwhile", async () => {
    const { account, row } = await unnamed();
    await putBack(account, { ...row, sealed_access_key_id: Buffer.alloc(40) }, SEALED);
    const damaged = await rowOf(account);
    expect(await reseal()).toEqual({ resealed: 0, failed: 1 });
    expect(await rowOf(account)).toEqual(damaged);
    await putBack(account, row, SEALED);
    // Replaces the key after it was read and before it is stored again.
    const { services } = world.service.app;
    const local = createLocalKeyWrapper([older, newer]);
    const replaced = {
      ...local,
      wrap: async (...asked: Parameters<typeof local.wrap>) => {
        await world.save(account, world.aws.key());
        return await local.wrap(...asked);
      },
    };
    expect(await resealKeys(services, replaced)).toEqual({ resealed: 0, failed: 0 });
    expect(await world.events(account)).toEqual(["byok.configured", "byok.rotated"]);
    expect(await opens(account)).toBe(true);
  });
});

test("the hash chain of a log covers its sealings", async () => {
  const account = await world.configured();
  const { database } = world.service.app.services;
  expect(await verifyAuditLog(database, account.id)).toMatchObject({ ok: true });
  await world.sql(
    `UPDATE organization_event SET data = jsonb_set(data, '{sealing}', '"another"')
     WHERE organization_id = $1 AND type = 'byok.configured'`,
    account.id,
  );
  expect(await opens(account)).toBe(false);
  expect(await verifyAuditLog(database, account.id)).toMatchObject({ ok: false });
  const config = await sealedConfigOf(database, account.id);
  expect(config?.sealing).toBe("another");
  if (!config) throw new Error("There is no configuration.");
  await expect(openConfig(createLocalKeyWrapper([older, newer]), account.id, config)).rejects.toBeInstanceOf(
    UnopenableCredentials,
  );
});

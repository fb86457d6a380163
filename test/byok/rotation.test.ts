import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import path from "node:path";
import { openStoredKey } from "../../src/commands/byok/verify-key";
import type { AwsCredentials } from "../../src/domain/byok";
import { createLocalKeyWrapper, type KeyWrapper } from "../../src/integrations/keys/key-wrapper";
import { seal } from "../../src/integrations/keys/sealer";
import { rewrapKeys } from "../../src/jobs/rewrap-keys";
import { type ByokOrganization, ByokWorld } from "../support/byok-world";
import { npmScript } from "../support/process";

/** Keys to rotate: a few here, thousands in `npm run prove`. */
const CONFIGURATIONS = Number(process.env.PROVE_KEYS ?? 30);
const READERS = 4;

const [older, newer] = ["older", "newer"].map((id) => ({ id, key: randomBytes(32) })) as [
  { id: string; key: Buffer },
  { id: string; key: Buffer },
];
const textOf = (...keys: Array<{ id: string; key: Buffer }>) =>
  keys.map(({ id, key }) => `${id}:${key.toString("base64")}`).join(",");

let world: ByokWorld;
const started: ChildProcess[] = [];
beforeEach(async () => {
  world = await ByokWorld.start({ ENCRYPTION_KEYS: textOf(newer, older), OPERATION_DEADLINE_MS: "60000" });
});
afterEach(async () => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
  await world.stop();
});

interface Sealed extends AwsCredentials {
  organizationId: string;
  workspaceId: string;
}

/** Copies of an organization, each with its own key, sealed by the wrapper. */
async function manyLike({ id, workspaceId }: ByokOrganization, count: number, wrapper: KeyWrapper): Promise<Sealed[]> {
  const many = Array.from({ length: count }, () => ({
    ...{ organizationId: randomUUID(), workspaceId: randomUUID(), accessKeyId: `ASIA${"A".repeat(16)}` },
    ...{ secretAccessKey: randomBytes(30).toString("base64"), sessionToken: randomBytes(30).toString("base64") },
  }));
  const copy = async (table: string, from: string, parts: object[]) =>
    world.sql(
      `INSERT INTO ${table} SELECT (jsonb_populate_record(t, part)).* FROM ${table} t, jsonb_array_elements($2::jsonb) part
       WHERE t.${from} = $1`,
      table === "workspace" ? workspaceId : id,
      JSON.stringify(parts),
    );
  const idOnly = many.map(({ organizationId }) => ({ id: organizationId }));
  await copy("organization", "id", idOnly);
  const inOrganization = many.map(({ organizationId }) => ({ id: randomUUID(), organization_id: organizationId }));
  await copy("organization_subscription", "organization_id", inOrganization);
  const workspaces = many.map((each) => ({ id: each.workspaceId, organization_id: each.organizationId }));
  await copy("workspace", "id", workspaces);
  const hex = (blob: Buffer | null) => blob && `\\x${blob.toString("hex")}`;
  const configurations = await Promise.all(
    many.map(async ({ organizationId, ...credentials }) => {
      const sealed = await seal(wrapper, organizationId, credentials);
      return {
        ...{ id: randomUUID(), organization_id: organizationId, version: randomUUID(), is_temporary: true },
        ...{ master_key_id: sealed.masterKeyId, wrapped_key: hex(sealed.wrapped) },
        ...{ sealed_access_key_id: hex(sealed.accessKeyId), sealed_secret_access_key: hex(sealed.secretAccessKey) },
        sealed_session_token: hex(sealed.sessionToken),
      };
    }),
  );
  await copy("byok_config", "organization_id", configurations);
  return many;
}

/** Reads and verifies keys, as callers and as the service do, until `isOver`. Returns the number of reads. */
async function read(many: Sealed[], from: number, isOver: () => boolean): Promise<number> {
  let reads = 0;
  for (let index = from; !isOver(); index += READERS) {
    const one = many[index % many.length];
    if (!one) throw new Error("There is nothing to read.");
    const { organizationId, workspaceId, secretAccessKey, sessionToken } = one;
    const answer = await world.access(workspaceId);
    expect(answer).toMatchObject({ __typename: "ByokLlmAccess", secretAccessKey, sessionToken });
    const stored = await openStoredKey(world.service.app.services, organizationId);
    expect(stored?.key.secretAccessKey).toBe(secretAccessKey);
    reads += 2;
  }
  return reads;
}

const underOlder = () =>
  world.sql<{ n: number }>("SELECT count(*)::int AS n FROM byok_config WHERE master_key_id = 'older'");

/** `npm run keys:rotate`, as an operator runs it. */
async function rotate(ENCRYPTION_KEYS: string): Promise<{ code: number; output: string }> {
  const { PATH = "" } = process.env;
  const [program = "", ...args] = npmScript("keys:rotate");
  const child = spawn(program, args, {
    cwd: path.join(__dirname, "..", ".."),
    env: { PATH, DATABASE_URL: world.service.databaseUrl, DATA_DIR: world.service.directory, ENCRYPTION_KEYS },
  });
  started.push(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
  const [code] = await once(child, "close");
  return { code: code as number, output };
}

test("keys are rotated to another master key while they are read and replaced, and no read fails", async () => {
  const first = await world.configured();
  const many = await manyLike(first, CONFIGURATIONS, createLocalKeyWrapper([older]));
  expect(await underOlder()).toEqual([{ n: CONFIGURATIONS }]);
  let isOver = false;
  const reading = Promise.all(Array.from({ length: READERS }, (_, index) => read(many, index, () => isOver)));
  const replacing = (async () => {
    let replaced = 0;
    // One person may check a limited number of keys.
    for (; !isOver && replaced < 100; replaced++) {
      expect((await world.save(first, world.aws.key("ASIA"))).__typename).toBe("SaveByokConfigSuccess");
    }
    return replaced;
  })();
  const { code, output } = await rotate(textOf(newer, older)).finally(() => {
    isOver = true;
  });
  const reads = (await reading).reduce((sum, each) => sum + each, 0);
  expect({ code, output }).toEqual({
    code: 0,
    output: expect.stringContaining(`${CONFIGURATIONS} keys are now wrapped under 'newer'`),
  });
  expect(reads).toBeGreaterThan(READERS);
  expect(await replacing).toBeGreaterThan(0);
  expect(await underOlder()).toEqual([{ n: 0 }]);
  process.stdout.write(`rotation: ${CONFIGURATIONS} keys, ${reads} reads meanwhile\n`);

  // Everything opens without the older master key.
  const after = await world.service.replica({ ...world.aws.environment, ENCRYPTION_KEYS: textOf(newer) });
  const caller = await world.callerAt(after);
  for (const { workspaceId, secretAccessKey } of many) {
    expect((await world.access(workspaceId, caller)).secretAccessKey).toBe(secretAccessKey);
  }
}, 900_000);

test("the rotation counts a key that does not open and leaves it unchanged; it rotates the others", async () => {
  const first = await world.configured();
  await manyLike(first, 5, createLocalKeyWrapper([older]));
  await world.sql(
    `UPDATE byok_config SET wrapped_key = wrapped_key || '\\x00' WHERE id IN (SELECT id FROM byok_config
       WHERE master_key_id = 'older' LIMIT 2)`,
  );
  const { code, output } = await rotate(textOf(newer, older));
  expect({ code, output }).toEqual({
    code: 1,
    output: expect.stringContaining("3 keys are now wrapped under 'newer'. 2 did not open"),
  });
  expect(await underOlder()).toEqual([{ n: 2 }]);
  const again = await rewrapKeys(world.service.app.services.database, createLocalKeyWrapper([newer, older]));
  expect(again).toEqual({ rewrapped: 0, failed: 2 });
});

test("a rotation without the older master key changes nothing and loses nothing", async () => {
  const first = await world.configured();
  const many = await manyLike(first, 3, createLocalKeyWrapper([older]));
  expect((await rotate(textOf(newer))).code).toBe(1);
  expect(await underOlder()).toEqual([{ n: 3 }]);
  for (const { workspaceId, secretAccessKey } of many) {
    expect((await world.access(workspaceId)).secretAccessKey).toBe(secretAccessKey);
  }
});

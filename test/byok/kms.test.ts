import { randomBytes, randomUUID } from "node:crypto";
import { readConfig } from "../../src/config/config";
import { createLocalKeyWrapper, MasterKeyMissing, MasterKeyUnavailable } from "../../src/integrations/keys/key-wrapper";
import { createKmsKeyWrapper } from "../../src/integrations/keys/kms";
import { open, seal } from "../../src/integrations/keys/sealer";
import { rewrapKeys } from "../../src/jobs/rewrap-keys";
import { openKeyWrapper } from "../../src/open-key-wrapper";
import { ByokWorld } from "../support/byok-world";
import { KmsStandIn } from "../support/kms-stand-in";

const ARN = "arn:aws:kms:eu-west-3:123456789012:key/4f7c";
const OLDER = "arn:aws:kms:eu-west-3:123456789012:key/0a11";
const before = { ...process.env };
let kms: KmsStandIn;
beforeAll(async () => {
  kms = await KmsStandIn.start();
  process.env.AWS_ACCESS_KEY_ID = kms.credentials.accessKeyId;
  process.env.AWS_SECRET_ACCESS_KEY = kms.credentials.secretAccessKey;
});
afterAll(async () => {
  for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"]) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
  await kms.stop();
});
afterEach(() => {
  kms.trouble = null;
  kms.throttled = 0;
});

const wrapper = (keyId = ARN) => createKmsKeyWrapper({ keyId, endpoint: kms.url });
const credentials = { accessKeyId: `AKIA${"A".repeat(16)}`, secretAccessKey: "s".repeat(40), sessionToken: null };

test("KMS wraps a data key in the master key's region, and it opens for the same organization only", async () => {
  const here = randomUUID();
  const sealed = await seal(wrapper(), here, credentials);
  expect(sealed.masterKeyId).toBe(ARN);
  expect(await open(wrapper(), here, sealed)).toEqual(credentials);
  expect([...kms.regions]).toEqual(["eu-west-3"]);
  await expect(open(wrapper(), randomUUID(), sealed)).rejects.toThrow("cannot be decrypted");
  await expect(open(wrapper(), here, { ...sealed, masterKeyId: OLDER })).rejects.toThrow("cannot be decrypted");
  const flipped = Buffer.from(sealed.wrapped);
  flipped.writeUInt8(flipped.readUInt8(40) ^ 1, 40);
  await expect(open(wrapper(), here, { ...sealed, wrapped: flipped })).rejects.toThrow("cannot be decrypted");
});

test("a data key is bound to its organization only: KMS receives no other context", async () => {
  const here = randomUUID();
  const sealed = await seal(wrapper(), here, credentials);
  await open(wrapper(), here, sealed);
  const [wrapped, unwrapped] = kms.contexts.slice(-2);
  expect([wrapped, unwrapped]).toEqual([{ organization: here }, { organization: here }]);
});

test("a data key that another KMS key wrapped opens as well", async () => {
  const here = randomUUID();
  expect(await open(wrapper(), here, await seal(wrapper(OLDER), here, credentials))).toEqual(credentials);
});

test("a KMS that refuses, hangs or returns nothing soon counts as an outage, and the error quotes nothing", async () => {
  const here = randomUUID();
  const sealed = await seal(wrapper(), here, credentials);
  for (const trouble of ["AccessDeniedException", "hang", "empty"] as const) {
    kms.trouble = trouble;
    for (const calls of [open(wrapper(), here, sealed), seal(wrapper(), here, credentials)]) {
      await expect(calls).rejects.toBeInstanceOf(MasterKeyUnavailable);
      await expect(calls).rejects.not.toThrow("arn:");
    }
  }
  kms.trouble = null;
  kms.throttled = 2;
  expect(await open(wrapper(), here, sealed)).toEqual(credentials);
});

test("the alias of a key takes its region from the process's environment", async () => {
  process.env.AWS_REGION = "us-west-2";
  kms.regions.clear();
  await seal(wrapper("alias/organizations"), randomUUID(), credentials);
  expect([...kms.regions]).toEqual(["us-west-2"]);
});

test("a service moves from its own master keys to KMS without an interruption", async () => {
  const key = { id: "own", key: randomBytes(32) };
  const ENCRYPTION_KEYS = `own:${key.key.toString("base64")}`;
  const inKms = { KMS_KEY_ID: ARN, KMS_ENDPOINT: kms.url };
  const world = await ByokWorld.start({ ENCRYPTION_KEYS });
  const { workspaceId } = await world.configured();
  const between = await world.service.replica({ ...world.aws.environment, ...inKms, ENCRYPTION_KEYS });
  const OWN = { __typename: "ByokLlmAccess" };
  expect(await world.access(workspaceId, await world.callerAt(between))).toMatchObject(OWN);
  const config = readConfig({ ...inKms, ENCRYPTION_KEYS });
  const { database } = world.service.app.services;
  expect(await rewrapKeys(database, await openKeyWrapper(config))).toEqual({ rewrapped: 1, failed: 0 });
  const after = await world.service.replica({ ...world.aws.environment, ...inKms });
  expect(await world.access(workspaceId, await world.callerAt(after))).toMatchObject(OWN);
  const [row] = await world.sql<{ id: string }>("SELECT master_key_id AS id FROM byok_config");
  expect(row?.id).toBe(ARN);
  await expect(
    createLocalKeyWrapper([key]).unwrap({ masterKeyId: ARN, wrapped: Buffer.alloc(60) }, "x"),
  ).rejects.toBeInstanceOf(MasterKeyMissing);
  await world.stop();
});

import { randomUUID } from "node:crypto";
import { openStoredKey } from "../../src/commands/byok/verify-key";
import { MasterKeyUnavailable } from "../../src/integrations/keys/key-wrapper";
import { createKmsKeyWrapper } from "../../src/integrations/keys/kms";
import { open, seal } from "../../src/integrations/keys/sealer";
import { verifyAllKeys } from "../../src/jobs/byok";
import { rewrapKeys } from "../../src/jobs/rewrap-keys";
import { type ByokOrganization, ByokWorld } from "../support/byok-world";
import { holdCallTimeouts } from "../support/call-timeouts";
import { KmsStandIn, type KmsTrouble } from "../support/kms-stand-in";

const ARN = "arn:aws:kms:eu-west-3:123456789012:key/4f7c";
const before = { ...process.env };
let kms: KmsStandIn;
let world: ByokWorld;
const alarms: Error[] = [];
beforeAll(async () => {
  kms = await KmsStandIn.start();
  kms.onHang = holdCallTimeouts();
  process.env.AWS_ACCESS_KEY_ID = kms.credentials.accessKeyId;
  process.env.AWS_SECRET_ACCESS_KEY = kms.credentials.secretAccessKey;
  world = await ByokWorld.start({ KMS_KEY_ID: ARN, KMS_ENDPOINT: kms.url, OPERATION_DEADLINE_MS: "60000" });
  world.service.app.services.integrations.alarm = (error) => alarms.push(error);
});
afterAll(async () => {
  for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
  await world.stop();
  await kms.stop();
});
afterEach(() => {
  kms.trouble = null;
  alarms.length = 0;
});

/** The failures of KMS that do not depend on the ciphertext. */
const OUTAGES: KmsTrouble[] = ["hang", "reset", "empty", "http-503", "AccessDeniedException", "SomethingNewException"];
const FURTHER_OUTAGES: KmsTrouble[] = [
  "garbage",
  "http-500",
  "ThrottlingException",
  "LimitExceededException",
  "DependencyTimeoutException",
  "KMSInternalException",
  "KMSInvalidStateException",
  "KeyUnavailableException",
  "DisabledException",
  "NotFoundException",
  "InvalidGrantTokenException",
  "UnrecognizedClientException",
  "ExpiredTokenException",
  "InvalidSignatureException",
];

const unavailable = (name: string) => ({
  data: null,
  errors: [
    {
      path: [name],
      message: expect.stringContaining("Try again"),
      extensions: { code: "UNAVAILABLE", retryAfterSeconds: expect.any(Number) },
    },
  ],
});
const change = ({ owner, id }: ByokOrganization, name: string) =>
  owner.ask(`mutation { ${name}(input: { organizationId: "${id}" }) { __typename ... on Refusal { code message } } }`);
const access = (workspaceId: string) =>
  world.caller(`{ llmAccess(workspaceId: "${workspaceId}") { __typename ... on Refusal { code }
    ... on PlatformLlmAccess { reason } ... on ByokLlmAccess { region } } }`);
const rowOf = async ({ id }: ByokOrganization) =>
  (await world.sql("SELECT * FROM byok_config WHERE organization_id = $1", id))[0] ?? {};

test.each(process.env.PROVE_OUTAGES ? [...OUTAGES, ...FURTHER_OUTAGES] : OUTAGES)(
  "%s of KMS is an outage for everything that needs the key, and does not change the key's status",
  async (trouble) => {
    const [denied, allowed] = [await world.configured(), await world.configured(world.aws.key(), "ALLOW")];
    const stored = await rowOf(denied);
    const log = await world.events(denied);
    kms.trouble = trouble;
    const { status, ...refused } = await access(denied.workspaceId);
    expect(refused).toMatchObject({ errors: unavailable("llmAccess").errors });
    expect(status).toBe(503);
    const grantPlatform = { __typename: "PlatformLlmAccess", reason: "KEY_FAILING" };
    expect((await access(allowed.workspaceId)).data.llmAccess).toEqual(grantPlatform);
    expect(await change(denied, "verifyByokConfig")).toMatchObject(unavailable("verifyByokConfig"));
    const saved = await world.save(denied, world.aws.key());
    expect(saved).toMatchObject({ __typename: "Error", code: "UNAVAILABLE" });
    // It stores nothing, and so needs no master key.
    expect(await world.tryOut(denied, world.aws.key())).toMatchObject({ verification: { ok: true } });
    await expect(verifyAllKeys(world.service.app.services)).rejects.toThrow("master key was unavailable");
    expect(await rowOf(denied)).toEqual(stored);
    expect(await world.events(denied)).toEqual(log);
    expect(await world.status(denied, denied.owner)).toBe("ACTIVE");
    expect(alarms).toEqual([]);
    // After the outage, everything works as before.
    kms.trouble = null;
    expect((await access(denied.workspaceId)).data.llmAccess).toMatchObject({ __typename: "ByokLlmAccess" });
    expect((await change(denied, "verifyByokConfig")).data.verifyByokConfig.__typename).toBe("VerifyByokConfigSuccess");
    // The check of all keys would take longer with each outage.
    for (const account of [denied, allowed]) await world.change(account, "removeByokConfig");
  },
);

test.each(["InvalidCiphertextException", "IncorrectKeyException"] as const)(
  "%s means that the key does not open: this raises an alarm, and never uses the platform's credits",
  async (trouble) => {
    const account = await world.configured(world.aws.key(), "ALLOW");
    kms.trouble = trouble;
    const { data } = await access(account.workspaceId);
    expect(data.llmAccess).toEqual({ __typename: "Refusal", code: "BYOK_VERIFICATION_FAILED" });
    const verified = await change(account, "verifyByokConfig");
    expect(verified.data.verifyByokConfig).toMatchObject({
      code: "BYOK_VERIFICATION_FAILED",
      message: expect.stringContaining("Save it again"),
    });
    expect(alarms).toHaveLength(2);
    await verifyAllKeys(world.service.app.services);
    expect(alarms.length).toBeGreaterThan(2);
  },
);

test("a ciphertext that KMS cannot accept does not open, and is not sent to KMS", async () => {
  const here: string = randomUUID();
  const wrapper = createKmsKeyWrapper({ keyId: ARN, endpoint: kms.url });
  const credentials = { accessKeyId: `AKIA${"A".repeat(16)}`, secretAccessKey: "s".repeat(40), sessionToken: null };
  const sealed = await seal(wrapper, here, credentials);
  const { calls } = kms;
  for (const wrapped of [Buffer.alloc(0), Buffer.alloc(6_145)]) {
    await expect(open(wrapper, here, { ...sealed, wrapped })).rejects.toThrow("cannot be decrypted");
  }
  expect(kms.calls).toBe(calls);
});

test("a valid session is used during an outage until its last minute", async () => {
  world.aws.sessionSeconds = 240;
  const { workspaceId } = await world.configured();
  const first = await world.access(workspaceId);
  expect(first.__typename).toBe("ByokLlmAccess");
  kms.trouble = "AccessDeniedException";
  expect(await world.access(workspaceId)).toEqual(first);
  world.aws.sessionSeconds = 3_600;
});

test("a rotation stops at an outage, reports no key as broken, and continues in the next run", async () => {
  const { database } = world.service.app.services;
  const account = await world.configured();
  const newer = createKmsKeyWrapper({ keyId: `${ARN}2`, endpoint: kms.url });
  kms.trouble = "ThrottlingException";
  await expect(rewrapKeys(database, newer)).rejects.toBeInstanceOf(MasterKeyUnavailable);
  kms.trouble = null;
  expect((await rewrapKeys(database, newer)).failed).toBe(0);
  expect((await openStoredKey(world.service.app.services, account.id))?.config.masterKeyId).toBe(`${ARN}2`);
});

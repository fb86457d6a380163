import { sweepExpiringKeys, verifyAllKeys } from "../../src/jobs/byok";
import { AwsStandIn } from "../support/aws-stand-in";
import { type Ask, type Person, RunningService } from "../support/service";
import { join, organization } from "../support/watched-organization";

let aws: AwsStandIn;
let service: RunningService;
let caller: Ask;
beforeAll(async () => {
  aws = await AwsStandIn.start();
  service = await RunningService.start(aws.environment);
  caller = await service.service("credentials:read");
});
afterAll(async () => {
  await service.stop();
  await aws.stop();
});
afterEach(() => {
  aws.trouble = null;
});

const CHECKS = "verification { ok checks { kind modelId ok code message } }";

async function start(): Promise<{ owner: Person; id: string; workspaceId: string }> {
  const owner = await service.person("Olga");
  const id = await organization(owner);
  const { data } = await owner.ask(`{ organization(id: "${id}") { workspaces { nodes { id } } } }`);
  return { owner, id, workspaceId: data.organization.workspaces.nodes[0].id };
}

type Key = { accessKeyId: string; secretAccessKey: string; sessionToken: string | null };
const save = async (
  owner: Person,
  organizationId: string,
  key: Key & { sessionTokenExpiresAt?: string; region?: string; inferenceProfile?: string },
  fallback = "DENY",
) => {
  const { data, errors } = await owner.ask(
    `mutation($credentials: ByokCredentialsInput!, $fallback: ByokFallback!) {
      saveByokConfig(input: { credentials: $credentials, fallback: $fallback }) { __typename
        ... on SaveByokConfigSuccess { byokConfig { id accessKeyIdHint isTemporary region status enabled fallback sessionTokenExpiresAt lastVerification { ok checkedAt } } }
        ... on ByokVerificationFailed { message ${CHECKS} } ... on Refusal { code path message } } }`,
    { credentials: { organizationId, region: "eu-central-1", ...key }, fallback },
  );
  return data?.saveByokConfig ?? errors;
};
const access = async (workspaceId: string) => {
  const { data, errors } = await caller(`{ llmAccess(workspaceId: "${workspaceId}") { __typename
    ... on ByokLlmAccess { accessKeyId secretAccessKey sessionToken expiresAt region inferenceProfile fallback }
    ... on PlatformLlmAccess { reason creditsRemaining } ... on Refusal { code } } }`);
  return data?.llmAccess ?? errors?.[0]?.extensions.code;
};
const status = async (person: Person, id: string) =>
  (await person.ask(`{ organization(id: "${id}") { byokStatus } }`)).data.organization.byokStatus;
const mutate = async (person: Person, name: string, input: string) => {
  const { data, errors } = await person.ask(
    `mutation { done: ${name}(input: { ${input} }) { __typename ... on Refusal { code } } }`,
  );
  return errors?.[0]?.extensions.code ?? data.done.code ?? "ok";
};
const plan = (id: string, code: string) =>
  service.app.services.database.dataSource.query(
    "UPDATE organization_subscription SET plan_code = $2 WHERE organization_id = $1",
    [id, code],
  );
const events = async (owner: Person, id: string) =>
  (
    await owner.ask(`{ organization(id: "${id}") { auditLog(first: 100) { nodes { type } } } }`)
  ).data.organization.auditLog.nodes
    .map(({ type }: { type: string }) => type)
    .filter((type: string) => type.startsWith("byok."))
    .reverse();

test("a good key is verified, sealed, and used by sessions that are minted once and dropped with a change", async () => {
  const { owner, id, workspaceId } = await start();
  expect(await access(workspaceId)).toMatchObject({ __typename: "PlatformLlmAccess", reason: "NO_KEY" });
  const key = aws.key();
  const saved = await save(owner, id, key);
  expect(saved.byokConfig).toMatchObject({
    accessKeyIdHint: `${key.accessKeyId.slice(0, 4)}…${key.accessKeyId.slice(-4)}`,
    isTemporary: false,
    status: "ACTIVE",
    fallback: "DENY",
    lastVerification: { ok: true },
  });
  const before = aws.sessions;
  const [first, ...others] = await Promise.all(Array.from({ length: 10 }, () => access(workspaceId)));
  expect(aws.sessions).toBe(before + 1);
  expect(first).toMatchObject({ __typename: "ByokLlmAccess", region: "eu-central-1", inferenceProfile: "GLOBAL" });
  expect(others.every((other) => JSON.stringify(other) === JSON.stringify(first))).toBe(true);
  expect(first.accessKeyId).toMatch(/^ASIA/);
  expect(first.accessKeyId).not.toBe(key.accessKeyId);
  expect(new Date(first.expiresAt).getTime()).toBeLessThanOrEqual(Date.now() + 3_600_000);
  await save(owner, id, aws.key());
  expect((await access(workspaceId)).accessKeyId).not.toBe(first.accessKeyId);
  expect(await mutate(owner, "setByokEnabled", `organizationId: "${id}", enabled: false`)).toBe("ok");
  expect(await access(workspaceId)).toMatchObject({ reason: "KEY_PAUSED" });
  expect(await status(owner, id)).toBe("PAUSED");
  expect(await mutate(owner, "setByokEnabled", `organizationId: "${id}", enabled: true`)).toBe("ok");
  expect(await access(workspaceId)).toMatchObject({ __typename: "ByokLlmAccess" });
  expect(await mutate(owner, "removeByokConfig", `organizationId: "${id}"`)).toBe("ok");
  expect(await access(workspaceId)).toMatchObject({ reason: "NO_KEY" });
  expect(await mutate(owner, "removeByokConfig", `organizationId: "${id}"`)).toBe("BYOK_NOT_CONFIGURED");
  expect(await events(owner, id)).toEqual([
    "byok.configured",
    "byok.rotated",
    "byok.paused",
    "byok.resumed",
    "byok.removed",
  ]);
});

test("a change on one replica drops the sessions of all others at once", async () => {
  const { owner, id, workspaceId } = await start();
  await save(owner, id, aws.key());
  const other = await service.replica(aws.environment);
  const there = service.ask(await service.issuer.issueForService("tester", ["credentials:read"]), other);
  const asked = `{ llmAccess(workspaceId: "${workspaceId}") { ... on ByokLlmAccess { accessKeyId } ... on PlatformLlmAccess { reason } } }`;
  const first = (await there(asked)).data.llmAccess;
  await save(owner, id, aws.key());
  const second = (await there(asked)).data.llmAccess;
  expect(first.accessKeyId).toMatch(/^ASIA/);
  expect(second.accessKeyId).not.toBe(first.accessKeyId);
  await mutate(owner, "removeByokConfig", `organizationId: "${id}"`);
  expect((await there(asked)).data.llmAccess).toEqual({ reason: "NO_KEY" });
});

const SONNET = "anthropic.claude-sonnet-4-5-20250929-v1:0";
type Check = { kind: string; modelId: string | null; ok: boolean; code: string | null; message: string | null };
const failing = ({ verification }: { verification: { checks: Check[] } }) =>
  verification.checks.filter(({ ok }) => !ok).map(({ kind, code }) => `${kind} ${code}`);

describe("a key that AWS does not take is told why, with what to do, and is not stored", () => {
  test.each<[string, () => Key, string[]]>([
    ["unknown", () => ({ ...aws.key(), accessKeyId: "AKIAUNKNOWNUNKNOWN12" }), ["CREDENTIALS InvalidClientTokenId"]],
    ["wrong secret", () => ({ ...aws.key(), secretAccessKey: "x".repeat(40) }), ["CREDENTIALS SignatureDoesNotMatch"]],
    ["expired session", () => aws.key("ASIA", { expiresAt: new Date(0) }), ["CREDENTIALS ExpiredToken"]],
    ["denied", () => aws.key("AKIA", { mayInvoke: false }), ["PERMISSIONS AccessDeniedException"]],
    [
      "denied to look up",
      () => aws.key("AKIA", { mayLookUp: false }),
      ["MODEL_ACCESS AccessDeniedException", "MODEL_ACCESS AccessDeniedException"],
    ],
    ["a model missing", () => aws.key("AKIA", { missingModels: [SONNET] }), ["MODEL_ACCESS ResourceNotFoundException"]],
  ])("%s", async (_name, key, expected) => {
    const { owner, id } = await start();
    const answer = await save(owner, id, key());
    expect(answer.__typename).toBe("ByokVerificationFailed");
    expect(failing(answer)).toEqual(expected);
    for (const { ok, message } of answer.verification.checks) expect(ok || message.length > 20).toBe(true);
    expect(JSON.stringify(answer)).not.toContain("123456789012");
    expect(await status(owner, id)).toBe("NOT_CONFIGURED");
  });

  test.each<[string, AwsStandIn["trouble"], string]>([
    ["hanging", "hang", "CREDENTIALS TIMEOUT"],
    ["resetting", "reset", "CREDENTIALS UNREACHABLE"],
    ["answering garbage", "garbage", "CREDENTIALS UNREADABLE_ANSWER"],
    ["throttling for ever", { throttle: 100 }, "CREDENTIALS Throttling"],
  ])("AWS %s", async (_name, trouble, expected) => {
    const { owner, id } = await start();
    aws.trouble = trouble;
    const answer = await save(owner, id, aws.key());
    expect(failing(answer)).toEqual([expected]);
  });

  test("throttling that passes is waited for, and nothing else is tried again", async () => {
    const { owner, id } = await start();
    aws.trouble = { throttle: 2 };
    expect((await save(owner, id, aws.key())).__typename).toBe("SaveByokConfigSuccess");
    aws.trouble = null;
    const calls = aws.calls.length;
    await save(owner, id, { ...aws.key(), secretAccessKey: "y".repeat(40) });
    expect(aws.calls.length).toBe(calls + 1);
  });
});

test("what is no key, no region, or no profile of it makes no call to anywhere", async () => {
  const { owner, id } = await start();
  const calls = aws.calls.length;
  const good = aws.key();
  const hostile = [
    ...[
      "evil.example",
      "eu-central-1.evil.example",
      "127.0.0.1",
      "us-east-1#",
      "us-east-1/../..",
      "us-gov-west-1",
      "cn-north-1",
      "",
      "EU-CENTRAL-1",
      "eu-central-1\n",
    ].map((region) => ({ region })),
    ...["AKIA", "akiaaaaaaaaaaaaaaaaa", "AKIA/../../../etc", "AIDAAAAAAAAAAAAAAAAA", `AKIA${"A".repeat(200)}`].map(
      (accessKeyId) => ({ accessKeyId }),
    ),
    ...["", "short", "x".repeat(500), "with space and more than forty characters", "a\r\nHost: evil.example"].map(
      (secretAccessKey) => ({ secretAccessKey }),
    ),
    { sessionToken: "a token with a long-term key" },
    { accessKeyId: `ASIA${"A".repeat(16)}` },
    { accessKeyId: `ASIA${"A".repeat(16)}`, sessionToken: "line\r\nbreak" },
    { region: "eu-central-1", inferenceProfile: "US" },
    { region: "us-east-1", inferenceProfile: "APAC" },
    { sessionTokenExpiresAt: new Date(Date.now() + 1_000_000).toISOString() },
  ];
  for (const wrong of hostile) {
    const answer = await save(owner, id, { ...good, ...wrong });
    expect(answer.code).toBe("INVALID_INPUT");
    expect(answer.path[0]).toBe("credentials");
    expect(answer.message).not.toContain(good.secretAccessKey);
  }
  expect(aws.calls.length).toBe(calls);
});

test("without its Owner's word nothing runs on the platform: expired, failing, or on a smaller plan", async () => {
  const { owner, id, workspaceId } = await start();
  const until = new Date(Date.now() + 4_000).toISOString();
  await save(owner, id, { ...aws.key("ASIA"), sessionTokenExpiresAt: until });
  expect(await access(workspaceId)).toMatchObject({ __typename: "ByokLlmAccess", expiresAt: until });
  await plan(id, "STANDARD");
  expect(await status(owner, id)).toBe("PLAN_INACTIVE");
  expect(await access(workspaceId)).toEqual({ __typename: "Refusal", code: "PLAN_WITHOUT_BYOK" });
  expect((await save(owner, id, aws.key())).code).toBe("PLAN_WITHOUT_BYOK");
  await plan(id, "ADVANCED");
  expect(await status(owner, id)).toBe("ACTIVE");
  while ((await status(owner, id)) !== "EXPIRED") await new Promise((resolve) => setImmediate(resolve));
  expect(await access(workspaceId)).toEqual({ __typename: "Refusal", code: "BYOK_VERIFICATION_FAILED" });
  const sql = (text: string) => service.app.services.database.dataSource.query(text, [id]);
  await sql("UPDATE byok_config SET fallback = 'ALLOW' WHERE organization_id = $1");
  expect(await access(workspaceId)).toMatchObject({ reason: "KEY_EXPIRED" });
  await sql("UPDATE byok_config SET session_token_expires_at = NULL, failing_since = now() WHERE organization_id = $1");
  expect(await access(workspaceId)).toMatchObject({ reason: "KEY_FAILING" });
  await plan(id, "STANDARD");
  expect(await access(workspaceId)).toMatchObject({ reason: "PLAN_WITHOUT_BYOK" });
});

test("when AWS cannot mint a session, the call is refused, or falls back where the Owner chose so", async () => {
  for (const [fallback, expected] of [
    ["DENY", { code: "BYOK_VERIFICATION_FAILED" }],
    ["ALLOW", { reason: "KEY_FAILING" }],
  ] as const) {
    const { owner, id, workspaceId } = await start();
    await save(owner, id, aws.key(), fallback);
    aws.trouble = "reset";
    expect(await access(workspaceId)).toMatchObject(expected);
    aws.trouble = null;
    expect(await access(workspaceId)).toMatchObject({ __typename: "ByokLlmAccess" });
  }
});

test("rejections that are reported make a key failing: one mail, however many; a good check mends it", async () => {
  const { owner, id, workspaceId } = await start();
  await save(owner, id, aws.key());
  const report = async (code: string) =>
    (
      await caller(`mutation { reportByokFailure(input: { workspaceId: "${workspaceId}", code: "${code}", message: "arn:aws:iam::1:user/x" }) {
      ... on ReportByokFailureSuccess { status } } }`)
    ).data.reportByokFailure.status;
  for (let n = 0; n < 5; n++) expect(await report("ThrottlingException")).toBe("ACTIVE");
  expect([await report("AccessDeniedException"), await report("AccessDeniedException")]).toEqual(["ACTIVE", "ACTIVE"]);
  for (let n = 0; n < 20; n++) expect(await report("UnrecognizedClientException")).toBe("FAILING");
  expect(await access(workspaceId)).toEqual({ __typename: "Refusal", code: "BYOK_VERIFICATION_FAILED" });
  const mails = () => service.mailer.sent.filter(({ to }) => to === owner.email);
  while (mails().length < 1) await new Promise((resolve) => setImmediate(resolve));
  expect(await mutate(owner, "verifyByokConfig", `organizationId: "${id}"`)).toBe("ok");
  expect(await status(owner, id)).toBe("ACTIVE");
  expect(mails().map(({ subject }) => subject)).toEqual(["AWS rejects your organization's key"]);
  expect(mails()[0]?.text).toContain("UnrecognizedClientException");
  expect(await events(owner, id)).toEqual(["byok.configured", "byok.failing", "byok.verified", "byok.recovered"]);
});

test("every key is checked daily; one that AWS has dropped becomes failing", async () => {
  const { owner, id } = await start();
  const key = aws.key();
  await save(owner, id, key);
  aws.keys.delete(key.accessKeyId);
  await verifyAllKeys(service.app.services);
  expect(await status(owner, id)).toBe("FAILING");
  aws.keys.clear();
});

test("Owners are told a day before a temporary key ends, an hour before, and when it has", async () => {
  const { owner, id } = await start();
  await save(owner, id, {
    ...aws.key("ASIA"),
    sessionTokenExpiresAt: new Date(Date.now() + 48 * 3_600_000).toISOString(),
  });
  const sweepAt = async (hoursLeft: number) => {
    const end = new Date(Date.now() + hoursLeft * 3_600_000);
    await service.app.services.database.dataSource.query(
      "UPDATE byok_config SET session_token_expires_at = $2 WHERE organization_id = $1",
      [id, end],
    );
    for (let n = 0; n < 2; n++) await sweepExpiringKeys(service.app.services);
  };
  for (const hours of [47, 23, 12, 0.9, 0.5, -0.1, -3]) await sweepAt(hours);
  expect(await events(owner, id)).toEqual(["byok.configured", "byok.expiring", "byok.expiring", "byok.expired"]);
});

test("BYOK is the Owner's alone; how it stands, every member's", async () => {
  const { owner, id } = await start();
  const admin = await join(service, owner, id, "ADMIN");
  const viewer = await join(service, owner, id, "VIEWER");
  expect((await save(admin, id, aws.key()))[0].extensions.code).toBe("FORBIDDEN");
  expect((await save(await service.person("Stranger"), id, aws.key()))[0].extensions.code).toBe("NOT_FOUND");
  await save(owner, id, aws.key());
  expect(await status(viewer, id)).toBe("ACTIVE");
  const { errors } = await admin.ask(`{ organization(id: "${id}") { byokConfig { id } } }`);
  expect(errors?.[0]?.extensions.code).toBe("FORBIDDEN");
  const policy = JSON.parse((await owner.ask("{ byokPolicy(inferenceProfile: EU) }")).data.byokPolicy);
  expect(JSON.stringify(policy)).toContain(`inference-profile/eu.${SONNET}`);
});

import type { Trouble } from "../support/aws-stand-in";
import { ByokWorld, failing, type KeyInput } from "../support/byok-world";
import { holdCallTimeouts } from "../support/call-timeouts";

let world: ByokWorld;
let passTimeouts: () => void;
beforeAll(async () => {
  world = await ByokWorld.start();
  passTimeouts = holdCallTimeouts();
});
afterAll(() => world.stop());
afterEach(() => {
  world.aws.trouble = null;
  world.aws.onHang = () => undefined;
});

const SONNET = "anthropic.claude-sonnet-4-5-20250929-v1:0";
const OPUS = "anthropic.claude-opus-4-5-20251101-v1:0";
const ACCOUNT = "123456789012";

test("a good key passes one check of its identity, one of each model, and one of its rights", async () => {
  for (const key of [world.aws.key(), world.aws.key("ASIA")]) {
    const { verification } = await world.tryOut(await world.organization(), key);
    const good = { ok: true, code: null, message: null };
    expect(verification).toEqual({
      ok: true,
      checks: [
        { kind: "CREDENTIALS", modelId: null, ...good },
        { kind: "MODEL_ACCESS", modelId: SONNET, ...good },
        { kind: "MODEL_ACCESS", modelId: OPUS, ...good },
        { kind: "PERMISSIONS", modelId: null, ...good },
      ],
    });
  }
});

test("each check calls AWS only in the key's own region and profile", async () => {
  const { aws } = world;
  aws.calls.splice(0);
  aws.regions.clear();
  const key = { ...aws.key(), region: "ap-southeast-2", inferenceProfile: "APAC" };
  expect((await world.tryOut(await world.organization(), key)).verification?.ok).toBe(true);
  expect([...aws.regions]).toEqual(["ap-southeast-2"]);
  const perModel = [SONNET, OPUS].flatMap((model) =>
    ["GetInferenceProfile", "InvokeModel", "InvokeModelWithResponseStream"].map((call) => `${call} apac.${model}`),
  );
  expect([...aws.calls].sort()).toEqual(["GetCallerIdentity", "GetSessionToken", ...perModel].sort());
});

describe("a key that AWS rejects is not stored, and the response gives the reason and the next step", () => {
  test.each<[string, () => KeyInput, string[], RegExp]>([
    [
      "unknown",
      () => ({ ...world.aws.key(), accessKeyId: "AKIAUNKNOWNUNKNOWN12" }),
      ["CREDENTIALS InvalidClientTokenId"],
      /does not know this key/,
    ],
    [
      "wrong secret",
      () => ({ ...world.aws.key(), secretAccessKey: "x".repeat(40) }),
      ["CREDENTIALS SignatureDoesNotMatch"],
      /secret access key does not belong/,
    ],
    [
      "wrong session token",
      () => ({ ...world.aws.key("ASIA"), sessionToken: "another" }),
      ["CREDENTIALS InvalidClientTokenId"],
      /does not know this key/,
    ],
    [
      "expired session",
      () => world.aws.key("ASIA", { expiresAt: new Date(0) }),
      ["CREDENTIALS ExpiredToken"],
      /Create a new temporary key/,
    ],
    ["denied", () => world.aws.key("AKIA", { mayInvoke: false }), ["PERMISSIONS AccessDeniedException"], /byokPolicy/],
    [
      "denied sessions",
      () => world.aws.key("AKIA", { mayMint: false }),
      ["PERMISSIONS AccessDenied"],
      /sts:GetSessionToken.*byokPolicy/,
    ],
    [
      "denied to look up",
      () => world.aws.key("AKIA", { mayLookUp: false }),
      ["MODEL_ACCESS AccessDeniedException", "MODEL_ACCESS AccessDeniedException"],
      /byokPolicy/,
    ],
    [
      "a model missing",
      () => world.aws.key("AKIA", { missingModels: [SONNET] }),
      ["MODEL_ACCESS ResourceNotFoundException"],
      /Choose GLOBAL or another region/,
    ],
  ])("%s", async (_name, key, expected, advice) => {
    const account = await world.organization();
    for (const answer of [await world.tryOut(account, key()), await world.save(account, key())]) {
      expect(["TestByokCredentialsSuccess", "ByokVerificationFailed"]).toContain(answer.__typename);
      expect(answer.verification?.ok).toBe(false);
      expect(failing(answer)).toEqual(expected);
      const messages = (answer.verification?.checks ?? []).filter(({ ok }) => !ok).map(({ message }) => message ?? "");
      for (const message of messages) expect(message).toMatch(advice);
      expect(JSON.stringify(answer)).not.toContain(ACCOUNT);
    }
    expect(await world.status(account, account.owner)).toBe("NOT_CONFIGURED");
    expect(await world.events(account)).toEqual([]);
  });

  test.each<[string, Trouble, string, RegExp]>([
    ["hanging", { kind: "hang" }, "CREDENTIALS TIMEOUT", /did not answer in time/],
    ["trickling", { kind: "trickle" }, "CREDENTIALS TIMEOUT", /did not answer in time/],
    ["resetting", { kind: "reset" }, "CREDENTIALS UNREACHABLE", /could not be reached/],
    ["cut off", { kind: "cut" }, "CREDENTIALS UNREADABLE_ANSWER", /could not be reached/],
    ["answering garbage", { kind: "garbage" }, "CREDENTIALS UNREADABLE_ANSWER", /could not be reached/],
    ["answering nothing", { kind: "empty" }, "CREDENTIALS UNREADABLE_ANSWER", /could not be reached/],
    ["down", { kind: "down" }, "CREDENTIALS HTTP_503", /internal problem/],
    ["throttling for ever", { kind: "throttle" }, "CREDENTIALS Throttling", /throttling/],
    ["hanging later", { kind: "hang", on: /^InvokeModel / }, "PERMISSIONS TIMEOUT", /did not answer in time/],
    ["resetting later", { kind: "reset", on: /^InvokeModelW/ }, "PERMISSIONS UNREACHABLE", /could not be reached/],
    ["answering garbage later", { kind: "garbage", on: /^GetInf.*opus/ }, "MODEL_ACCESS UNREADABLE_ANSWER", /reached/],
    ["answering nothing later", { kind: "empty", on: /^GetInf.*opus/ }, "MODEL_ACCESS UNREADABLE_ANSWER", /reached/],
    ["minting nothing", { kind: "empty", on: /^GetSession/ }, "PERMISSIONS UNREADABLE_ANSWER", /could not be reached/],
    ["throttling later", { kind: "throttle", on: /^InvokeModel / }, "PERMISSIONS ThrottlingException", /throttling/],
  ])("AWS %s", async (_name, trouble, expected, advice) => {
    const account = await world.organization();
    world.aws.trouble = trouble;
    // If only a later call hangs, the other calls take their time.
    if (!trouble.on) world.aws.onHang = passTimeouts;
    const answer = await world.save(account, world.aws.key());
    expect(failing(answer)).toEqual([expected]);
    expect(answer.verification?.checks.find(({ ok }) => !ok)?.message).toMatch(advice);
    expect(await world.status(account, account.owner)).toBe("NOT_CONFIGURED");
  });

  test("throttling is retried until it passes; other failures are not retried", async () => {
    const { aws } = world;
    const account = await world.organization();
    aws.trouble = { kind: "throttle", times: 2 };
    expect((await world.save(account, aws.key())).__typename).toBe("SaveByokConfigSuccess");
    for (const kind of ["reset", "garbage", "down", "cut"] as const) {
      const calls = aws.calls.length;
      aws.trouble = { kind };
      await world.save(account, aws.key());
      expect(aws.calls.length).toBe(calls + 1);
    }
    aws.trouble = null;
    const calls = aws.calls.length;
    await world.save(account, { ...aws.key(), secretAccessKey: "y".repeat(40) });
    expect(aws.calls.length).toBe(calls + 1);
  });
});

test("no transaction is open and no lock is held during a call to AWS", async () => {
  const account = await world.organization();
  world.aws.trouble = { kind: "hang" };
  const calls = world.aws.calls.length;
  const saving = world.save(account, world.aws.key());
  while (world.aws.calls.length === calls) await new Promise((resolve) => setImmediate(resolve));
  const open = await world.sql(
    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in tr%'",
  );
  expect(open).toEqual([]);
  expect(await world.change(account, "updateOrganization", ', name: "Meanwhile"')).toBe("ok");
  passTimeouts();
  expect(failing(await saving)).toEqual(["CREDENTIALS TIMEOUT"]);
});

test("too many key checks are refused, so stolen keys cannot be tested here", async () => {
  const account = await world.organization();
  const key = { accessKeyId: "AKIAUNKNOWNUNKNOWN12", secretAccessKey: "z".repeat(40) };
  const attempts = () => Promise.all(Array.from({ length: 20 }, () => world.tryOut(account, key)));
  let answers = await attempts();
  expect(answers.map(failing)).toEqual(answers.map(() => ["CREDENTIALS InvalidClientTokenId"]));
  for (let n = 0; n < 6; n++) answers = await attempts();
  expect(answers.map(({ code }) => code)).toContain("RATE_LIMITED");
  const calls = world.aws.calls.length;
  const { errors } = await account.owner.ask(
    `mutation($credentials: ByokCredentialsInput!) { saveByokConfig(input: { credentials: $credentials }) { __typename } }`,
    { credentials: { organizationId: account.id, region: "eu-central-1", ...key } },
  );
  expect(errors?.[0]?.extensions).toEqual({ code: "RATE_LIMITED", retryAfterSeconds: expect.any(Number) });
  expect(world.aws.calls.length).toBe(calls);
  const other = await world.organization();
  expect((await world.tryOut(other, world.aws.key())).verification?.ok).toBe(true);
});

test("the policy can be attached as it is: it has the profile's models and the rights, and nothing else", async () => {
  const { owner } = await world.organization();
  const ask = async (rest: string) => JSON.parse((await owner.ask(`{ byokPolicy(${rest}) }`)).data.byokPolicy);
  const policy = await ask("inferenceProfile: EU");
  expect(policy.Version).toBe("2012-10-17");
  const actions = policy.Statement.flatMap(({ Action }: { Action: string[] }) => Action);
  expect([...actions].sort()).toEqual([
    "bedrock:GetInferenceProfile",
    "bedrock:InvokeModel",
    "bedrock:InvokeModelWithResponseStream",
    "sts:GetCallerIdentity",
    "sts:GetSessionToken",
  ]);
  const [invoke] = policy.Statement;
  expect(invoke.Resource).toEqual([
    `arn:aws:bedrock:*:*:inference-profile/eu.${SONNET}`,
    `arn:aws:bedrock:*:*:inference-profile/eu.${OPUS}`,
    `arn:aws:bedrock:*::foundation-model/${SONNET}`,
    `arn:aws:bedrock:*::foundation-model/${OPUS}`,
  ]);
  const one = await ask(`modelIds: ["${OPUS}"]`);
  expect(JSON.stringify(one)).not.toContain(SONNET);
  expect(JSON.stringify(one)).toContain(`inference-profile/global.${OPUS}`);
  for (const modelIds of ["[]", '["evil.example"]', `["${OPUS}", "another"]`]) {
    const { errors } = await owner.ask(`{ byokPolicy(modelIds: ${modelIds}) }`);
    expect(errors?.[0]?.extensions.code).toBe("BAD_USER_INPUT");
  }
});

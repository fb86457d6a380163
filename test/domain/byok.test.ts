import * as domain from "../../src/domain/byok";
import { Refused } from "../../src/domain/refusal";

const NOW = new Date("2026-03-31T09:00:00.000Z");
const at = (milliseconds: number) => new Date(NOW.getTime() + milliseconds);

function refusalOf(rule: () => unknown) {
  try {
    rule();
    return null;
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    throw error;
  }
}

const SECRET = "s".repeat(40);
const LONG_TERM: domain.ByokKey = {
  ...{ accessKeyId: `AKIA${"A".repeat(16)}`, secretAccessKey: SECRET, sessionToken: null, sessionTokenExpiresAt: null },
  ...{ region: "us-east-1", inferenceProfile: "US" },
};
const TEMPORARY: domain.ByokKey = { ...LONG_TERM, accessKeyId: `ASIA${"A".repeat(16)}`, sessionToken: "token" };
const parse = (key: Partial<domain.ByokKey>, base = LONG_TERM) =>
  domain.parseByokKey({ ...base, ...key }, NOW, "credentials");
const faultOf = (key: Partial<domain.ByokKey>, base = LONG_TERM) => refusalOf(() => parse(key, base));

test("the enums equal their own names, as the graph registers them", () => {
  const values = [domain.ByokStatus, domain.InferenceProfile, domain.ByokFallback, domain.ByokCheckKind];
  for (const each of values) expect(Object.values(each)).toEqual(Object.keys(each));
  expect(Object.keys(domain.ByokStatus)).toEqual([
    "NOT_CONFIGURED",
    "ACTIVE",
    "PAUSED",
    "EXPIRED",
    "FAILING",
    "PLAN_INACTIVE",
  ]);
  expect(Object.keys(domain.InferenceProfile)).toEqual(["GLOBAL", "US", "EU", "APAC"]);
  expect(Object.keys(domain.ByokFallback)).toEqual(["ALLOW", "DENY"]);
  expect(Object.keys(domain.ByokCheckKind)).toEqual(["CREDENTIALS", "MODEL_ACCESS", "PERMISSIONS"]);
});

test("a key is trimmed, and otherwise taken as it is", () => {
  const typed = { accessKeyId: ` ${LONG_TERM.accessKeyId}\n`, secretAccessKey: `\t${SECRET} `, sessionToken: "  " };
  expect(parse(typed)).toEqual(LONG_TERM);
  const expiring = { sessionToken: " token ", sessionTokenExpiresAt: at(1) };
  expect(parse(expiring, TEMPORARY)).toEqual({ ...TEMPORARY, sessionTokenExpiresAt: at(1) });
  expect(parse({}, TEMPORARY)).toEqual(TEMPORARY);
  expect(parse({ sessionTokenExpiresAt: undefined as never }).sessionTokenExpiresAt).toBeNull();
});

test.each([
  ["AKIA", 12, true],
  ["AKIA", 124, true],
  ["ASIA", 12, true],
  ["AKIA", 11, false],
  ["AKIA", 125, false],
  ["AROA", 16, false],
  ["akia", 16, false],
])("an access key ID of %s and %i more is one: %s", (prefix, length, isOne) => {
  const base = prefix === "ASIA" ? TEMPORARY : LONG_TERM;
  const fault = faultOf({ accessKeyId: `${prefix}${"Z9".repeat(99).slice(0, length)}` }, base);
  if (isOne) expect(fault).toBeNull();
  else {
    expect(fault).toMatchObject({ code: "INVALID_INPUT", path: ["credentials", "accessKeyId"] });
    expect(fault?.message).toMatch(/starts with AKIA or ASIA/);
  }
});

test.each(["AKIAaaaaaaaaaaaaaaaa", "xAKIAAAAAAAAAAAAAAAAA", "AKIAAAAAAAAAAAAAAAAA-", "", "AKIA AAAAAAAAAAAAAAA"])(
  "%j is no access key ID, and is not quoted",
  (accessKeyId) => {
    const fault = faultOf({ accessKeyId });
    expect(fault?.path).toEqual(["credentials", "accessKeyId"]);
    if (accessKeyId) expect(fault?.message).not.toContain(accessKeyId);
  },
);

test.each([
  ["aZ09/+=".repeat(6), true],
  ["x".repeat(16), true],
  ["x".repeat(128), true],
  ["x".repeat(15), false],
  ["x".repeat(129), false],
  [`${"x".repeat(39)}-`, false],
  [`-${"x".repeat(39)}`, false],
  [`${"x".repeat(20)} ${"x".repeat(19)}`, false],
  [`${"x".repeat(20)}\n${"x".repeat(19)}`, false],
])("the secret %j is one: %s", (secretAccessKey, isOne) => {
  const fault = faultOf({ secretAccessKey });
  if (isOne) expect(fault).toBeNull();
  else
    expect(fault).toMatchObject({
      path: ["credentials", "secretAccessKey"],
      message: expect.stringMatching(/A secret access key has/),
    });
});

test("a temporary key needs a session token, and a long-term one has none", () => {
  for (const sessionToken of [null, "", "  "]) {
    expect(faultOf({ sessionToken }, TEMPORARY)).toMatchObject({
      ...{
        path: ["credentials", "sessionToken"],
        message: expect.stringMatching(/temporary key .* needs its session token/),
      },
    });
  }
  expect(faultOf({ sessionToken: "token" })).toMatchObject({
    ...{
      path: ["credentials", "sessionToken"],
      message: expect.stringMatching(/long-term key .* has no session token/),
    },
  });
});

test.each([
  ["x".repeat(8_192), true],
  ["!~", true],
  ["x".repeat(8_193), false],
  ["a b", false],
  ["a\u007fb", false],
  ["é", false],
  ["a\nb", false],
  ["x é", false],
])("the session token %j is one: %s", (sessionToken, isOne) => {
  const fault = faultOf({ sessionToken }, TEMPORARY);
  if (isOne) expect(fault).toBeNull();
  else expect(fault).toMatchObject({ path: ["credentials", "sessionToken"], message: "This is no session token." });
});

test("only a temporary key expires, and not in the past", () => {
  const path = ["credentials", "sessionTokenExpiresAt"];
  expect(faultOf({ sessionTokenExpiresAt: at(1) })).toMatchObject({
    path,
    message: expect.stringMatching(/does not expire/),
  });
  for (const over of [at(0), at(-1)]) {
    expect(faultOf({ sessionTokenExpiresAt: over }, TEMPORARY)).toMatchObject({
      path,
      message: expect.stringMatching(/expired already/),
    });
  }
  expect(faultOf({ sessionTokenExpiresAt: at(1) }, TEMPORARY)).toBeNull();
});

test.each(["us-gov-west-1", "cn-north-1", "us-east-3", "", "us-east-1.evil.example", "US-EAST-1", "us-east-1 "])(
  "%j is none of AWS's commercial regions",
  (region) => {
    expect(faultOf({ region })).toMatchObject({
      path: ["credentials", "region"],
      message: expect.stringMatching(/none of AWS/),
    });
  },
);

const REGIONS = [
  "us-east-1 us-east-2 us-west-1 us-west-2 ca-central-1 ca-west-1 sa-east-1 mx-central-1",
  "eu-west-1 eu-west-2 eu-west-3 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2",
  "ap-south-1 ap-south-2 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3",
  "ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7",
  "af-south-1 il-central-1 me-central-1 me-south-1",
].flatMap((line) => line.split(" "));

test("every commercial region is known, and each profile is called from its own part of the world", () => {
  expect([...domain.BEDROCK_REGIONS].sort()).toEqual([...REGIONS].sort());
  const starts = { GLOBAL: [""], US: ["us-", "ca-"], EU: ["eu-"], APAC: ["ap-"] };
  for (const region of REGIONS) {
    for (const inferenceProfile of Object.values(domain.InferenceProfile)) {
      const fault = faultOf({ region, inferenceProfile });
      const fits = starts[inferenceProfile].some((start) => region.startsWith(start));
      expect([region, inferenceProfile, fault?.path]).toEqual([
        region,
        inferenceProfile,
        fits ? undefined : ["credentials", "inferenceProfile"],
      ]);
      if (!fits)
        expect(fault?.message).toBe(
          `The profile ${inferenceProfile} cannot be called from this region. Use GLOBAL, or another region.`,
        );
    }
  }
});

test("keys are told apart by their id, and shown by its ends", () => {
  expect([domain.isTemporaryKey("ASIAXXXX"), domain.isTemporaryKey("AKIAASIA"), domain.isTemporaryKey("")]).toEqual([
    true,
    false,
    false,
  ]);
  expect(domain.hintOf("AKIA1234567890ABCDEF")).toBe("AKIA…CDEF");
  expect(domain.profileModelId("APAC", "anthropic.claude")).toBe("apac.anthropic.claude");
});

const CONFIG: domain.ByokStanding = {
  ...{ enabled: true, isTemporary: false, sessionTokenExpiresAt: null, failingSince: null },
};
test.each<[Partial<domain.ByokStanding> | null, boolean, domain.ByokStatus]>([
  [null, true, "NOT_CONFIGURED"],
  [null, false, "NOT_CONFIGURED"],
  [{}, true, "ACTIVE"],
  [{}, false, "PLAN_INACTIVE"],
  [{ enabled: false }, true, "PAUSED"],
  [{ enabled: false, failingSince: NOW, sessionTokenExpiresAt: NOW }, true, "PAUSED"],
  [{ enabled: false }, false, "PLAN_INACTIVE"],
  [{ sessionTokenExpiresAt: at(1) }, true, "ACTIVE"],
  [{ sessionTokenExpiresAt: at(0) }, true, "EXPIRED"],
  [{ sessionTokenExpiresAt: at(-1), failingSince: NOW }, true, "EXPIRED"],
  [{ failingSince: NOW }, true, "FAILING"],
  [{ sessionTokenExpiresAt: at(1), failingSince: NOW }, true, "FAILING"],
])("%j, on a plan with BYOK %s, is %s", (config, planHasByok, status) => {
  expect(domain.byokStatusOf(config && { ...CONFIG, ...config }, planHasByok, NOW)).toBe(status);
});

test("what AWS says of a key matters while calls run on it, or would", () => {
  expect(Object.values(domain.ByokStatus).filter(domain.isInUse)).toEqual(["ACTIVE", "FAILING"]);
});

const OF_THE_KEY = [
  "UnrecognizedClientException InvalidClientTokenId InvalidClientTokenIdException AccessDeniedException AccessDenied",
  "SignatureDoesNotMatch InvalidSignatureException AuthFailure IncompleteSignature InvalidAccessKeyId",
  "MissingAuthenticationToken NotAuthorized OptInRequired",
].flatMap((line) => line.split(" "));
const OF_ITS_TIME = ["ExpiredToken", "ExpiredTokenException", "RequestExpired"];
const OF_THE_MOMENT = [
  "ThrottlingException",
  "ServiceUnavailableException",
  "ValidationException",
  "TimeoutError",
  "",
  "accessdenied",
];

test.each([...OF_THE_KEY, ...OF_ITS_TIME, ...OF_THE_MOMENT])("the code %j speaks of what it does", (code) => {
  expect(domain.isCredentialCode(code)).toBe(OF_THE_KEY.includes(code));
  expect(domain.isExpiryCode(code)).toBe(OF_ITS_TIME.includes(code));
});

const check = (kind: domain.ByokCheckKind, code: string | null): domain.ByokCheck => ({
  kind,
  code,
  modelId: null,
  ok: code === null,
  message: null,
});
test.each<[domain.ByokCheck[], string | null]>([
  [[], null],
  [[check("CREDENTIALS", null)], null],
  [[check("CREDENTIALS", "AccessDenied")], "AccessDenied"],
  [[check("CREDENTIALS", "ExpiredToken")], "ExpiredToken"],
  [[check("PERMISSIONS", "AuthFailure")], "AuthFailure"],
  [[check("CREDENTIALS", "ThrottlingException")], null],
  [[check("MODEL_ACCESS", "AccessDeniedException")], null],
  [
    [
      check("MODEL_ACCESS", "AccessDeniedException"),
      check("CREDENTIALS", "ThrottlingException"),
      check("PERMISSIONS", "RequestExpired"),
    ],
    "RequestExpired",
  ],
  [[check("CREDENTIALS", "InvalidClientTokenId"), check("PERMISSIONS", "AccessDenied")], "InvalidClientTokenId"],
])("a verification with %j rejects the key with %s", (checks, code) => {
  expect(domain.rejectionIn({ ok: false, checkedAt: NOW, checks })).toBe(code);
});

test("three rejections within an hour make a key failing, and Owners hear of its end a day and an hour before", () => {
  expect(domain).toMatchObject({ FAILURES_UNTIL_FAILING: 3, FAILURE_WINDOW_MS: 3_600_000 });
  expect(domain.EXPIRY_NOTICE_HOURS).toEqual([24, 1]);
});

test("BYOK belongs to some plans only", () => {
  expect(refusalOf(() => domain.assertPlanHasByok({ name: "Advanced", byok: true }))).toBeNull();
  expect(refusalOf(() => domain.assertPlanHasByok({ name: "Starter", byok: false }))).toMatchObject({
    code: "PLAN_WITHOUT_BYOK",
    message: "The Starter plan has no own keys. Upgrade to Advanced or Enterprise.",
  });
});

test("the policy is the smallest with which a key does what it is used for", () => {
  const text = domain.byokPolicy("EU", ["anthropic.one", "anthropic.two"]);
  const profiles = [
    "arn:aws:bedrock:*:*:inference-profile/eu.anthropic.one",
    "arn:aws:bedrock:*:*:inference-profile/eu.anthropic.two",
  ];
  const models = [
    "arn:aws:bedrock:*::foundation-model/anthropic.one",
    "arn:aws:bedrock:*::foundation-model/anthropic.two",
  ];
  const policy = {
    Version: "2012-10-17",
    Statement: [
      {
        ...{ Sid: "InvokeModels", Effect: "Allow" },
        Action: ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
        Resource: [...profiles, ...models],
      },
      { Sid: "FindProfiles", Effect: "Allow", Action: ["bedrock:GetInferenceProfile"], Resource: profiles },
      {
        Sid: "ShortSessions",
        Effect: "Allow",
        Action: ["sts:GetSessionToken", "sts:GetCallerIdentity"],
        Resource: "*",
      },
    ],
  };
  expect(text).toBe(JSON.stringify(policy, null, 2));
});

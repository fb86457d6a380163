import * as domain from "../../src/domain/byok";
import { refusalOf } from "../../src/domain/refusal";

const NOW = new Date("2026-03-31T09:00:00.000Z");
const at = (milliseconds: number) => new Date(NOW.getTime() + milliseconds);

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

const CONFIG: domain.ByokState = {
  ...{ enabled: true, isTemporary: false, sessionTokenExpiresAt: null, failingSince: null },
};
test.each<[Partial<domain.ByokState> | null, boolean, domain.ByokStatus]>([
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

test("AWS's responses count while calls run on the key, or would without a failure", () => {
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

test.each([...OF_THE_KEY, ...OF_ITS_TIME, ...OF_THE_MOMENT])(
  "%j is a code about the key, about its expiry, or about neither",
  (code) => {
    expect(domain.isCredentialCode(code)).toBe(OF_THE_KEY.includes(code));
    expect(domain.isExpiryCode(code)).toBe(OF_ITS_TIME.includes(code));
  },
);

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
])("a verification that ends with %j rejects the key with %s", (checks, code) => {
  expect(domain.rejectionIn({ ok: false, checkedAt: NOW, checks })).toBe(code);
});

test("three rejections within an hour make a key Failing; Owners get notices a day and an hour before its end", () => {
  expect(domain).toMatchObject({ FAILURES_UNTIL_FAILING: 3, FAILURE_WINDOW_MS: 3_600_000 });
  expect(domain.EXPIRY_NOTICE_HOURS).toEqual([24, 1]);
});

test("only some plans include BYOK", () => {
  expect(refusalOf(() => domain.assertPlanHasByok({ name: "Advanced", byok: true }))).toBeNull();
  expect(refusalOf(() => domain.assertPlanHasByok({ name: "Starter", byok: false }))).toMatchObject({
    code: "PLAN_WITHOUT_BYOK",
    message: "The Starter plan does not include BYOK. Upgrade to Advanced or Enterprise.",
  });
});

test("the policy has only the rights that the service needs", () => {
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

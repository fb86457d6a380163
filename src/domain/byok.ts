import { invalidInput, Refused } from "./refusal";

export const ByokStatus = {
  NOT_CONFIGURED: "NOT_CONFIGURED",
  ACTIVE: "ACTIVE",
  PAUSED: "PAUSED",
  EXPIRED: "EXPIRED",
  FAILING: "FAILING",
  PLAN_INACTIVE: "PLAN_INACTIVE",
} as const;
export type ByokStatus = keyof typeof ByokStatus;

export const InferenceProfile = { GLOBAL: "GLOBAL", US: "US", EU: "EU", APAC: "APAC" } as const;
export type InferenceProfile = keyof typeof InferenceProfile;

export const ByokFallback = { ALLOW: "ALLOW", DENY: "DENY" } as const;
export type ByokFallback = keyof typeof ByokFallback;

export const ByokCheckKind = {
  CREDENTIALS: "CREDENTIALS",
  MODEL_ACCESS: "MODEL_ACCESS",
  PERMISSIONS: "PERMISSIONS",
} as const;
export type ByokCheckKind = keyof typeof ByokCheckKind;

/** AWS's commercial regions. No other name ever becomes part of an address. */
export const BEDROCK_REGIONS: readonly string[] = [
  ...["us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "ca-west-1", "sa-east-1", "mx-central-1"],
  ...["eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2"],
  ...["ap-south-1", "ap-south-2", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3"],
  ...["ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6"],
  ...["ap-southeast-7", "af-south-1", "il-central-1", "me-central-1", "me-south-1"],
];

/** Where the profiles that keep data in one part of the world can be called from. */
const REGIONS_OF_PROFILE: Record<InferenceProfile, RegExp> = {
  GLOBAL: /./,
  US: /^(us|ca)-/,
  EU: /^eu-/,
  APAC: /^ap-/,
};

/** AWS credentials, as they are needed to call it. */
export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string | null;
}

/** A key that was brought, and where it is to be used. */
export interface ByokKey extends AwsCredentials {
  sessionTokenExpiresAt: Date | null;
  region: string;
  inferenceProfile: InferenceProfile;
}

const LONGEST_TOKEN = 8_192;

/**
 * A key as its owner typed it. `AKIA…` is long-term and takes no session token; `ASIA…` is temporary and needs one (the
 * product's guide, "BYOK"). Refuses INVALID_INPUT, and never quotes what it was given; `path` leads to the key within
 * the input.
 */
export function parseByokKey(key: ByokKey, now: Date, ...path: string[]): ByokKey {
  const accessKeyId = key.accessKeyId.trim();
  const secretAccessKey = key.secretAccessKey.trim();
  const sessionToken = key.sessionToken?.trim() || null;
  const fault = (message: string, field: keyof ByokKey) => invalidInput(message, ...path, field);
  if (!/^(AKIA|ASIA)[A-Z0-9]{12,124}$/.test(accessKeyId)) {
    throw fault("An access key ID starts with AKIA or ASIA and has capitals and digits only.", "accessKeyId");
  }
  if (!/^[A-Za-z0-9/+=]{16,128}$/.test(secretAccessKey)) {
    throw fault("A secret access key has 40 letters, digits, slashes and pluses.", "secretAccessKey");
  }
  const isTemporary = isTemporaryKey(accessKeyId);
  if (isTemporary && !sessionToken) throw fault("A temporary key (ASIA…) needs its session token.", "sessionToken");
  if (!isTemporary && sessionToken) throw fault("A long-term key (AKIA…) has no session token.", "sessionToken");
  if (sessionToken && (sessionToken.length > LONGEST_TOKEN || !/^[\x21-\x7e]+$/.test(sessionToken))) {
    throw fault("This is no session token.", "sessionToken");
  }
  const { sessionTokenExpiresAt: expiresAt, region, inferenceProfile } = key;
  if (expiresAt && !isTemporary) throw fault("A long-term key does not expire.", "sessionTokenExpiresAt");
  if (expiresAt && expiresAt <= now) throw fault("The session token has expired already.", "sessionTokenExpiresAt");
  if (!BEDROCK_REGIONS.includes(region)) throw fault("This is none of AWS's commercial regions.", "region");
  if (!REGIONS_OF_PROFILE[inferenceProfile].test(region)) {
    throw fault(
      `The profile ${inferenceProfile} cannot be called from this region. Use GLOBAL, or another region.`,
      "inferenceProfile",
    );
  }
  return { ...key, accessKeyId, secretAccessKey, sessionToken, sessionTokenExpiresAt: expiresAt ?? null };
}

/** Whether a key is temporary, by its id. */
export function isTemporaryKey(accessKeyId: string): boolean {
  return accessKeyId.startsWith("ASIA");
}

/** The first and last four characters: enough to tell one key from another. */
export function hintOf(accessKeyId: string): string {
  return `${accessKeyId.slice(0, 4)}…${accessKeyId.slice(-4)}`;
}

/** What a model is called by in a profile. */
export function profileModelId(profile: InferenceProfile, modelId: string): string {
  return `${profile.toLowerCase()}.${modelId}`;
}

/** One check of a key against AWS. */
export interface ByokCheck {
  kind: ByokCheckKind;
  modelId: string | null;
  ok: boolean;
  code: string | null;
  message: string | null;
}

/** What came of checking a key. */
export interface ByokVerification {
  ok: boolean;
  checkedAt: Date;
  checks: ByokCheck[];
}

/** What decides how a configuration stands. */
export interface ByokState {
  enabled: boolean;
  isTemporary: boolean;
  sessionTokenExpiresAt: Date | null;
  failingSince: Date | null;
}

/** How an organization's key stands; the plan rules before all else, and what the Owner set before what AWS says. */
export function byokStatusOf(config: ByokState | null, planHasByok: boolean, now: Date): ByokStatus {
  if (!config) return "NOT_CONFIGURED";
  if (!planHasByok) return "PLAN_INACTIVE";
  if (!config.enabled) return "PAUSED";
  if (config.sessionTokenExpiresAt && config.sessionTokenExpiresAt <= now) return "EXPIRED";
  return config.failingSince ? "FAILING" : "ACTIVE";
}

/** Whether calls run on the key, or would if AWS took it: only then it matters what AWS says of it. */
export function isInUse(status: ByokStatus): boolean {
  return status === "ACTIVE" || status === "FAILING";
}

/** AWS's codes that speak of the key itself, and not of the moment. */
const CREDENTIAL_CODES: ReadonlySet<string | null> = new Set([
  ...["UnrecognizedClientException", "InvalidClientTokenId", "InvalidClientTokenIdException", "AccessDeniedException"],
  ...["AccessDenied", "SignatureDoesNotMatch", "InvalidSignatureException", "AuthFailure", "IncompleteSignature"],
  ...["InvalidAccessKeyId", "MissingAuthenticationToken", "NotAuthorized", "OptInRequired"],
]);
const EXPIRY_CODES: ReadonlySet<string | null> = new Set(["ExpiredToken", "ExpiredTokenException", "RequestExpired"]);

/** Whether AWS rejected the key, rather than the call or the hour. */
export function isCredentialCode(code: string | null): boolean {
  return CREDENTIAL_CODES.has(code);
}

/** Whether AWS says that the key's time is over. */
export function isExpiryCode(code: string | null): boolean {
  return EXPIRY_CODES.has(code);
}

/**
 * The code with which AWS rejected the key itself in a verification, so that calls on it fail too; null where it did
 * not. A key that may not look up a profile can be used all the same.
 */
export function rejectionIn({ checks }: ByokVerification): string | null {
  const codes = checks.filter(({ kind }) => kind !== "MODEL_ACCESS").map(({ code }) => code);
  return codes.find((code) => isCredentialCode(code) || isExpiryCode(code)) ?? null;
}

/** So many rejections, within so many milliseconds, make a key failing. */
export const FAILURES_UNTIL_FAILING = 3;
export const FAILURE_WINDOW_MS = 60 * 60 * 1000;

/** When the Owners of a temporary key are told that it ends, in hours before. */
export const EXPIRY_NOTICE_HOURS = [24, 1] as const;

/** BYOK belongs to some plans only. Refuses PLAN_WITHOUT_BYOK. */
export function assertPlanHasByok(plan: { name: string; byok: boolean }): void {
  if (plan.byok) return;
  throw new Refused("PLAN_WITHOUT_BYOK", `The ${plan.name} plan has no own keys. Upgrade to Advanced or Enterprise.`);
}

/** The smallest IAM policy with which a key does what it is used for, as JSON. */
export function byokPolicy(profile: InferenceProfile, modelIds: readonly string[]): string {
  const models = modelIds.map((modelId) => `arn:aws:bedrock:*::foundation-model/${modelId}`);
  const profiles = modelIds.map((id) => `arn:aws:bedrock:*:*:inference-profile/${profileModelId(profile, id)}`);
  const statement = (Sid: string, Action: string[], Resource: string[] | string) => ({
    Sid,
    Effect: "Allow",
    Action,
    Resource,
  });
  const invoke = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"];
  return JSON.stringify(
    {
      Version: "2012-10-17",
      Statement: [
        statement("InvokeModels", invoke, [...profiles, ...models]),
        statement("FindProfiles", ["bedrock:GetInferenceProfile"], profiles),
        statement("ShortSessions", ["sts:GetSessionToken", "sts:GetCallerIdentity"], "*"),
      ],
    },
    null,
    2,
  );
}

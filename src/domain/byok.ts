import { Refused } from "./refusal";

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

/** AWS's commercial regions. Host names are built from these only. */
export const BEDROCK_REGIONS: readonly string[] = [
  ...["us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "ca-west-1", "sa-east-1", "mx-central-1"],
  ...["eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2"],
  ...["ap-south-1", "ap-south-2", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3"],
  ...["ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6"],
  ...["ap-southeast-7", "af-south-1", "il-central-1", "me-central-1", "me-south-1"],
];

/** Credentials for calls to AWS. */
export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string | null;
}

/** An organization's own AWS key, with the region and inference profile to use. */
export interface ByokKey extends AwsCredentials {
  sessionTokenExpiresAt: Date | null;
  region: string;
  inferenceProfile: InferenceProfile;
}

/** Whether an access key ID belongs to a temporary key. */
export function isTemporaryKey(accessKeyId: string): boolean {
  return accessKeyId.startsWith("ASIA");
}

/** The first and last four characters: enough to tell one key from another. */
export function hintOf(accessKeyId: string): string {
  return `${accessKeyId.slice(0, 4)}…${accessKeyId.slice(-4)}`;
}

/** The id by which a profile's model is invoked, such as "eu.anthropic.…". */
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

/** The result of all checks of a key. */
export interface ByokVerification {
  ok: boolean;
  checkedAt: Date;
  checks: ByokCheck[];
}

/** The parts of a configuration that decide its status. */
export interface ByokState {
  enabled: boolean;
  isTemporary: boolean;
  sessionTokenExpiresAt: Date | null;
  failingSince: Date | null;
}

/** The status of an organization's key. The plan comes first, then the Owner's switch, then expiry and AWS's answers. */
export function byokStatusOf(config: ByokState | null, planHasByok: boolean, now: Date): ByokStatus {
  if (!config) return "NOT_CONFIGURED";
  if (!planHasByok) return "PLAN_INACTIVE";
  if (!config.enabled) return "PAUSED";
  if (config.sessionTokenExpiresAt && config.sessionTokenExpiresAt <= now) return "EXPIRED";
  return config.failingSince ? "FAILING" : "ACTIVE";
}

/** Whether calls use the key, or would if AWS accepted it. */
export function isInUse(status: ByokStatus): boolean {
  return status === "ACTIVE" || status === "FAILING";
}

/** AWS's codes that reject the key itself, rather than report a passing problem. */
const CREDENTIAL_CODES: ReadonlySet<string | null> = new Set([
  ...["UnrecognizedClientException", "InvalidClientTokenId", "InvalidClientTokenIdException", "AccessDeniedException"],
  ...["AccessDenied", "SignatureDoesNotMatch", "InvalidSignatureException", "AuthFailure", "IncompleteSignature"],
  ...["InvalidAccessKeyId", "MissingAuthenticationToken", "NotAuthorized", "OptInRequired"],
]);
const EXPIRY_CODES: ReadonlySet<string | null> = new Set(["ExpiredToken", "ExpiredTokenException", "RequestExpired"]);

/** Whether an AWS code rejects the key itself. */
export function isCredentialCode(code: string | null): boolean {
  return CREDENTIAL_CODES.has(code);
}

/** Whether an AWS code says that the key has expired. */
export function isExpiryCode(code: string | null): boolean {
  return EXPIRY_CODES.has(code);
}

/**
 * The code with which AWS rejected the key in a verification, or null. Ignores the MODEL_ACCESS checks: a key that may
 * not look up a profile can still invoke its model.
 */
export function rejectionIn({ checks }: ByokVerification): string | null {
  const codes = checks.filter(({ kind }) => kind !== "MODEL_ACCESS").map(({ code }) => code);
  return codes.find((code) => isCredentialCode(code) || isExpiryCode(code)) ?? null;
}

/** A key is failing after this many rejections within the window below. */
export const FAILURES_UNTIL_FAILING = 3;
export const FAILURE_WINDOW_MS = 60 * 60 * 1000;

/** How many hours before a temporary key expires its Owners are notified. */
export const EXPIRY_NOTICE_HOURS = [24, 1] as const;

/** BYOK is for the Advanced and Enterprise plans (product rule). Refuses PLAN_WITHOUT_BYOK. */
export function assertPlanHasByok(plan: { name: string; byok: boolean }): void {
  if (plan.byok) return;
  throw new Refused(
    "PLAN_WITHOUT_BYOK",
    `The ${plan.name} plan does not include BYOK. Upgrade to Advanced or Enterprise.`,
  );
}

/** The smallest IAM policy that a key needs, as JSON. */
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

import { NodeHttpHandler } from "@smithy/node-http-handler";
import { type AwsCredentials, BEDROCK_REGIONS } from "../../domain/byok";
import { AwsError } from "./bedrock";
import { CALL_LIMITS } from "./call";

export type AwsService = "bedrock" | "bedrock-runtime" | "sts";

/** The options of an SDK client for one service and region. Throws AwsError for an unknown region. */
export function clientOptions({
  service,
  override,
  credentials,
  region,
}: {
  service: AwsService;
  override: string | null;
  credentials: AwsCredentials;
  region: string;
}) {
  if (!BEDROCK_REGIONS.includes(region)) throw new AwsError("UNKNOWN_REGION", "This is not an AWS region.");
  return {
    region,
    endpoint: override ?? `https://${service}.${region}.amazonaws.com`,
    credentials: {
      accessKeyId: credentials.accessKeyId,
      secretAccessKey: credentials.secretAccessKey,
      ...(credentials.sessionToken && { sessionToken: credentials.sessionToken }),
    },
    // Without this, a bearer token in the platform's environment would replace the organization's key.
    authSchemePreference: ["aws.auth#sigv4"],
    maxAttempts: 1,
    retryMode: "standard",
    defaultsMode: "standard" as const,
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    // Labels these calls in the account's CloudTrail.
    userAgentAppId: "CloudThinker",
    requestHandler: new NodeHttpHandler({ ...CALL_LIMITS, throwOnRequestTimeout: true }),
  };
}

import { BedrockClient, GetInferenceProfileCommand } from "@aws-sdk/client-bedrock";
import {
  BedrockRuntimeClient,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from "@aws-sdk/client-bedrock-runtime";
import { GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from "@aws-sdk/client-sts";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import {
  type AwsCredentials,
  BEDROCK_REGIONS,
  type ByokCheck,
  type ByokCheckKind,
  type ByokKey,
  isTemporaryKey,
  profileModelId,
} from "../../domain/byok";
import { type Span, traced } from "../../tracing/span";
import { AwsError, type AwsSession, type Bedrock } from "./bedrock";
import { awsDeadline, CALL_LIMITS, callAws } from "./call";
import { explainCheck } from "./explain-check";

/** Endpoints to use instead of AWS's own, for tests. */
export interface AwsEndpoints {
  bedrock: string | null;
  sts: string | null;
}

const SESSION_SECONDS = 3_600;

type TracedCall = <Result>(
  action: string,
  send: (signal: AbortSignal) => Promise<Result>,
  deadline: AbortSignal,
) => Promise<Result>;

/** Calls AWS through its SDK. Host names are built from known regions only, never from client input. */
export function createAwsBedrock(
  endpoints: AwsEndpoints,
  modelIds: readonly string[],
  span: Span | null = null,
): Bedrock {
  const clientOf = (service: AwsService, credentials: AwsCredentials, region: string) =>
    clientOptions({ service, override: service === "sts" ? endpoints.sts : endpoints.bedrock, credentials, region });
  const call: TracedCall = (action, send, deadline) =>
    traced(span, [`aws ${action}`, "client", { "rpc.system": "aws-api", "rpc.method": action }], () =>
      callAws(send, deadline),
    );

  async function identify(key: ByokKey, deadline: AbortSignal): Promise<void> {
    await withClient(new STSClient(clientOf("sts", key, key.region)), async (sts) => {
      const command = new GetCallerIdentityCommand({});
      const { Arn, UserId } = await call(
        "GetCallerIdentity",
        (abortSignal) => sts.send(command, { abortSignal }),
        deadline,
      );
      assertPresent(Arn ?? UserId);
    });
  }

  async function findProfile(key: ByokKey, modelId: string, deadline: AbortSignal): Promise<void> {
    await withClient(new BedrockClient(clientOf("bedrock", key, key.region)), async (bedrock) => {
      const profile = { inferenceProfileIdentifier: profileModelId(key.inferenceProfile, modelId) };
      const command = new GetInferenceProfileCommand(profile);
      const found = await call(
        "GetInferenceProfile",
        (abortSignal) => bedrock.send(command, { abortSignal }),
        deadline,
      );
      assertPresent(found.inferenceProfileArn ?? found.inferenceProfileId ?? found.status);
    });
  }

  async function mint(credentials: AwsCredentials, region: string, deadline: AbortSignal): Promise<AwsSession> {
    return await withClient(new STSClient(clientOf("sts", credentials, region)), async (sts) => {
      const command = new GetSessionTokenCommand({ DurationSeconds: SESSION_SECONDS });
      const send = (abortSignal: AbortSignal) => sts.send(command, { abortSignal });
      const { Credentials: minted } = await call("GetSessionToken", send, deadline);
      const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = minted ?? {};
      return {
        accessKeyId: assertPresent(AccessKeyId),
        secretAccessKey: assertPresent(SecretAccessKey),
        sessionToken: assertPresent(SessionToken),
        expiresAt: assertPresent(Expiration),
      };
    });
  }

  /**
   * Tries every action for which a key is used. The invocations have an empty body, so no model runs: AWS checks
   * permissions before it validates the body.
   */
  async function tryPermissions(key: ByokKey, deadline: AbortSignal): Promise<void> {
    await withClient(new BedrockRuntimeClient(clientOf("bedrock-runtime", key, key.region)), async (runtime) => {
      const invocations = modelIds.flatMap((modelId) => {
        const id = profileModelId(key.inferenceProfile, modelId);
        const input = { modelId: id, body: "{}", contentType: "application/json" };
        const [whole, streamed] = [new InvokeModelCommand(input), new InvokeModelWithResponseStreamCommand(input)];
        return [
          ignoreInvalidBody(call("InvokeModel", (abortSignal) => runtime.send(whole, { abortSignal }), deadline)),
          ignoreInvalidBody(
            call("InvokeModelWithResponseStream", (abortSignal) => runtime.send(streamed, { abortSignal }), deadline),
          ),
        ];
      });
      const session = isTemporaryKey(key.accessKeyId) ? null : mint(key, key.region, deadline);
      const outcomes = await Promise.allSettled([session, ...invocations]);
      const failed = outcomes.find((outcome) => outcome.status === "rejected");
      if (failed) throw failed.reason;
    });
  }

  return {
    modelIds,
    verify: async (key) => {
      const deadline = awsDeadline();
      const identity = await check("CREDENTIALS", null, identify(key, deadline));
      // AWS does not know the key. Other checks would add nothing, and a rejected key is not sent again.
      if (!identity.ok) return [identity];
      const models = modelIds.map((modelId) => check("MODEL_ACCESS", modelId, findProfile(key, modelId, deadline)));
      return [identity, ...(await Promise.all([...models, check("PERMISSIONS", null, tryPermissions(key, deadline))]))];
    },
    mintSession: (credentials, region) => mint(credentials, region, awsDeadline()),
    withSpan: (within) => createAwsBedrock(endpoints, modelIds, within),
  };
}

type AwsService = "bedrock" | "bedrock-runtime" | "sts";

function clientOptions({
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
    // Otherwise a bearer token in the platform's environment would replace the organization's key.
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

/** Runs `work` and then closes the client's connections, also on failure. */
async function withClient<Client extends { destroy(): void }, Result>(
  client: Client,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(client);
  } finally {
    client.destroy();
  }
}

/** A response without its required fields does not come from AWS. Throws AwsError. */
function assertPresent<Part>(part: Part | undefined): Part {
  if (part === undefined) throw new AwsError("UNREADABLE_ANSWER", "The response from AWS lacks a required field.");
  return part;
}

async function check(kind: ByokCheckKind, modelId: string | null, call: Promise<void>): Promise<ByokCheck> {
  try {
    await call;
    return { kind, modelId, ok: true, code: null, message: null };
  } catch (error) {
    const code = error instanceof AwsError ? error.code : "UNREADABLE_ANSWER";
    return { kind, modelId, ok: false, code, message: explainCheck(kind, code) };
  }
}

/** A validation error means that the permission check before it passed. */
async function ignoreInvalidBody(call: Promise<unknown>): Promise<void> {
  await call.catch((error: unknown) => {
    if (!(error instanceof AwsError) || error.code !== "ValidationException") throw error;
  });
}

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
import { AwsError, type AwsSession, type Bedrock } from "./bedrock";
import { awsDeadline, CALL_LIMITS, callAws } from "./call";
import { explainCheck } from "./explain-check";

/** Other endpoints than AWS's own, for tests. */
export interface AwsEndpoints {
  bedrock: string | null;
  sts: string | null;
}

const SESSION_SECONDS = 3_600;

/** AWS by its SDK. The addresses are made of the regions that are known, and of nothing that a client sends. */
export function createAwsBedrock(endpoints: AwsEndpoints, modelIds: readonly string[]): Bedrock {
  const clientOf = (service: "bedrock" | "bedrock-runtime" | "sts", credentials: AwsCredentials, region: string) => {
    if (!BEDROCK_REGIONS.includes(region)) throw new AwsError("UNKNOWN_REGION", "This is none of AWS's regions.");
    const other = service === "sts" ? endpoints.sts : endpoints.bedrock;
    return {
      region,
      endpoint: other ?? `https://${service}.${region}.amazonaws.com`,
      credentials: {
        accessKeyId: credentials.accessKeyId,
        secretAccessKey: credentials.secretAccessKey,
        ...(credentials.sessionToken && { sessionToken: credentials.sessionToken }),
      },
      // A bearer token in the platform's environment would take the place of the organization's key.
      authSchemePreference: ["aws.auth#sigv4"],
      maxAttempts: 1,
      retryMode: "standard",
      defaultsMode: "standard" as const,
      useFipsEndpoint: false,
      useDualstackEndpoint: false,
      // What the account's own log calls these calls by.
      userAgentAppId: "CloudThinker",
      requestHandler: new NodeHttpHandler({ ...CALL_LIMITS, throwOnRequestTimeout: true }),
    };
  };

  async function identify(key: ByokKey, deadline: AbortSignal): Promise<void> {
    await withClient(new STSClient(clientOf("sts", key, key.region)), async (sts) => {
      const command = new GetCallerIdentityCommand({});
      const { Arn, UserId } = await callAws((abortSignal) => sts.send(command, { abortSignal }), deadline);
      assertPresent(Arn ?? UserId);
    });
  }

  async function findProfile(key: ByokKey, modelId: string, deadline: AbortSignal): Promise<void> {
    await withClient(new BedrockClient(clientOf("bedrock", key, key.region)), async (bedrock) => {
      const profile = { inferenceProfileIdentifier: profileModelId(key.inferenceProfile, modelId) };
      const command = new GetInferenceProfileCommand(profile);
      const found = await callAws((abortSignal) => bedrock.send(command, { abortSignal }), deadline);
      assertPresent(found.inferenceProfileArn ?? found.inferenceProfileId ?? found.status);
    });
  }

  async function mint(credentials: AwsCredentials, region: string, deadline: AbortSignal): Promise<AwsSession> {
    return await withClient(new STSClient(clientOf("sts", credentials, region)), async (sts) => {
      const command = new GetSessionTokenCommand({ DurationSeconds: SESSION_SECONDS });
      const { Credentials: minted } = await callAws((abortSignal) => sts.send(command, { abortSignal }), deadline);
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
   * The rights to what a key is used for. The calls have no body that a model could work on: who may not make them is
   * told so before that is looked at.
   */
  async function tryPermissions(key: ByokKey, deadline: AbortSignal): Promise<void> {
    await withClient(new BedrockRuntimeClient(clientOf("bedrock-runtime", key, key.region)), async (runtime) => {
      const invocations = modelIds.flatMap((modelId) => {
        const id = profileModelId(key.inferenceProfile, modelId);
        const asked = { modelId: id, body: "{}", contentType: "application/json" };
        const [whole, streamed] = [new InvokeModelCommand(asked), new InvokeModelWithResponseStreamCommand(asked)];
        return [
          ignoreInvalidBody(callAws((abortSignal) => runtime.send(whole, { abortSignal }), deadline)),
          ignoreInvalidBody(callAws((abortSignal) => runtime.send(streamed, { abortSignal }), deadline)),
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
      // Of a key that nobody knows, nothing else can be said; it is not presented any further.
      if (!identity.ok) return [identity];
      const models = modelIds.map((modelId) => check("MODEL_ACCESS", modelId, findProfile(key, modelId, deadline)));
      return [identity, ...(await Promise.all([...models, check("PERMISSIONS", null, tryPermissions(key, deadline))]))];
    },
    mintSession: (credentials, region) => mint(credentials, region, awsDeadline()),
  };
}

/** Lets go of a client's connections, whatever came of its calls. */
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

/** An answer that lacks what was asked for comes from something that is not AWS. */
function assertPresent<Part>(part: Part | undefined): Part {
  if (part === undefined) throw new AwsError("UNREADABLE_ANSWER", "AWS answered without what it was asked for.");
  return part;
}

async function check(kind: ByokCheckKind, modelId: string | null, asked: Promise<void>): Promise<ByokCheck> {
  try {
    await asked;
    return { kind, modelId, ok: true, code: null, message: null };
  } catch (error) {
    const code = error instanceof AwsError ? error.code : "UNREADABLE_ANSWER";
    return { kind, modelId, ok: false, code, message: explainCheck(kind, code) };
  }
}

/** A body that cannot be worked on is refused after the right to send it was found. */
async function ignoreInvalidBody(call: Promise<unknown>): Promise<void> {
  await call.catch((error: unknown) => {
    if (!(error instanceof AwsError) || error.code !== "ValidationException") throw error;
  });
}

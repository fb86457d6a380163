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
  profileModelId,
} from "../domain/byok";
import { CALL_LIMITS, callAws } from "./aws-call";
import { AwsError, type Bedrock } from "./bedrock";
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
      requestHandler: new NodeHttpHandler({ ...CALL_LIMITS, throwOnRequestTimeout: true }),
    };
  };

  async function identify(key: ByokKey): Promise<void> {
    const sts = new STSClient(clientOf("sts", key, key.region));
    try {
      await callAws((abortSignal) => sts.send(new GetCallerIdentityCommand({}), { abortSignal }));
    } finally {
      sts.destroy();
    }
  }

  async function findProfile(key: ByokKey, modelId: string): Promise<void> {
    const bedrock = new BedrockClient(clientOf("bedrock", key, key.region));
    const inferenceProfileIdentifier = profileModelId(key.inferenceProfile, modelId);
    try {
      await callAws((abortSignal) =>
        bedrock.send(new GetInferenceProfileCommand({ inferenceProfileIdentifier }), { abortSignal }),
      );
    } finally {
      bedrock.destroy();
    }
  }

  /** A call without a body that a model could work on: who may not make it is told so before it is looked at. */
  async function tryInvoking(key: ByokKey): Promise<void> {
    const runtime = new BedrockRuntimeClient(clientOf("bedrock-runtime", key, key.region));
    try {
      for (const modelId of modelIds) {
        const asked = {
          modelId: profileModelId(key.inferenceProfile, modelId),
          body: "{}",
          contentType: "application/json",
        };
        await allowed(callAws((abortSignal) => runtime.send(new InvokeModelCommand(asked), { abortSignal })));
        await allowed(
          callAws((abortSignal) => runtime.send(new InvokeModelWithResponseStreamCommand(asked), { abortSignal })),
        );
      }
    } finally {
      runtime.destroy();
    }
  }

  return {
    modelIds,
    verify: async (key) => {
      const identity = await check("CREDENTIALS", null, identify(key));
      // Of a key that nobody knows, nothing else can be said; it is not presented any further.
      if (!identity.ok) return [identity];
      const models = modelIds.map((modelId) => check("MODEL_ACCESS", modelId, findProfile(key, modelId)));
      return [identity, ...(await Promise.all([...models, check("PERMISSIONS", null, tryInvoking(key))]))];
    },
    mintSession: async (credentials, region) => {
      const sts = new STSClient(clientOf("sts", credentials, region));
      try {
        const command = new GetSessionTokenCommand({ DurationSeconds: SESSION_SECONDS });
        const { Credentials: minted } = await callAws((abortSignal) => sts.send(command, { abortSignal }));
        if (!minted?.AccessKeyId || !minted.SecretAccessKey || !minted.SessionToken || !minted.Expiration) {
          throw new AwsError("UNREADABLE_ANSWER", "AWS minted no session.");
        }
        const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = minted;
        return { accessKeyId, secretAccessKey, sessionToken, expiresAt: minted.Expiration };
      } finally {
        sts.destroy();
      }
    },
  };
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
async function allowed(call: Promise<unknown>): Promise<void> {
  await call.catch((error: unknown) => {
    if (!(error instanceof AwsError) || error.code !== "ValidationException") throw error;
  });
}

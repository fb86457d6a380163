import { BedrockClient, GetInferenceProfileCommand } from "@aws-sdk/client-bedrock";
import {
  BedrockRuntimeClient,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from "@aws-sdk/client-bedrock-runtime";
import { GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from "@aws-sdk/client-sts";
import {
  type AwsCredentials,
  type ByokCheck,
  type ByokCheckKind,
  type ByokKey,
  isTemporaryKey,
  profileModelId,
} from "../../domain/byok";
import { type Span, traced } from "../../tracing/span";
import { AwsError, type AwsSession, type Bedrock } from "./bedrock";
import { awsDeadline, callAws } from "./call";
import { type AwsService, clientOptions } from "./client-options";
import { explainCheck } from "./explain-check";

/** Endpoints to use instead of AWS's own, for tests. */
export interface AwsEndpoints {
  bedrock: string | null;
  sts: string | null;
}

const SESSION_SECONDS = 3_600;

/** Calls AWS through its SDK. Host names are built from known regions only, never from client input. */
export function createAwsBedrock(endpoints: AwsEndpoints, modelIds: readonly string[]): Bedrock {
  return new AwsBedrock(endpoints, modelIds, null);
}

class AwsBedrock implements Bedrock {
  constructor(
    private readonly endpoints: AwsEndpoints,
    readonly modelIds: readonly string[],
    private readonly span: Span | null,
  ) {}

  withSpan(span: Span): Bedrock {
    return new AwsBedrock(this.endpoints, this.modelIds, span);
  }

  async verify(key: ByokKey): Promise<ByokCheck[]> {
    const deadline = awsDeadline();
    const identity = await check("CREDENTIALS", null, this.identify(key, deadline));
    // AWS does not know the key. Other checks would add nothing, and a rejected key is not sent again.
    if (!identity.ok) return [identity];
    const models = this.modelIds.map((modelId) =>
      check("MODEL_ACCESS", modelId, this.findProfile(key, modelId, deadline)),
    );
    const permissions = check("PERMISSIONS", null, this.tryPermissions(key, deadline));
    return [identity, ...(await Promise.all([...models, permissions]))];
  }

  mintSession(credentials: AwsCredentials, region: string): Promise<AwsSession> {
    return this.mint(credentials, region, awsDeadline());
  }

  private async identify(key: ByokKey, deadline: AbortSignal): Promise<void> {
    await withClient(new STSClient(this.clientOf("sts", key, key.region)), async (sts) => {
      const command = new GetCallerIdentityCommand({});
      const { Arn, UserId } = await this.call(
        "GetCallerIdentity",
        (abortSignal) => sts.send(command, { abortSignal }),
        deadline,
      );
      assertPresent(Arn ?? UserId);
    });
  }

  private async findProfile(key: ByokKey, modelId: string, deadline: AbortSignal): Promise<void> {
    await withClient(new BedrockClient(this.clientOf("bedrock", key, key.region)), async (bedrock) => {
      const profile = { inferenceProfileIdentifier: profileModelId(key.inferenceProfile, modelId) };
      const command = new GetInferenceProfileCommand(profile);
      const found = await this.call(
        "GetInferenceProfile",
        (abortSignal) => bedrock.send(command, { abortSignal }),
        deadline,
      );
      assertPresent(found.inferenceProfileArn ?? found.inferenceProfileId ?? found.status);
    });
  }

  private async mint(credentials: AwsCredentials, region: string, deadline: AbortSignal): Promise<AwsSession> {
    return await withClient(new STSClient(this.clientOf("sts", credentials, region)), async (sts) => {
      const command = new GetSessionTokenCommand({ DurationSeconds: SESSION_SECONDS });
      const send = (abortSignal: AbortSignal) => sts.send(command, { abortSignal });
      const { Credentials: minted } = await this.call("GetSessionToken", send, deadline);
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
  private async tryPermissions(key: ByokKey, deadline: AbortSignal): Promise<void> {
    await withClient(new BedrockRuntimeClient(this.clientOf("bedrock-runtime", key, key.region)), async (runtime) => {
      const invocations = this.modelIds.flatMap((modelId) => {
        const id = profileModelId(key.inferenceProfile, modelId);
        const input = { modelId: id, body: "{}", contentType: "application/json" };
        const [whole, streamed] = [new InvokeModelCommand(input), new InvokeModelWithResponseStreamCommand(input)];
        return [
          ignoreInvalidBody(this.call("InvokeModel", (abortSignal) => runtime.send(whole, { abortSignal }), deadline)),
          ignoreInvalidBody(
            this.call(
              "InvokeModelWithResponseStream",
              (abortSignal) => runtime.send(streamed, { abortSignal }),
              deadline,
            ),
          ),
        ];
      });
      const session = isTemporaryKey(key.accessKeyId) ? null : this.mint(key, key.region, deadline);
      const outcomes = await Promise.allSettled([session, ...invocations]);
      const failed = outcomes.find((outcome) => outcome.status === "rejected");
      if (failed) throw failed.reason;
    });
  }

  private clientOf(service: AwsService, credentials: AwsCredentials, region: string) {
    const override = service === "sts" ? this.endpoints.sts : this.endpoints.bedrock;
    return clientOptions({ service, override, credentials, region });
  }

  private call<Result>(
    action: string,
    send: (signal: AbortSignal) => Promise<Result>,
    deadline: AbortSignal,
  ): Promise<Result> {
    const attributes = { "rpc.system": "aws-api", "rpc.method": action };
    return traced(this.span, [`aws ${action}`, "client", attributes], () => callAws(send, deadline));
  }
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

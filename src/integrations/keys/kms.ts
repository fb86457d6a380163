import { DecryptCommand, EncryptCommand, KMSClient } from "@aws-sdk/client-kms";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { AwsError } from "../aws/bedrock";
import { awsDeadline, CALL_LIMITS, callAws } from "../aws/call";
import { type KeyWrapper, MasterKeyUnavailable } from "./key-wrapper";

/** Only these codes mean that the ciphertext does not belong to the key. All others count as an outage. */
const DOES_NOT_OPEN: ReadonlySet<string> = new Set(["InvalidCiphertextException", "IncorrectKeyException"]);
/** The maximum that KMS accepts. Longer ones get ValidationException, which can also mean a faulty request. */
const MAX_CIPHERTEXT_BYTES = 6_144;

/**
 * Uses master keys in AWS KMS, which never leave it. `keyId` wraps; data keys wrapped by other master keys can be
 * unwrapped too. KMS runs in the platform's own AWS account, with credentials from the process's environment. If
 * `keyId` is an ARN, it sets the region.
 */
export function createKmsKeyWrapper({ keyId, endpoint }: { keyId: string; endpoint: string | null }): KeyWrapper {
  const region = /^arn:[\w-]+:kms:([a-z0-9-]+):/.exec(keyId)?.[1];
  const kms = new KMSClient({
    ...(endpoint && { endpoint }),
    ...(region && { region }),
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({ ...CALL_LIMITS, throwOnRequestTimeout: true }),
  });
  const contextOf = (context: string) => ({ organization: context });
  return {
    masterKeyId: keyId,
    wrap: async (dataKey, context) => {
      const command = new EncryptCommand({ KeyId: keyId, Plaintext: dataKey, EncryptionContext: contextOf(context) });
      const wrapped = await callKms(async (abortSignal) => (await kms.send(command, { abortSignal })).CiphertextBlob);
      return { masterKeyId: keyId, wrapped };
    },
    unwrap: async ({ masterKeyId, wrapped }, context) => {
      if (wrapped.length === 0 || wrapped.length > MAX_CIPHERTEXT_BYTES)
        throw new Error("This is not a KMS ciphertext.");
      const input = { KeyId: masterKeyId, CiphertextBlob: wrapped, EncryptionContext: contextOf(context) };
      const command = new DecryptCommand(input);
      return await callKms(async (abortSignal) => (await kms.send(command, { abortSignal })).Plaintext);
    },
  };
}

/** Throws AwsError if the ciphertext does not belong to the key, and MasterKeyUnavailable for any other failure. */
async function callKms(call: (signal: AbortSignal) => Promise<Uint8Array | undefined>): Promise<Buffer> {
  const answer = await callAws(call, awsDeadline()).catch((error: unknown) => {
    if (!(error instanceof AwsError)) throw error;
    throw DOES_NOT_OPEN.has(error.code) ? error : new MasterKeyUnavailable(error.code);
  });
  if (!answer?.length) throw new MasterKeyUnavailable("UNREADABLE_ANSWER");
  return Buffer.from(answer);
}

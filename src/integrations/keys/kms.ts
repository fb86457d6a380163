import { DecryptCommand, EncryptCommand, KMSClient } from "@aws-sdk/client-kms";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { AwsError } from "../aws/bedrock";
import { awsDeadline, CALL_LIMITS, callAws } from "../aws/call";
import { type KeyWrapper, MasterKeyUnavailable } from "./key-wrapper";

/** With these alone KMS says that a ciphertext is not one of its key's; everything else is about the moment. */
const DOES_NOT_OPEN: ReadonlySet<string> = new Set(["InvalidCiphertextException", "IncorrectKeyException"]);
/** KMS takes no other ciphertexts, and answers ValidationException, which it also says of requests. */
const MAX_CIPHERTEXT_BYTES = 6_144;

/**
 * Master keys in AWS KMS: they never leave it. `keyId` wraps; whatever was wrapped by another one opens as well. This
 * is the platform's own AWS, reached with what the process's surroundings have for it; the region is the ARN's, where
 * `keyId` is one.
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
        throw new Error("This is no ciphertext of KMS.");
      const asked = { KeyId: masterKeyId, CiphertextBlob: wrapped, EncryptionContext: contextOf(context) };
      const command = new DecryptCommand(asked);
      return await callKms(async (abortSignal) => (await kms.send(command, { abortSignal })).Plaintext);
    },
  };
}

/** Throws AwsError where KMS says that a ciphertext does not open, and MasterKeyUnavailable whatever else goes wrong. */
async function callKms(call: (signal: AbortSignal) => Promise<Uint8Array | undefined>): Promise<Buffer> {
  const answer = await callAws(call, awsDeadline()).catch((error: unknown) => {
    if (!(error instanceof AwsError)) throw error;
    throw DOES_NOT_OPEN.has(error.code) ? error : new MasterKeyUnavailable(error.code);
  });
  if (!answer?.length) throw new MasterKeyUnavailable("UNREADABLE_ANSWER");
  return Buffer.from(answer);
}

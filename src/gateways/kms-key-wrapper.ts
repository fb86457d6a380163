import { DecryptCommand, EncryptCommand, KMSClient } from "@aws-sdk/client-kms";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { awsDeadline, CALL_LIMITS, callAws } from "./aws-call";
import type { KeyWrapper } from "./key-wrapper";

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
      const { CiphertextBlob } = await callAws((abortSignal) => kms.send(command, { abortSignal }), awsDeadline());
      if (!CiphertextBlob) throw new Error("KMS wrapped nothing.");
      return { masterKeyId: keyId, wrapped: Buffer.from(CiphertextBlob) };
    },
    unwrap: async ({ masterKeyId, wrapped }, context) => {
      const asked = { KeyId: masterKeyId, CiphertextBlob: wrapped, EncryptionContext: contextOf(context) };
      const command = new DecryptCommand(asked);
      const { Plaintext } = await callAws((abortSignal) => kms.send(command, { abortSignal }), awsDeadline());
      if (!Plaintext) throw new Error("KMS unwrapped nothing.");
      return Buffer.from(Plaintext);
    },
  };
}

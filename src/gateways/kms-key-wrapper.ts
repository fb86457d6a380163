import { DecryptCommand, EncryptCommand, KMSClient } from "@aws-sdk/client-kms";
import type { KeyWrapper } from "./key-wrapper";

/** Master keys in AWS KMS: they never leave it. `keyId` wraps; whatever was wrapped by another one opens as well. */
export function createKmsKeyWrapper({ keyId, endpoint }: { keyId: string; endpoint: string | null }): KeyWrapper {
  const kms = new KMSClient({ ...(endpoint && { endpoint }), maxAttempts: 3 });
  const contextOf = (context: string) => ({ organization: context });
  return {
    masterKeyId: keyId,
    wrap: async (dataKey, context) => {
      const command = new EncryptCommand({ KeyId: keyId, Plaintext: dataKey, EncryptionContext: contextOf(context) });
      const { CiphertextBlob } = await kms.send(command);
      if (!CiphertextBlob) throw new Error("KMS wrapped nothing.");
      return { masterKeyId: keyId, wrapped: Buffer.from(CiphertextBlob) };
    },
    unwrap: async ({ masterKeyId, wrapped }, context) => {
      const asked = { KeyId: masterKeyId, CiphertextBlob: wrapped, EncryptionContext: contextOf(context) };
      const { Plaintext } = await kms.send(new DecryptCommand(asked));
      if (!Plaintext) throw new Error("KMS unwrapped nothing.");
      return Buffer.from(Plaintext);
    },
  };
}

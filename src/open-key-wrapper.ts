import { type Config, parseKeys } from "./config";
import { developmentEncryptionKeys } from "./embedded/development/development-encryption-key";
import { createLocalKeyWrapper, type KeyWrapper } from "./gateways/key-wrapper";
import { createKmsKeyWrapper } from "./gateways/kms-key-wrapper";

/** What wraps data keys: AWS KMS, the configured master keys, or the one of a developer's data directory. */
export async function openKeyWrapper({ kms, encryptionKeys, dataDirectory }: Config): Promise<KeyWrapper> {
  if (kms) return createKmsKeyWrapper(kms);
  const keys = encryptionKeys ?? parseKeys(await developmentEncryptionKeys(dataDirectory));
  if (!keys) throw new Error("The data directory's encryption key cannot be read.");
  return createLocalKeyWrapper(keys);
}

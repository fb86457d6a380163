import type { Config } from "./config/config";
import { developmentEncryptionKeys } from "./development/development-encryption-key";
import { createLocalKeyWrapper, type KeyWrapper } from "./integrations/keys/key-wrapper";

/**
 * Opens the wrapper of data keys: AWS KMS, the configured master keys, or the master key in a developer's data
 * directory. With KMS, the configured master keys still open the keys that they wrapped, until `npm run keys:rotate` has
 * wrapped them again.
 */
export async function openKeyWrapper({ kms, encryptionKeys, dataDirectory }: Config): Promise<KeyWrapper> {
  if (!kms) {
    return createLocalKeyWrapper(encryptionKeys ?? (await developmentEncryptionKeys(dataDirectory)));
  }
  const { createKmsKeyWrapper } = require("./integrations/keys/kms") as typeof import("./integrations/keys/kms");
  const inKms = createKmsKeyWrapper(kms);
  if (!encryptionKeys) return inKms;
  const local = createLocalKeyWrapper(encryptionKeys);
  const ids = new Set(encryptionKeys.map(({ id }) => id));
  return { ...inKms, unwrap: (key, context) => (ids.has(key.masterKeyId) ? local : inKms).unwrap(key, context) };
}

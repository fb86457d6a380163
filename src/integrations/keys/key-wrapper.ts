import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { Unavailable } from "../../domain/denial";

/** A data key, encrypted by the named master key. */
export interface WrappedKey {
  masterKeyId: string;
  wrapped: Buffer;
}

/**
 * The master key cannot be used now: its key service does not answer, denies, throttles, or has disabled it. Wrapped
 * data keys are intact and can be unwrapped after the outage. `code` comes from the key service.
 */
export class MasterKeyUnavailable extends Unavailable {
  constructor(readonly code: string) {
    super(`The key service cannot be reached. Nothing was lost or changed. Try again in ${RETRY_SECONDS} seconds.`, {
      retryAfterSeconds: RETRY_SECONDS,
      cause: new Error(`the master key cannot be used now: ${code}`),
    });
    this.name = "MasterKeyUnavailable";
  }
}

/** The configuration lacks this master key. An operator must add it again; the message goes to the log. */
export class MasterKeyMissing extends MasterKeyUnavailable {
  constructor(masterKeyId: string) {
    super(`the encryption key '${masterKeyId}' is not configured`);
    this.name = "MasterKeyMissing";
  }
}

/** Wraps data keys with a master key. The same `context` is needed to unwrap. */
export interface KeyWrapper {
  /** The master key that `wrap` uses. */
  readonly masterKeyId: string;
  /** Throws MasterKeyUnavailable during an outage. */
  wrap(dataKey: Buffer, context: string): Promise<WrappedKey>;
  /** Throws MasterKeyUnavailable during an outage, and any other error if the data key is damaged or does not belong. */
  unwrap(key: WrappedKey, context: string): Promise<Buffer>;
}

const RETRY_SECONDS = 10;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts with AES-256-GCM. Returns initialization vector, tag and ciphertext, concatenated. */
export function encrypt(key: Buffer, plain: Buffer, context: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(Buffer.from(context));
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
}

/** Decrypts the result of `encrypt`. Throws unless key and context are the same. */
export function decrypt(key: Buffer, blob: Buffer, context: string): Buffer {
  if (blob.length < IV_BYTES + TAG_BYTES) throw new Error("The ciphertext is truncated.");
  const decipher = createDecipheriv("aes-256-gcm", key, blob.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(context)).setAuthTag(blob.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(blob.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
}

/** Uses master keys from the configuration: the first one wraps, all of them unwrap. */
export function createLocalKeyWrapper(keys: ReadonlyArray<{ id: string; key: Buffer }>): KeyWrapper {
  const [first] = keys;
  if (!first) throw new Error("There is no encryption key.");
  const contextOf = (masterKeyId: string, context: string) => `data-key:${masterKeyId}:${context}`;
  return {
    masterKeyId: first.id,
    wrap: async (dataKey, context) => ({
      masterKeyId: first.id,
      wrapped: encrypt(first.key, dataKey, contextOf(first.id, context)),
    }),
    unwrap: async ({ masterKeyId, wrapped }, context) => {
      const master = keys.find(({ id }) => id === masterKeyId);
      if (!master) throw new MasterKeyMissing(masterKeyId);
      return decrypt(master.key, wrapped, contextOf(masterKeyId, context));
    },
  };
}

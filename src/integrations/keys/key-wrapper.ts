import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { Unavailable } from "../../domain/denial";

/** A data key, wrapped by a master key that has a name. */
export interface WrappedKey {
  masterKeyId: string;
  wrapped: Buffer;
}

/**
 * A master key cannot be used now: whoever keeps it does not answer, denies, throttles, or has it switched off. That says
 * nothing of what it wrapped, which opens again when the outage is over. `code` is the keeper's own.
 */
export class MasterKeyUnavailable extends Unavailable {
  constructor(readonly code: string) {
    super(
      "The service that keeps our master keys cannot be reached. Nothing is lost and nothing was changed. Try again.",
      {
        retryAfterSeconds: RETRY_SECONDS,
        cause: new Error(`the master key cannot be used now: ${code}`),
      },
    );
    this.name = "MasterKeyUnavailable";
  }
}

/** A master key that the configuration does not have: an operator has to put it back, and is told. */
export class MasterKeyMissing extends MasterKeyUnavailable {
  constructor(masterKeyId: string) {
    super(`the encryption key '${masterKeyId}' is not configured`);
    this.name = "MasterKeyMissing";
  }
}

/** Keeps data keys under a master key. `context` is bound to the result: it opens under the same context alone. */
export interface KeyWrapper {
  /** The master key that wraps now. */
  readonly masterKeyId: string;
  /** Throws MasterKeyUnavailable during an outage. */
  wrap(dataKey: Buffer, context: string): Promise<WrappedKey>;
  /** Throws MasterKeyUnavailable during an outage, and something else where the key provably does not open. */
  unwrap(key: WrappedKey, context: string): Promise<Buffer>;
}

const RETRY_SECONDS = 10;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM: initialization vector, tag and ciphertext in one. */
export function encrypt(key: Buffer, plain: Buffer, context: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(Buffer.from(context));
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
}

/** Opens what `encrypt` made with the same key and context. Throws otherwise. */
export function decrypt(key: Buffer, blob: Buffer, context: string): Buffer {
  if (blob.length < IV_BYTES + TAG_BYTES) throw new Error("The ciphertext is cut off.");
  const decipher = createDecipheriv("aes-256-gcm", key, blob.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(context)).setAuthTag(blob.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(blob.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
}

/** Master keys from the configuration: the first wraps, all unwrap. */
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

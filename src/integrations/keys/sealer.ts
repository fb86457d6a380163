import { randomBytes } from "node:crypto";
import { type AwsCredentials, isTemporaryKey } from "../../domain/byok";
import { decrypt, encrypt, type KeyWrapper, MasterKeyUnavailable, type WrappedKey } from "./key-wrapper";

/** Credentials as stored: each field encrypted separately, under one data key that is wrapped by a master key. */
export interface SealedCredentials extends WrappedKey {
  accessKeyId: Buffer;
  secretAccessKey: Buffer;
  sessionToken: Buffer | null;
}

/** The stored credentials were altered or moved and cannot be decrypted. An outage is MasterKeyUnavailable instead. */
export class UnopenableCredentials extends Error {}

const DATA_KEY_BYTES = 32;
// Binds a field to its organization, column and sealing. Rows from before sealings had names have no sealing.
const contextOf = (organizationId: string, column: keyof AwsCredentials, sealing: string | null) =>
  [organizationId, column, ...(sealing === null ? [] : [sealing])].join(":");

/**
 * Seals an organization's credentials under a new data key. `sealing` names this version: a row restored from an older
 * version has another name and does not open.
 */
export async function seal(
  wrapper: KeyWrapper,
  organizationId: string,
  { accessKeyId, secretAccessKey, sessionToken }: AwsCredentials,
  sealing: string | null = null,
): Promise<SealedCredentials> {
  const dataKey = randomBytes(DATA_KEY_BYTES);
  const encryptField = (column: keyof AwsCredentials, text: string) =>
    encrypt(dataKey, Buffer.from(text), contextOf(organizationId, column, sealing));
  const sealed = {
    accessKeyId: encryptField("accessKeyId", accessKeyId),
    secretAccessKey: encryptField("secretAccessKey", secretAccessKey),
    sessionToken: sessionToken === null ? null : encryptField("sessionToken", sessionToken),
    ...(await wrapper.wrap(dataKey, organizationId)),
  };
  dataKey.fill(0);
  return sealed;
}

/**
 * Opens an organization's credentials. Throws MasterKeyUnavailable, or UnopenableCredentials with a message that holds
 * no secret.
 */
export async function open(
  wrapper: KeyWrapper,
  organizationId: string,
  sealed: SealedCredentials,
  sealing: string | null = null,
): Promise<AwsCredentials> {
  let dataKey: Buffer | null = null;
  try {
    const opened = await wrapper.unwrap(sealed, organizationId);
    dataKey = opened;
    const decryptField = (column: keyof AwsCredentials, blob: Buffer) =>
      decrypt(opened, blob, contextOf(organizationId, column, sealing)).toString();
    const credentials = {
      accessKeyId: decryptField("accessKeyId", sealed.accessKeyId),
      secretAccessKey: decryptField("secretAccessKey", sealed.secretAccessKey),
      sessionToken: sealed.sessionToken && decryptField("sessionToken", sealed.sessionToken),
    };
    // Decryption cannot notice a field that was deleted.
    const isComplete = isTemporaryKey(credentials.accessKeyId) === (credentials.sessionToken !== null);
    if (!isComplete) throw new Error("the session token is missing or does not belong");
    return credentials;
  } catch (error) {
    if (error instanceof MasterKeyUnavailable) throw error;
    const reason = error instanceof Error ? error.message : "unknown";
    throw new UnopenableCredentials(`The key of organization ${organizationId} cannot be decrypted: ${reason}`);
  } finally {
    dataKey?.fill(0);
  }
}

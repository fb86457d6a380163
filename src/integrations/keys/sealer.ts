import { randomBytes } from "node:crypto";
import { type AwsCredentials, isTemporaryKey } from "../../domain/byok";
import { decrypt, encrypt, type KeyWrapper, MasterKeyUnavailable, type WrappedKey } from "./key-wrapper";

/** Credentials as they are stored: each part sealed by itself, under a data key of their own that is wrapped. */
export interface SealedCredentials extends WrappedKey {
  accessKeyId: Buffer;
  secretAccessKey: Buffer;
  sessionToken: Buffer | null;
}

/** What is stored provably does not open: it was changed or moved. An outage of the master key is MasterKeyUnavailable. */
export class UnopenableCredentials extends Error {}

const DATA_KEY_BYTES = 32;
// A part opens in its own organization, column and sealing alone. What was sealed before sealings had names has none.
const contextOf = (organizationId: string, column: keyof AwsCredentials, sealing: string | null) =>
  [organizationId, column, ...(sealing === null ? [] : [sealing])].join(":");

/**
 * Seals credentials of one organization under a new data key. `sealing` names this one act of sealing: the result opens
 * under that name alone, so that an older one in its place does not.
 */
export async function seal(
  wrapper: KeyWrapper,
  organizationId: string,
  { accessKeyId, secretAccessKey, sessionToken }: AwsCredentials,
  sealing: string | null = null,
): Promise<SealedCredentials> {
  const dataKey = randomBytes(DATA_KEY_BYTES);
  const close = (column: keyof AwsCredentials, text: string) =>
    encrypt(dataKey, Buffer.from(text), contextOf(organizationId, column, sealing));
  const sealed = {
    accessKeyId: close("accessKeyId", accessKeyId),
    secretAccessKey: close("secretAccessKey", secretAccessKey),
    sessionToken: sessionToken === null ? null : close("sessionToken", sessionToken),
    ...(await wrapper.wrap(dataKey, organizationId)),
  };
  dataKey.fill(0);
  return sealed;
}

/**
 * Opens the credentials of an organization. Throws UnopenableCredentials, without saying what is in them, and
 * MasterKeyUnavailable.
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
    const openPart = (column: keyof AwsCredentials, blob: Buffer) =>
      decrypt(opened, blob, contextOf(organizationId, column, sealing)).toString();
    const credentials = {
      accessKeyId: openPart("accessKeyId", sealed.accessKeyId),
      secretAccessKey: openPart("secretAccessKey", sealed.secretAccessKey),
      sessionToken: sealed.sessionToken && openPart("sessionToken", sealed.sessionToken),
    };
    // A part that was taken away leaves nothing behind that could fail to open.
    const isWhole = isTemporaryKey(credentials.accessKeyId) === (credentials.sessionToken !== null);
    if (!isWhole) throw new Error("a part is missing");
    return credentials;
  } catch (error) {
    if (error instanceof MasterKeyUnavailable) throw error;
    const reason = error instanceof Error ? error.message : "unknown";
    throw new UnopenableCredentials(`The key of organization ${organizationId} does not open: ${reason}`);
  } finally {
    dataKey?.fill(0);
  }
}

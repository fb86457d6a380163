import { randomBytes } from "node:crypto";
import path from "node:path";
import { keepOnce } from "./keep-once";

/** The key of a data directory, in the form of ENCRYPTION_KEYS; made once, kept over restarts. */
export function developmentEncryptionKeys(dataDirectory: string): Promise<string> {
  const make = async () => `development:${randomBytes(32).toString("base64")}`;
  return keepOnce(path.join(dataDirectory, "encryption-keys"), make);
}

import { randomBytes } from "node:crypto";
import path from "node:path";
import { parseKeys } from "../config/environment";
import { createFileOnce } from "./create-file-once";

/** The encryption key of a data directory, stored in the format of ENCRYPTION_KEYS and created once. */
export function developmentEncryptionKeys(dataDirectory: string): Promise<Array<{ id: string; key: Buffer }>> {
  return createFileOnce({
    file: path.join(dataDirectory, "encryption-keys"),
    make: async () => `development:${randomBytes(32).toString("base64")}`,
    parse: (text) => {
      const keys = parseKeys(text.trim());
      if (!keys) throw new Error("no keys");
      return keys;
    },
    remedy:
      "Restore it from a backup, or set ENCRYPTION_KEYS: stored AWS keys cannot be decrypted without it. " +
      "If none are stored, delete the file; the next start creates a new one.",
  });
}

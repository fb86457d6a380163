import { randomBytes } from "node:crypto";
import path from "node:path";
import { parseKeys } from "../config/environment";
import { createFileOnce } from "./create-file-once";

/** The key of a data directory, in a file of the form of ENCRYPTION_KEYS; made once, kept over restarts. */
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
      "Restore it from a backup, or set ENCRYPTION_KEYS: AWS keys that were saved open with nothing else. " +
      "Where none was saved, delete the file, and the next start makes another.",
  });
}

import { createHash, randomBytes } from "node:crypto";

const TOKEN_BYTES = 32;

/** Only the SHA-256 hash of a link's token is stored. */
export function tokenHash(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

/** A new link with the hash of its secret token. */
export function newLink(appUrl: string): { link: string; hash: Buffer } {
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  return { link: `${appUrl}/invitations/${token}`, hash: tokenHash(token) };
}

import { createHash, randomBytes } from "node:crypto";
import type { LinkKey } from "../../store/link-key";

const SECRET_BYTES = 32;
const ORGANIZATION_BYTES = 16;

/** The key of a link's token. Only the SHA-256 hash of the whole token is stored. */
export function linkKey(token: string): LinkKey {
  const hash = createHash("sha256").update(token).digest();
  const bytes = Buffer.from(token, "base64url");
  const isNamed = bytes.length === ORGANIZATION_BYTES + SECRET_BYTES;
  return { hash, organizationId: isNamed ? uuidOf(bytes.subarray(0, ORGANIZATION_BYTES)) : null };
}

/** A new link with the hash of its token: the organization's id, which is no secret, and a random secret. */
export function newLink(appUrl: string, organizationId: string): { link: string; hash: Buffer } {
  const organization = Buffer.from(organizationId.replaceAll("-", ""), "hex");
  const token = Buffer.concat([organization, randomBytes(SECRET_BYTES)]).toString("base64url");
  return { link: `${appUrl}/invitations/${token}`, hash: linkKey(token).hash };
}

function uuidOf(bytes: Buffer): string {
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

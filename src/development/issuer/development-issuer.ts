import { randomUUID } from "node:crypto";
import path from "node:path";
import { exportJWK, generateKeyPair, importJWK, type JSONWebKeySet, type JWK, jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import { createFileOnce } from "../create-file-once";

/** Stands in for an identity provider on a developer's machine. */
export interface DevelopmentIssuer {
  issuer: string;
  audience: string;
  publicKeys: JSONWebKeySet;
  issue(
    person: { id: string; email: string; emailVerified: boolean; name: string },
    lifetime?: string,
  ): Promise<string>;
  issueForService(name: string, scopes: readonly string[]): Promise<string>;
}

const ISSUER = "urn:cloudthinker:development";
const AUDIENCE = "cloudthinker";
const LIFETIME = "12h";

/** Opens the issuer of a data directory. Its signing key is created once and survives restarts. */
export async function openDevelopmentIssuer(dataDirectory: string): Promise<DevelopmentIssuer> {
  const { d, ...publicKey } = await createFileOnce({
    file: path.join(dataDirectory, "development-issuer.json"),
    make: makeKey,
    parse: parseKey,
    remedy: "Delete it: the next start creates a new one, and everybody signs in again.",
  });
  const key = await importJWK({ ...publicKey, d }, "EdDSA");
  const sign = (claims: Record<string, unknown>, lifetime = LIFETIME) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: "EdDSA", kid: publicKey.kid })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setIssuedAt()
      .setExpirationTime(lifetime)
      .sign(key);
  return {
    issuer: ISSUER,
    audience: AUDIENCE,
    publicKeys: { keys: [publicKey] },
    issue: ({ id, email, emailVerified, name }, lifetime) =>
      sign({ sub: id, email, email_verified: emailVerified, name }, lifetime),
    issueForService: (name, scopes) => sign({ sub: name, client_id: name, scope: scopes.join(" ") }),
  };
}

async function makeKey(): Promise<string> {
  const { privateKey } = await generateKeyPair("EdDSA", { extractable: true });
  return JSON.stringify({ ...(await exportJWK(privateKey)), kid: randomUUID(), alg: "EdDSA" });
}

const Key = z.object({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  alg: z.literal("EdDSA"),
  kid: z.string().min(1),
  x: z.string(),
  d: z.string(),
});

/** Throws if the text is not a key, or its private and public halves do not match. */
async function parseKey(text: string): Promise<JWK & z.infer<typeof Key>> {
  const key = Key.parse(JSON.parse(text));
  const { d, ...publicKey } = key;
  const token = await new SignJWT({}).setProtectedHeader({ alg: "EdDSA" }).sign(await importJWK(key, "EdDSA"));
  await jwtVerify(token, await importJWK(publicKey, "EdDSA"));
  return key;
}

import { randomUUID } from "node:crypto";
import path from "node:path";
import { exportJWK, generateKeyPair, importJWK, type JSONWebKeySet, type JWK, SignJWT } from "jose";
import { keepOnce } from "./keep-once";

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

/** Opens the issuer of a data directory. Its key is made once, whoever comes first, and survives restarts. */
export async function openDevelopmentIssuer(dataDirectory: string): Promise<DevelopmentIssuer> {
  const { d, ...publicKey } = await keyOf(path.join(dataDirectory, "development-issuer.json"));
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

async function keyOf(file: string): Promise<JWK> {
  const kept = await keepOnce(file, async () => {
    const { privateKey } = await generateKeyPair("EdDSA", { extractable: true });
    return JSON.stringify({ ...(await exportJWK(privateKey)), kid: randomUUID(), alg: "EdDSA" });
  });
  return JSON.parse(kept) as JWK;
}

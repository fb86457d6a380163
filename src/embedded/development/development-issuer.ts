import { randomUUID } from "node:crypto";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { exportJWK, generateKeyPair, importJWK, type JSONWebKeySet, type JWK, SignJWT } from "jose";

/** Stands in for an identity provider on a developer's machine. */
export interface DevelopmentIssuer {
  issuer: string;
  audience: string;
  publicKeys: JSONWebKeySet;
  issue(person: { id: string; email: string; emailVerified: boolean; name: string }): Promise<string>;
  issueForService(name: string, scopes: readonly string[]): Promise<string>;
}

const ISSUER = "urn:cloudthinker:development";
const AUDIENCE = "cloudthinker";
const LIFETIME = "12h";

/** Opens the issuer of a data directory. Its key is made once, whoever comes first, and survives restarts. */
export async function openDevelopmentIssuer(dataDirectory: string): Promise<DevelopmentIssuer> {
  const { d, ...publicKey } = await keyOf(path.join(dataDirectory, "development-issuer.json"));
  const key = await importJWK({ ...publicKey, d }, "EdDSA");
  const sign = (claims: Record<string, unknown>) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: "EdDSA", kid: publicKey.kid })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setIssuedAt()
      .setExpirationTime(LIFETIME)
      .sign(key);
  return {
    issuer: ISSUER,
    audience: AUDIENCE,
    publicKeys: { keys: [publicKey] },
    issue: ({ id, email, emailVerified, name }) => sign({ sub: id, email, email_verified: emailVerified, name }),
    issueForService: (name, scopes) => sign({ sub: name, client_id: name, scope: scopes.join(" ") }),
  };
}

async function keyOf(file: string): Promise<JWK> {
  const known = await readFile(file, "utf8").catch(() => null);
  if (known) return JSON.parse(known) as JWK;
  const { privateKey } = await generateKeyPair("EdDSA", { extractable: true });
  const jwk = { ...(await exportJWK(privateKey)), kid: randomUUID(), alg: "EdDSA" };
  const part = `${file}.${randomUUID()}`;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(part, JSON.stringify(jwk), { mode: 0o600 });
  // A link fails where the file is there: of two that start together, one key wins.
  await link(part, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  await rm(part);
  return JSON.parse(await readFile(file, "utf8")) as JWK;
}

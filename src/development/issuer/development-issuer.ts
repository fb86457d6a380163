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
  issue(person: DevelopmentIdentity, lifetime?: string): Promise<string>;
  issueForService(name: string, scopes: readonly string[]): Promise<string>;
  /** The tokens of a person who signs in to a client, as an OIDC provider issues them. */
  signIn(person: DevelopmentIdentity, client: { id: string; nonce: string | null }): Promise<IssuedTokens>;
  /** New tokens for a refresh token; null for any other text. */
  refresh(refreshToken: string): Promise<IssuedTokens | null>;
}

export interface DevelopmentIdentity {
  id: string;
  email: string;
  emailVerified: boolean;
  name: string;
}

/** The response body of OIDC's token endpoint. */
export interface IssuedTokens {
  access_token: string;
  id_token: string;
  refresh_token: string;
  token_type: "Bearer";
  expires_in: number;
}

const ISSUER = "urn:cloudthinker:development";
const AUDIENCE = "cloudthinker";
const LIFETIME = "12h";
const ACCESS_SECONDS = 3600;
const REFRESH_LIFETIME = "30d";
const REFRESH_AUDIENCE = "urn:cloudthinker:development:refresh";

/** Opens the issuer of a data directory. Its signing key is created once and survives restarts. */
export async function openDevelopmentIssuer(dataDirectory: string): Promise<DevelopmentIssuer> {
  const { d, ...publicKey } = await createFileOnce({
    file: path.join(dataDirectory, "development-issuer.json"),
    make: makeKey,
    parse: parseKey,
    remedy: "Delete it: the next start creates a new one, and everybody signs in again.",
  });
  const key = await importJWK({ ...publicKey, d }, "EdDSA");
  const verificationKey = await importJWK(publicKey, "EdDSA");
  const sign = (claims: Record<string, unknown>, lifetime = LIFETIME) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: "EdDSA", kid: publicKey.kid })
      .setIssuer(ISSUER)
      .setAudience(typeof claims.aud === "string" ? claims.aud : AUDIENCE)
      .setIssuedAt()
      .setExpirationTime(lifetime)
      .sign(key);
  return {
    issuer: ISSUER,
    audience: AUDIENCE,
    signIn: (person, client) => tokensOf(sign, person, client),
    refresh: async (refreshToken) => {
      const verified = await jwtVerify(refreshToken, verificationKey, {
        issuer: ISSUER,
        audience: REFRESH_AUDIENCE,
      }).catch(() => null);
      const found = RefreshClaims.safeParse(verified?.payload);
      if (!found.success) return null;
      const { sub: id, email, email_verified: emailVerified, name, client_id } = found.data;
      return await tokensOf(sign, { id, email, emailVerified, name }, { id: client_id, nonce: null });
    },
    publicKeys: { keys: [publicKey] },
    issue: ({ id, email, emailVerified, name }, lifetime) =>
      sign({ sub: id, email, email_verified: emailVerified, name }, lifetime),
    issueForService: (name, scopes) => sign({ sub: name, client_id: name, scope: scopes.join(" ") }),
  };
}

type Sign = (claims: Record<string, unknown>, lifetime?: string) => Promise<string>;

async function tokensOf(
  sign: Sign,
  { id: sub, email, emailVerified, name }: DevelopmentIdentity,
  client: { id: string; nonce: string | null },
): Promise<IssuedTokens> {
  const claims = { sub, email, email_verified: emailVerified, name };
  return {
    access_token: await sign(claims, `${ACCESS_SECONDS}s`),
    id_token: await sign({ ...claims, aud: client.id, ...(client.nonce && { nonce: client.nonce }) }),
    refresh_token: await sign({ ...claims, aud: REFRESH_AUDIENCE, client_id: client.id }, REFRESH_LIFETIME),
    token_type: "Bearer",
    expires_in: ACCESS_SECONDS,
  };
}

const RefreshClaims = z.object({
  sub: z.string(),
  email: z.string(),
  email_verified: z.boolean(),
  name: z.string(),
  client_id: z.string(),
});

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

import { createHash } from "node:crypto";
import {
  createRemoteJWKSet,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from "jose";
import { LRUCache } from "lru-cache";
import type { Services } from "../commands/scope";
import { signIn } from "../commands/sign-in";
import { Denied } from "../domain/denial";
import { parseEmailAddress } from "../domain/email-address";
import { isSubject } from "../domain/identifier";
import { personName } from "../domain/text";
import { SERVICE_SCOPES, type ServiceScope, type Viewer } from "../domain/viewer";
import { Deadline } from "../store/deadline";
import { wholeSecond } from "../store/user";

/** Whose tokens are trusted. */
export interface TrustedIssuer {
  issuer: string;
  audience: string;
  keys: JWTVerifyGetKey;
}

/** Somebody, for as long as their token is good; the anonymous have none. */
export interface Session {
  viewer: Viewer;
  expiresAt: Date | null;
}

/** Turns the Authorization header into a session. Throws UNAUTHENTICATED for a token that is no good. */
export type Authenticate = (authorization: string | undefined) => Promise<Session>;

const ALGORITHMS = ["RS256", "ES256", "EdDSA"];
const REMEMBERED_TOKENS = 20_000;

/** No verdict on a token: the identity provider's keys cannot be had. */
const KEYS_OUT_OF_REACH = ["ERR_JOSE_GENERIC", "ERR_JWKS_INVALID", "ERR_JWKS_TIMEOUT"];
const LATEST_INSTANT_MS = Date.UTC(9999, 11, 31);

/** The keys of an identity provider, fetched when needed and kept; for a key that is not among them, at most once a second. */
export function remoteKeys(jwksUrl: string): JWTVerifyGetKey {
  return createRemoteJWKSet(new URL(jwksUrl), { timeoutDuration: 5_000, cooldownDuration: 1_000 });
}

/**
 * Verifies tokens and signs people in. A token that was good is remembered by its hash until it expires, so that a
 * signature is verified, and a person looked up, once per token and process. Looking up may take `deadlineMs`.
 */
export function createAuthenticate(services: Services, trusted: TrustedIssuer, deadlineMs: number): Authenticate {
  const remembered = new LRUCache<string, Session & { expiresAt: Date }>({ max: REMEMBERED_TOKENS });
  return async (authorization) => {
    if (!authorization) return { viewer: { kind: "anonymous" }, expiresAt: null };
    const token = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization)?.[1];
    if (!token) throw bad("Send the token as 'Authorization: Bearer TOKEN'.");
    const hash = createHash("sha256").update(token).digest("base64");
    const known = remembered.get(hash);
    if (known && known.expiresAt > services.clock.now()) return known;
    const claims = await verify(token, trusted, services.clock.now());
    const deadline = new Deadline(deadlineMs);
    const viewer = await deadline.limit(viewerOf(claims, { ...services, database: services.database.until(deadline) }));
    const session = { viewer, expiresAt: instantOf(claims.exp ?? 0) };
    remembered.set(hash, session);
    return session;
  };
}

async function verify(token: string, { issuer, audience, keys }: TrustedIssuer, now: Date): Promise<JWTPayload> {
  const options = { issuer, audience, algorithms: ALGORITHMS, requiredClaims: ["exp", "sub"], currentDate: now };
  try {
    return await verifiedByOne(token, keys, options);
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (code === "ERR_JWT_EXPIRED") throw bad("The token has expired.");
    if (!code?.startsWith("ERR_J") || KEYS_OUT_OF_REACH.includes(code)) throw error;
    throw bad("The token is not valid here.");
  }
}

/** A token that does not name its key is tried with each that it may have been signed with. */
async function verifiedByOne(token: string, keys: JWTVerifyGetKey, options: JWTVerifyOptions): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, keys, options)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    for await (const key of error) {
      const verified = await jwtVerify(token, key, options).catch((reason: unknown) => {
        if (!(reason instanceof errors.JWSSignatureVerificationFailed)) throw reason;
      });
      if (verified) return verified.payload;
    }
    throw error;
  }
}

async function viewerOf(claims: JWTPayload, services: Services): Promise<Viewer> {
  const sub: unknown = claims.sub;
  if (typeof sub !== "string" || !isSubject(sub)) {
    throw bad("The token's subject must have 1 to 255 printable characters.");
  }
  if (typeof claims.scope === "string" && claims.email == null) return serviceOf(claims, claims.scope, sub);
  const email = typeof claims.email === "string" ? parseEmailAddress(claims.email) : null;
  const name = personName(typeof claims.name === "string" ? claims.name : null, email);
  const identityAt = toldAt(claims.iat, services.clock.now());
  return await signIn(services, { id: sub, name, email, emailVerified: claims.email_verified === true, identityAt });
}

function serviceOf(claims: JWTPayload, scope: string, sub: string): Viewer {
  const told = scope.split(" ");
  const scopes = new Set<ServiceScope>(SERVICE_SCOPES.filter((known) => told.includes(known)));
  const name = typeof claims.client_id === "string" && isSubject(claims.client_id) ? claims.client_id : sub;
  return { kind: "service", name, scopes };
}

/** When the identity provider said it; never later than now, or nothing it says afterwards would count. */
function toldAt(issuedAt: number | undefined, now: Date): Date {
  return wholeSecond(instantOf(Math.min(issuedAt ?? Number.POSITIVE_INFINITY, now.getTime() / 1000)));
}

/** A token's seconds as an instant that can be stored. */
function instantOf(seconds: number): Date {
  return new Date(Math.min(Math.max(seconds * 1000, 0), LATEST_INSTANT_MS));
}

function bad(message: string): Denied {
  return new Denied("UNAUTHENTICATED", message);
}

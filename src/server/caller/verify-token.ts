import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from "jose";
import { Denied } from "../../domain/denial";
import { type KeySet, keysUnavailable, type ProviderKeys } from "./provider-keys";

/** The issuer whose tokens are trusted. */
export interface TrustedIssuer {
  issuer: string;
  audience: string;
  keys: ProviderKeys;
}

/** A token with a valid signature and valid times. */
export interface VerifiedToken {
  claims: JWTPayload & { exp: number };
  /** The name of the key that signed it (see provider-keys.ts). */
  signedBy: string;
}

const ALGORITHMS = ["RS256", "ES256", "EdDSA"];

/** How far the provider's clock may differ from ours, for `nbf` and `exp`. */
export const CLOCK_TOLERANCE_SECONDS = 5;
/** The longest time from `iat` (or now, without one) to `exp`: a leaked token must expire. */
export const LONGEST_LIFE_SECONDS = 24 * 60 * 60;

/**
 * Verifies a token. Throws UNAUTHENTICATED if it is invalid, and UNAVAILABLE if its key may be among those that could
 * not be read.
 */
export async function verifyToken(token: string, issuer: TrustedIssuer, now: Date): Promise<VerifiedToken> {
  assertPlausible(token, issuer, now);
  const { keys: providerKeys, ...expected } = issuer;
  const options: JWTVerifyOptions = {
    ...{ issuer: expected.issuer, audience: expected.audience, algorithms: ALGORITHMS },
    ...{ requiredClaims: ["exp", "sub"], currentDate: now, clockTolerance: CLOCK_TOLERANCE_SECONDS },
  };
  const known = await providerKeys.current();
  const first = await verifiedByOne(token, known, options);
  if ("claims" in first) return withinLife(first, now);
  const { keys, isCurrent } = await providerKeys.renewed(known);
  const second = keys === known ? first : await verifiedByOne(token, keys, options);
  if ("claims" in second) return withinLife(second, now);
  // The key that the token names is known and did not sign it, so other keys of the provider do not matter.
  const isDecided = isCurrent || (second.wasTried && decodeProtectedHeader(token).kid !== undefined);
  throw isDecided ? notValid() : keysUnavailable();
}

/** Refuses tokens that no key could make valid, before any keys are read. */
function assertPlausible(token: string, { issuer }: TrustedIssuer, now: Date): void {
  const claims = readable(() => decodeJwt(token));
  const { alg } = readable(() => decodeProtectedHeader(token));
  if (typeof claims.exp !== "number" || claims.iss !== issuer || !alg || !ALGORITHMS.includes(alg)) throw notValid();
  if (claims.exp + CLOCK_TOLERANCE_SECONDS <= now.getTime() / 1000) throw expired();
}

/**
 * Tries each key. `wasTried`: at least one key had the token's `kid` and algorithm, but the signature did not match.
 */
async function verifiedByOne(
  token: string,
  keys: KeySet,
  options: JWTVerifyOptions,
): Promise<VerifiedToken | { wasTried: boolean }> {
  let wasTried = false;
  for (const [signedBy, key] of keys) {
    try {
      const { payload } = await jwtVerify(token, key, options);
      return { claims: { ...payload, exp: Number(payload.exp) }, signedBy };
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw expired();
      if (error instanceof errors.JWTClaimValidationFailed) throw notValid();
      if (error instanceof errors.JWSSignatureVerificationFailed) wasTried = true;
      // Other errors mean that this key has another `kid` or algorithm, or is unusable. The next one may match.
    }
  }
  return { wasTried };
}

/** Refuses tokens that live too long. An impossible `iat` is ignored. */
function withinLife(token: VerifiedToken, now: Date): VerifiedToken {
  const { exp } = token.claims;
  const iat: unknown = token.claims.iat;
  const seconds = now.getTime() / 1000;
  const issuedAt = typeof iat === "number" && iat >= 0 && iat <= seconds + CLOCK_TOLERANCE_SECONDS ? iat : seconds;
  if (exp - issuedAt <= LONGEST_LIFE_SECONDS + CLOCK_TOLERANCE_SECONDS) return token;
  throw unauthenticated(
    `The token is valid for more than ${LONGEST_LIFE_SECONDS / 3600} hours. Use one that expires earlier.`,
  );
}

function readable<Value>(read: () => Value): Value {
  try {
    return read();
  } catch {
    throw notValid();
  }
}

const expired = () => unauthenticated("The token has expired. Sign in again.");
const notValid = () => unauthenticated("The token is not valid here. Sign in again.");

function unauthenticated(message: string): Denied {
  return new Denied("UNAUTHENTICATED", message);
}

import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from "jose";
import { Denied } from "../../domain/denial";
import { type KeySet, keysUnavailable, type ProviderKeys } from "./provider-keys";

/** Whose tokens are trusted. */
export interface TrustedIssuer {
  issuer: string;
  audience: string;
  keys: ProviderKeys;
}

/** A token whose signature and times are good. */
export interface VerifiedToken {
  claims: JWTPayload & { exp: number };
  /** The name of the key that it is signed with. */
  signedBy: string;
}

const ALGORITHMS = ["RS256", "ES256", "EdDSA"];

/** The provider's clock may differ from ours by so much, either way: for `nbf`, and for `exp`. */
export const CLOCK_TOLERANCE_SECONDS = 5;
/** From `iat` to `exp`, or from now where `iat` says nothing: a token that leaks must not be good for ever. */
export const LONGEST_LIFE_SECONDS = 24 * 60 * 60;

/** Verifies a token. Throws UNAUTHENTICATED where it is not good, UNAVAILABLE where that cannot be decided. */
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
  // The key that the token names is known, and says no: that is decided, whatever else the provider has.
  const isDecided = isCurrent || (second.wasTried && decodeProtectedHeader(token).kid !== undefined);
  throw isDecided ? notValid() : keysUnavailable();
}

/** What nobody's keys would make good is refused before the provider is asked for any. */
function assertPlausible(token: string, { issuer }: TrustedIssuer, now: Date): void {
  const claims = readable(() => decodeJwt(token));
  const { alg } = readable(() => decodeProtectedHeader(token));
  if (typeof claims.exp !== "number" || claims.iss !== issuer || !alg || !ALGORITHMS.includes(alg)) throw notValid();
  if (claims.exp + CLOCK_TOLERANCE_SECONDS <= now.getTime() / 1000) throw expired();
}

/** Tries each key that the token may have been signed with; `wasTried` where there was one. */
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
      // Another key may fit: this one has another name or kind, or is one that cannot be used at all.
    }
  }
  return { wasTried };
}

/** An `iat` that cannot be true says nothing. */
function withinLife(token: VerifiedToken, now: Date): VerifiedToken {
  const { exp } = token.claims;
  const iat: unknown = token.claims.iat;
  const seconds = now.getTime() / 1000;
  const issuedAt = typeof iat === "number" && iat >= 0 && iat <= seconds + CLOCK_TOLERANCE_SECONDS ? iat : seconds;
  if (exp - issuedAt <= LONGEST_LIFE_SECONDS + CLOCK_TOLERANCE_SECONDS) return token;
  throw unauthenticated(`The token is good for longer than ${LONGEST_LIFE_SECONDS / 3600} hours, and not accepted.`);
}

function readable<Part>(read: () => Part): Part {
  try {
    return read();
  } catch {
    throw notValid();
  }
}

const expired = () => unauthenticated("The token has expired.");
const notValid = () => unauthenticated("The token is not valid here.");

function unauthenticated(message: string): Denied {
  return new Denied("UNAUTHENTICATED", message);
}

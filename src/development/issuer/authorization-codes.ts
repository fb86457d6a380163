import { createHash, randomBytes } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { DevelopmentIdentity } from "./development-issuer";

const CODE_LIFETIME_MS = 60_000;
const MAX_CODES = 1_000;

/** The request of a client that sends a person to sign in. */
export interface AuthorizationRequest {
  clientId: string;
  redirectUri: string;
  /** The base64url SHA-256 of the verifier that the client keeps (PKCE, RFC 7636). */
  codeChallenge: string;
  nonce: string | null;
}

interface Grant extends AuthorizationRequest {
  person: DevelopmentIdentity;
}

/**
 * The authorization codes that were issued and not yet used. They are in memory: after a restart, people sign in again.
 */
export class AuthorizationCodes {
  private readonly grants = new LRUCache<string, Grant>({ max: MAX_CODES, ttl: CODE_LIFETIME_MS });

  issue(person: DevelopmentIdentity, request: AuthorizationRequest): string {
    const code = randomBytes(24).toString("base64url");
    this.grants.set(code, { ...request, person });
    return code;
  }

  /**
   * Redeems a code. Null if it is unknown, used, expired or issued for another client or address, or if the verifier is
   * wrong.
   */
  redeem(code: string, client: { clientId: string; redirectUri: string; codeVerifier: string }): Grant | null {
    const grant = this.grants.get(code);
    this.grants.delete(code);
    if (!grant || grant.clientId !== client.clientId || grant.redirectUri !== client.redirectUri) return null;
    const challenge = createHash("sha256").update(client.codeVerifier).digest("base64url");
    return challenge === grant.codeChallenge ? grant : null;
  }
}

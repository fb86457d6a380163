import { createHash } from "node:crypto";
import type { JWTPayload } from "jose";
import { LRUCache } from "lru-cache";
import type { Services } from "../../commands/runner/unit-of-work";
import { signIn } from "../../commands/user/sign-in";
import { Denied } from "../../domain/denial";
import { parseEmailAddress } from "../../domain/email-address";
import { isSubject } from "../../domain/identifier";
import { personName } from "../../domain/text";
import { SERVICE_SCOPES, type ServiceScope, type Viewer } from "../../domain/viewer";
import { Deadline } from "../../store/engine/deadline";
import { personTopic } from "../../store/events/notifier";
import { wholeSecond } from "../../store/user";
import { CLOCK_TOLERANCE_SECONDS, type TrustedIssuer, verifyToken } from "./verify-token";

/** Somebody, for as long as their token is good; the anonymous have none. */
export interface Session {
  viewer: Viewer;
  /** When the token says that it ends. What is live ends then; the tolerance of clocks is for requests alone. */
  expiresAt: Date | null;
  /** The name of the key that the token is signed with. */
  signedBy: string | null;
}

/** Turns the Authorization header into a session. Throws UNAUTHENTICATED for a token that is no good. */
export interface Authenticate {
  (authorization: string | undefined): Promise<Session>;
  /** Whether the provider still had the key of a session's token when its keys were last read. */
  trusts(session: Pick<Session, "signedBy">): boolean;
  /** Forgets what is remembered of the people with these topics, who have changed; null: of everybody. */
  forget(topics: readonly string[] | null): void;
}

const REMEMBERED_TOKENS = 20_000;
/** A token is verified again, and its person read again, after so long. */
const REMEMBERED_MS = 5 * 60_000;
const LATEST_INSTANT_MS = Date.UTC(9999, 11, 31);

interface Remembered {
  session: Session & { signedBy: string };
  until: number;
  topic: string | null;
}

/**
 * Verifies tokens and signs people in. A token that was good is remembered by its hash for some minutes, while the
 * provider has its key, so that its signature is verified and its person looked up once in that time and process.
 * Looking up may take `deadlineMs`.
 */
export function createAuthenticate(services: Services, trusted: TrustedIssuer, deadlineMs: number): Authenticate {
  const remembered = new RememberedTokens();
  const authenticate = async (authorization: string | undefined): Promise<Session> => {
    if (!authorization) return { viewer: { kind: "anonymous" }, expiresAt: null, signedBy: null };
    const token = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization)?.[1];
    if (!token) throw invalidToken("Send the token as 'Authorization: Bearer TOKEN'.");
    const hash = createHash("sha256").update(token).digest("base64");
    const now = services.clock.now();
    const known = remembered.get(hash, now);
    // A token is good for as long as its key: it is looked for among the provider's current keys each time.
    if (known && (await trusted.keys.current()).has(known.signedBy)) return known;
    const { claims, signedBy } = await verifyToken(token, trusted, now);
    const deadline = new Deadline(deadlineMs);
    const limited = { ...services, database: services.database.withDeadline(deadline) };
    const viewer = await deadline.limit(viewerOf(claims, limited, remembered.has(hash)));
    const session = { viewer, expiresAt: instantOf(claims.exp), signedBy };
    remembered.set(hash, session, now);
    return session;
  };
  return Object.assign(authenticate, {
    trusts: ({ signedBy }: Pick<Session, "signedBy">) => signedBy === null || trusted.keys.has(signedBy),
    forget: (topics: readonly string[] | null) => remembered.forget(topics),
  });
}

/** Sessions by the hashes of their tokens, and the hashes by whose they are. */
class RememberedTokens {
  private readonly tokens = new LRUCache<string, Remembered>({
    max: REMEMBERED_TOKENS,
    dispose: ({ topic }, hash) => this.unlist(topic, hash),
  });
  private readonly hashes = new Map<string, Set<string>>();

  get(hash: string, now: Date): Remembered["session"] | null {
    const known = this.tokens.get(hash);
    return known && now.getTime() < known.until ? known.session : null;
  }

  /** Whether a token has been seen here before, whether or not it has to be verified again. */
  has(hash: string): boolean {
    return this.tokens.has(hash);
  }

  set(hash: string, session: Remembered["session"], now: Date): void {
    const { viewer, expiresAt } = session;
    const end = (expiresAt?.getTime() ?? 0) + CLOCK_TOLERANCE_SECONDS * 1000;
    const topic = viewer.kind === "person" ? personTopic(viewer.id) : null;
    this.tokens.set(hash, { session, until: Math.min(end, now.getTime() + REMEMBERED_MS), topic });
    if (topic) this.hashes.set(topic, (this.hashes.get(topic) ?? new Set()).add(hash));
  }

  forget(topics: readonly string[] | null): void {
    const hashes =
      topics === null ? this.tokens.keys() : topics.flatMap((topic) => [...(this.hashes.get(topic) ?? [])]);
    for (const hash of hashes) {
      const known = this.tokens.peek(hash);
      if (known) known.until = 0;
    }
  }

  private unlist(topic: string | null, hash: string): void {
    const hashes = topic ? this.hashes.get(topic) : undefined;
    hashes?.delete(hash);
    if (topic && hashes?.size === 0) this.hashes.delete(topic);
  }
}

async function viewerOf(claims: JWTPayload, services: Services, isKnown: boolean): Promise<Viewer> {
  const sub: unknown = claims.sub;
  if (typeof sub !== "string" || !isSubject(sub)) {
    throw invalidToken("The token's subject must have 1 to 255 printable characters.");
  }
  if (typeof claims.scope === "string" && claims.email == null) return serviceOf(claims, claims.scope, sub);
  const email = typeof claims.email === "string" ? parseEmailAddress(claims.email) : null;
  const emailVerified = email !== null && isVerified(claims.email_verified);
  const name = personName(typeof claims.name === "string" ? claims.name : null, emailVerified ? email : null);
  const identityAt = issuedAt(claims.iat, services.clock.now());
  return await signIn(services, { id: sub, name, email, emailVerified, identityAt }, isKnown);
}

/** Several providers send the claim as text. Anything else than these two is no. */
function isVerified(claim: unknown): boolean {
  return claim === true || claim === "true";
}

function serviceOf(claims: JWTPayload, scope: string, sub: string): Viewer {
  const told = scope.split(" ");
  const scopes = new Set<ServiceScope>(SERVICE_SCOPES.filter((known) => told.includes(known)));
  const name = typeof claims.client_id === "string" && isSubject(claims.client_id) ? claims.client_id : sub;
  return { kind: "service", name, scopes };
}

/** When the identity provider said it; never later than now, or nothing it says afterwards would count. */
function issuedAt(issuedAt: unknown, now: Date): Date {
  const told = typeof issuedAt === "number" && !Number.isNaN(issuedAt) ? issuedAt : Number.POSITIVE_INFINITY;
  return wholeSecond(instantOf(Math.min(told, now.getTime() / 1000)));
}

/** A token's seconds as an instant that can be stored. */
function instantOf(seconds: number): Date {
  return new Date(Math.min(Math.max(seconds * 1000, 0), LATEST_INSTANT_MS));
}

function invalidToken(message: string): Denied {
  return new Denied("UNAUTHENTICATED", message);
}

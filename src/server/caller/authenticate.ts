import { hash as digest } from "node:crypto";
import type { JWTPayload } from "jose";
import { LRUCache } from "lru-cache";
import { tracedServices } from "../../commands/runner/traced-services";
import type { Services } from "../../commands/runner/unit-of-work";
import { personOf, signIn } from "../../commands/user/sign-in";
import { Denied } from "../../domain/denial";
import { parseEmailAddress } from "../../domain/email-address";
import { isSubject } from "../../domain/identifier";
import { personName } from "../../domain/text";
import { SERVICE_SCOPES, type ServiceScope, type Viewer } from "../../domain/viewer";
import { Deadline } from "../../store/engine/deadline";
import { personTopic } from "../../store/events/notifier";
import { findUser, wholeSecond } from "../../store/user";
import { type Span, traced } from "../../tracing/span";
import type { LastSeen } from "./last-seen";
import { CLOCK_TOLERANCE_SECONDS, type TrustedIssuer, verifyToken } from "./verify-token";

/** The viewer of a token, and how long the token is valid. */
export interface Session {
  viewer: Viewer;
  /**
   * The token's `exp`; null for anonymous viewers. Streams end at this instant: clock tolerance applies to requests
   * only.
   */
  expiresAt: Date | null;
  /** The name of the key that signed the token (see provider-keys.ts). */
  signedBy: string | null;
  /** Until when the person counts as unchanged, in milliseconds; 0 once they have changed. */
  unchangedUntil: number;
}

export const ANONYMOUS: Session = {
  viewer: { kind: "anonymous" },
  expiresAt: null,
  signedBy: null,
  unchangedUntil: Number.POSITIVE_INFINITY,
};

/** Turns the Authorization header into a session, as a part of `span`. Throws UNAUTHENTICATED for an invalid token. */
export interface Authenticate {
  (authorization: string | undefined, span?: Span | null): Promise<Session>;
  /** The session's viewer with the newest known name and address, for connections that outlast many operations. */
  currentViewer(session: Session): Promise<Viewer>;
  /** Whether the key that signed the session's token was among the provider's keys when they were last read. */
  trusts(session: Pick<Session, "signedBy">): boolean;
  /** Drops the cached sessions of the people with these topics, because the people have changed; null: of everybody. */
  forget(topics: readonly string[] | null): void;
}

const CACHED_TOKENS = 20_000;
/** After this time a token is verified again, and its person read again. */
const CACHE_MS = 5 * 60_000;
const LATEST_INSTANT_MS = Date.UTC(9999, 11, 31);

type CachedSession = Session & { signedBy: string };

/**
 * Verifies tokens and signs people in. The sessions of valid tokens are cached by the token's hash for five minutes per
 * process, so that most requests verify no signature and look up no person. `deadlineMs` limits the look-up. `lastSeen`
 * gets every person with a valid token.
 */
export function createAuthenticate(
  services: Services,
  trusted: TrustedIssuer,
  deadlineMs: number,
  lastSeen: Pick<LastSeen, "note">,
): Authenticate {
  const cache = new TokenCache();
  const identify = async (authorization: string | undefined, span: Span | null): Promise<Session> => {
    if (!authorization) return ANONYMOUS;
    const token = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization)?.[1];
    if (!token) throw invalidToken("Send the token as 'Authorization: Bearer TOKEN'.");
    const hash = digest("sha256", token, "base64");
    const now = services.clock.now();
    const cached = cache.get(hash, now);
    // The provider may have withdrawn the key since the token was cached.
    if (cached && (await trusted.keys.current()).has(cached.signedBy)) return cached;
    const { claims, signedBy } = await verifyToken(token, trusted, now);
    const viewer = await traced(span, ["sign in"], (within) =>
      limited(services, deadlineMs, (timed) => viewerOf(claims, tracedServices(timed, within), cache.has(hash))),
    );
    const expiresAt = instantOf(claims.exp);
    const end = expiresAt.getTime() + CLOCK_TOLERANCE_SECONDS * 1000;
    const session = { viewer, expiresAt, signedBy, unchangedUntil: Math.min(end, now.getTime() + CACHE_MS) };
    cache.set(hash, session);
    return session;
  };
  const authenticate = async (authorization: string | undefined, span: Span | null = null): Promise<Session> => {
    const session = await identify(authorization, span);
    if (session.viewer.kind === "person") lastSeen.note(session.viewer.id, services.clock.now());
    return session;
  };
  const currentViewer = async ({ viewer, unchangedUntil }: Session): Promise<Viewer> => {
    if (viewer.kind !== "person" || services.clock.now().getTime() < unchangedUntil) return viewer;
    const { id } = viewer;
    const stored = await limited(services, deadlineMs, ({ database }) => findUser(database, id));
    return stored ? personOf(stored) : viewer;
  };
  return Object.assign(authenticate, {
    currentViewer,
    trusts: ({ signedBy }: Pick<Session, "signedBy">) => signedBy === null || trusted.keys.has(signedBy),
    forget: (topics: readonly string[] | null) => cache.forget(topics),
  });
}

/** Sessions by token hash, and the token hashes of each person. */
class TokenCache {
  private readonly tokens = new LRUCache<string, CachedSession>({
    max: CACHED_TOKENS,
    dispose: ({ viewer }, hash) => this.unlist(topicOf(viewer), hash),
  });
  private readonly hashes = new Map<string, Set<string>>();

  get(hash: string, now: Date): CachedSession | null {
    const cached = this.tokens.get(hash);
    return cached && now.getTime() < cached.unchangedUntil ? cached : null;
  }

  /** Whether this process verified the token before, even if the cached session has expired. */
  has(hash: string): boolean {
    return this.tokens.has(hash);
  }

  set(hash: string, session: CachedSession): void {
    const topic = topicOf(session.viewer);
    this.tokens.set(hash, session);
    if (topic) this.hashes.set(topic, (this.hashes.get(topic) ?? new Set()).add(hash));
  }

  forget(topics: readonly string[] | null): void {
    const hashes =
      topics === null ? this.tokens.keys() : topics.flatMap((topic) => [...(this.hashes.get(topic) ?? [])]);
    for (const hash of hashes) {
      const cached = this.tokens.peek(hash);
      if (cached) cached.unchangedUntil = 0;
    }
  }

  private unlist(topic: string | null, hash: string): void {
    const hashes = topic ? this.hashes.get(topic) : undefined;
    hashes?.delete(hash);
    if (topic && hashes?.size === 0) this.hashes.delete(topic);
  }
}

function topicOf(viewer: Viewer): string | null {
  return viewer.kind === "person" ? personTopic(viewer.id) : null;
}

/** Runs `work` with a database whose statements end after `deadlineMs`. */
async function limited<Result>(
  services: Services,
  deadlineMs: number,
  work: (timed: Services) => Promise<Result>,
): Promise<Result> {
  const deadline = new Deadline(deadlineMs);
  return await deadline.limit(work({ ...services, database: services.database.withDeadline(deadline) }));
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

/** Several providers send the claim as text. */
function isVerified(claim: unknown): boolean {
  return claim === true || claim === "true";
}

function serviceOf(claims: JWTPayload, scope: string, sub: string): Viewer {
  const claimed = scope.split(" ");
  const scopes = new Set<ServiceScope>(SERVICE_SCOPES.filter((known) => claimed.includes(known)));
  const name = typeof claims.client_id === "string" && isSubject(claims.client_id) ? claims.client_id : sub;
  return { kind: "service", name, scopes };
}

/** The token's `iat`, at most now: a later instant would outrank every later token. */
function issuedAt(issuedAt: unknown, now: Date): Date {
  const claimed = typeof issuedAt === "number" && !Number.isNaN(issuedAt) ? issuedAt : Number.POSITIVE_INFINITY;
  return wholeSecond(instantOf(Math.min(claimed, now.getTime() / 1000)));
}

/** A token's seconds as an instant that PostgreSQL and ISO 8601 can represent. */
function instantOf(seconds: number): Date {
  return new Date(Math.min(Math.max(seconds * 1000, 0), LATEST_INSTANT_MS));
}

function invalidToken(message: string): Denied {
  return new Denied("UNAUTHENTICATED", message);
}

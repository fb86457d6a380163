import { hash as digest } from "node:crypto";
import type { JWTPayload } from "jose";
import { tracedServices } from "../../commands/runner/traced-services";
import type { Services } from "../../commands/runner/unit-of-work";
import { personOf, signIn } from "../../commands/user/sign-in";
import { Denied } from "../../domain/denial";
import { parseEmailAddress } from "../../domain/email-address";
import { isSubject } from "../../domain/identifier";
import { personName } from "../../domain/text";
import { type Person, SERVICE_SCOPES, type ServiceScope, type Viewer } from "../../domain/viewer";
import { Deadline } from "../../store/engine/deadline";
import { findUser, wholeSecond } from "../../store/user";
import { type Span, traced } from "../../tracing/span";
import type { LastSeen } from "./last-seen";
import { TokenCache, type TokenSession } from "./token-cache";
import { type TrustedIssuer, verifyToken } from "./verify-token";

/** The viewer of a token, and how long the token is valid. */
export type Session = TokenSession | typeof ANONYMOUS;

export const ANONYMOUS = {
  viewer: { kind: "anonymous" },
  expiresAt: null,
  signedBy: null,
  tokenHash: null,
} as const;

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

const LATEST_INSTANT_MS = Date.UTC(9999, 11, 31);

/**
 * Verifies tokens and signs people in. The sessions of valid tokens are cached per process, so that most requests verify
 * no signature and look up no person. `deadlineMs` limits the look-up. `lastSeen` gets every person with a valid token.
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
    const tokenHash = digest("sha256", token, "base64");
    const now = services.clock.now();
    const cached = cache.get(tokenHash, now);
    // The provider may have withdrawn the key since the token was cached.
    if (cached && (await trusted.keys.current()).has(cached.signedBy)) return cached;
    const { claims, signedBy } = await verifyToken(token, trusted, now);
    const expiresAt = instantOf(claims.exp);
    return await cache.load({ tokenHash, expiresAt, signedBy }, now, () =>
      traced(span, ["sign in"], (within) =>
        limited(services, deadlineMs, (timed) => viewerOf(claims, tracedServices(timed, within), cache.has(tokenHash))),
      ),
    );
  };
  const authenticate = async (authorization: string | undefined, span: Span | null = null): Promise<Session> => {
    const session = await identify(authorization, span);
    if (session.viewer.kind === "person") lastSeen.note(session.viewer.id, services.clock.now());
    return session;
  };
  const currentViewer = async (session: Session): Promise<Viewer> => {
    const { viewer, tokenHash } = session;
    if (viewer.kind !== "person" || tokenHash === null) return viewer;
    const now = services.clock.now();
    const cached = cache.get(tokenHash, now) ?? (await cache.load(session, now, () => readAgain(viewer)));
    return cached.viewer;
  };
  const readAgain = async (person: Person): Promise<Viewer> => {
    const stored = await limited(services, deadlineMs, ({ database }) => findUser(database, person.id));
    return stored ? personOf(stored) : person;
  };
  return Object.assign(authenticate, {
    currentViewer,
    trusts: ({ signedBy }: Pick<Session, "signedBy">) => signedBy === null || trusted.keys.has(signedBy),
    forget: (topics: readonly string[] | null) => cache.forget(topics),
  });
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

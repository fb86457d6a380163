/** The scopes a service token may carry. */
export const SERVICE_SCOPES = [
  "users:provision",
  "usage:write",
  "credentials:read",
  "entities:read",
  "permissions:read",
  "events:read",
] as const;
export type ServiceScope = (typeof SERVICE_SCOPES)[number];

/** A signed-in person, as the identity provider last described them. */
export interface Person {
  kind: "person";
  id: string;
  name: string;
  email: string | null;
  emailVerified: boolean;
}

/** Another service of the platform. */
export interface Service {
  kind: "service";
  name: string;
  scopes: ReadonlySet<ServiceScope>;
}

/** The caller of a request. */
export type Viewer = Person | Service | { kind: "anonymous" };

/** The author of a change: a caller, or the service itself in its jobs. */
export type Actor = Person | Service | { kind: "system" };

/** The actor's label in the audit log: 'user:<id>', 'service:<name>' or 'system'. */
export function actorLabel(actor: Actor): string {
  if (actor.kind === "person") return `user:${actor.id}`;
  return actor.kind === "service" ? `service:${actor.name}` : "system";
}

/** Whether the viewer is a service whose token has the scope. */
export function hasScope(viewer: Viewer | Actor, scope: ServiceScope): boolean {
  return viewer.kind === "service" && viewer.scopes.has(scope);
}

/** The viewer's e-mail address if the identity provider has verified it, otherwise null. */
export function verifiedEmail(viewer: Viewer): string | null {
  return viewer.kind === "person" && viewer.emailVerified ? viewer.email : null;
}

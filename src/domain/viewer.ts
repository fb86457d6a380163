/** The scopes a service token may carry. */
export const SERVICE_SCOPES = ["users:provision", "usage:write", "credentials:read", "entities:read"] as const;
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

/** Who asks. */
export type Viewer = Person | Service | { kind: "anonymous" };

/** Who acts: a viewer, or the service itself in its jobs. */
export type Actor = Person | Service | { kind: "system" };

/** The actor as the audit log names them: 'user:<id>', 'service:<name>' or 'system'. */
export function actorLabel(actor: Actor): string {
  if (actor.kind === "person") return `user:${actor.id}`;
  return actor.kind === "service" ? `service:${actor.name}` : "system";
}

/** Whether a service may, by its token's scopes. */
export function hasScope(viewer: Viewer | Actor, scope: ServiceScope): boolean {
  return viewer.kind === "service" && viewer.scopes.has(scope);
}

/** The address under which invitations reach somebody: their e-mail, once the identity provider verified it. */
export function verifiedEmail(viewer: Viewer): string | null {
  return viewer.kind === "person" && viewer.emailVerified ? viewer.email : null;
}

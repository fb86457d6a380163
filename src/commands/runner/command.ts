import type { OrganizationPermission, WorkspacePermission } from "../../domain/permission";
import type { Person, ServiceScope, Viewer } from "../../domain/viewer";
import type { Reader } from "../../store/engine/statement";
import type { ActorMembership } from "../../store/member";
import {
  admitMember,
  admitToWorkspace,
  asPerson,
  inOrganization,
  type Requirement,
  requireMembership,
} from "./authorize";
import type { Preview } from "./dry-run";
import type {
  MemberUnitOfWork,
  OrganizationUnitOfWork,
  Services,
  UnitOfWork,
  WorkspaceUnitOfWork,
} from "./unit-of-work";

/** One mutation: who may run it, which organization it locks, and its steps. The outcome is plain data, mostly ids. */
export interface Command<Input, Outcome> {
  requires: Requirement;
  /** True if `run` sends a single statement, which needs no transaction around it. */
  isOneStatement?: true;
  /** Throws RATE_LIMITED, before the first look-up. */
  limit?(services: Services, viewer: Viewer): void;
  organizationOf(reader: Reader, viewer: Viewer, input: Input): Promise<string | null>;
  /**
   * Runs before the transaction: for calls to AWS or the payment provider, and for slow work. `run` gets its result. It
   * must check the viewer's right itself; `run` checks again under the lock. `idempotencyKey` is for calls to other
   * services, and the same for a retried request.
   */
  prepare?(services: Services, viewer: Viewer, input: Input, idempotencyKey: string): Promise<unknown>;
  /** Replaces `prepare` in a dry run: makes the same decisions by calls that only read. */
  preview?(services: Services, viewer: Viewer, input: Input): Promise<Preview>;
  run(unit: UnitOfWork, input: Input, prepared: unknown): Promise<Outcome>;
  /**
   * Returns the part of the outcome that is stored for a repeat, without a secret that is shown once. The response is
   * then not stored.
   */
  storedForRepeat?(outcome: Outcome): Outcome;
  /** For commands without an organization: runs with the same key take turns within the process. */
  mutexKeyOf?(viewer: Viewer): string;
  /** Best effort: does not run if the process ends after the commit. */
  afterCommit?(services: Services, outcome: Outcome): void;
}

interface InOrganization {
  organizationId: string;
}

/** A command for the organization's members: those with `permission`, or all of them for null. */
export function memberCommand<Input extends InOrganization, Outcome, Prepared = undefined>(definition: {
  permission: OrganizationPermission | null;
  deletedToo?: boolean;
  /** See Command.prepare; the membership and permission are checked before it runs. */
  prepare?(services: Services, membership: ActorMembership, input: Input, idempotencyKey: string): Promise<Prepared>;
  /** See Command.preview; checked like `prepare`. */
  preview?(services: Services, membership: ActorMembership, input: Input): Promise<Preview<Prepared>>;
  /** See Command.storedForRepeat. */
  storedForRepeat?(outcome: Outcome): Outcome;
  run(unit: MemberUnitOfWork, input: Input, prepared: Prepared): Promise<Outcome>;
}): Command<Input, Outcome> {
  const { permission, deletedToo = false, prepare, preview, storedForRepeat } = definition;
  const membershipOf = (services: Services, viewer: Viewer, input: Input) =>
    requireMembership(services.database, input.organizationId, asPerson(viewer).id, permission);
  return {
    requires: { of: "member", permission, deletedToo },
    ...(storedForRepeat && { storedForRepeat }),
    organizationOf: async (_reader, _viewer, input) => input.organizationId,
    ...(prepare && {
      prepare: async (services: Services, viewer: Viewer, input: Input, idempotencyKey: string) =>
        prepare(services, await membershipOf(services, viewer, input), input, idempotencyKey),
    }),
    ...(preview && {
      preview: async (services: Services, viewer: Viewer, input: Input) =>
        preview(services, await membershipOf(services, viewer, input), input),
    }),
    run: async (unit, input, prepared) =>
      definition.run(await admitMember(unit, permission), input, prepared as Prepared),
  };
}

/** A command on one workspace, for those whose effective role in it has `permission`. */
export function workspaceCommand<Input extends InOrganization & { workspaceId: string }, Outcome>(definition: {
  permission: WorkspacePermission;
  run(unit: WorkspaceUnitOfWork, input: Input): Promise<Outcome>;
}): Command<Input, Outcome> {
  const { permission } = definition;
  return {
    requires: { of: "workspace", permission },
    organizationOf: async (_reader, _viewer, input) => input.organizationId,
    run: async (unit, input) => {
      const member = await admitMember(unit, null);
      return definition.run(await admitToWorkspace(member, input.workspaceId, permission), input);
    },
  };
}

/** A command for any signed-in person, outside any organization. */
export function personCommand<Input, Outcome>(definition: {
  run(unit: UnitOfWork & { actor: Person }, input: Input): Promise<Outcome>;
}): Command<Input, Outcome> {
  return {
    requires: { of: "person" },
    organizationOf: async () => null,
    // One person's parallel requests wait here without a connection, so that they cannot drain the pool.
    mutexKeyOf: (viewer) => `user:${asPerson(viewer).id}`,
    run: (unit, input) => definition.run({ ...unit, actor: asPerson(unit.actor) }, input),
  };
}

/** A command for a signed-in person in the organization that `locate` finds; they need not be a member. */
export function guestCommand<Input, Outcome>(definition: {
  /** See Command.limit. */
  limit?(services: Services, person: Person): void;
  locate(reader: Reader, person: Person, input: Input): Promise<string>;
  run(unit: OrganizationUnitOfWork & { actor: Person }, input: Input): Promise<Outcome>;
}): Command<Input, Outcome> {
  const { limit } = definition;
  return {
    requires: { of: "person" },
    ...(limit && { limit: (services: Services, viewer: Viewer) => limit(services, asPerson(viewer)) }),
    organizationOf: (reader, viewer, input) => definition.locate(reader, asPerson(viewer), input),
    run: (unit, input) => definition.run({ ...inOrganization(unit), actor: asPerson(unit.actor) }, input),
  };
}

/** A command for other services, which need `scope`. */
export function serviceCommand<Input, Outcome, Prepared = undefined>(definition: {
  scope: ServiceScope;
  isOneStatement?: true;
  organizationOf?(reader: Reader, input: Input): Promise<string>;
  prepare?(services: Services, input: Input): Promise<Prepared>;
  run(unit: UnitOfWork, input: Input, prepared: Prepared): Promise<Outcome>;
  afterCommit?(services: Services, outcome: Outcome): void;
}): Command<Input, Outcome> {
  const { scope, organizationOf, prepare, afterCommit } = definition;
  return {
    requires: { of: "service", scope },
    ...(definition.isOneStatement && { isOneStatement: true }),
    organizationOf: async (reader, _viewer, input) => (organizationOf ? await organizationOf(reader, input) : null),
    ...(prepare && { prepare: (services: Services, _viewer: Viewer, input: Input) => prepare(services, input) }),
    run: (unit, input, prepared) => definition.run(unit, input, prepared as Prepared),
    ...(afterCommit && { afterCommit }),
  };
}

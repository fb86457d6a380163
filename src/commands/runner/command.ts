import { forbidden, notFound, unauthenticated } from "../../domain/denial";
import { isIdentifier } from "../../domain/identifier";
import {
  mayInOrganization,
  mayInWorkspace,
  type OrganizationPermission,
  type WorkspacePermission,
} from "../../domain/permission";
import { ROLE_NAMES } from "../../domain/role";
import type { Person, Service, ServiceScope, Viewer } from "../../domain/viewer";
import { effectiveAccess } from "../../domain/workspace-access";
import type { Reader } from "../../store/engine/statement";
import { type ActorMembership, actorMembership } from "../../store/member";
import { findWorkspaceWithAssignment, type WorkspaceWithAssignment } from "../../store/workspace";
import type { OrganizationUnitOfWork, Services, UnitOfWork } from "./unit-of-work";

/** Who may run a command. The guard at the door and the runner under the lock both read it. */
export type Requirement =
  | { of: "member"; permission: OrganizationPermission | null; deletedToo: boolean }
  | { of: "workspace"; permission: WorkspacePermission }
  | { of: "person" }
  | { of: "service"; unit: ServiceScope };

/** One mutation: who may, which organization it locks, and what it does. An outcome is plain data, ids mostly. */
export interface Command<Input, Outcome> {
  name: string;
  requires: Requirement;
  /** Whether `run` sends a single statement, which needs no transaction around it. */
  isOneStatement?: true;
  organizationOf(reader: Reader, viewer: Viewer, input: Input): Promise<string | null>;
  /**
   * What has to be done before the transaction, because it asks the world outside or takes long: its result is given
   * to `run`. It checks by itself that the viewer may; `run` checks again under the lock. `attempt` is the same when a
   * request comes again with its Idempotency-Key.
   */
  prepare?(services: Services, viewer: Viewer, input: Input, idempotencyKey: string): Promise<unknown>;
  run(unit: UnitOfWork, input: Input, prepared: unknown): Promise<Outcome>;
  /** The key under which its runs take turns within the process, where they have no organization to take turns by. */
  turnOf?(viewer: Viewer): string;
  /** Is told once the change is committed. What it does may be lost with the process. */
  done?(services: Services, outcome: Outcome): void;
}

/** The scope of somebody acting as a member; the membership was read under the lock. */
export interface MemberUnitOfWork extends OrganizationUnitOfWork {
  actor: Person;
  membership: ActorMembership;
}

/** The scope of a member acting on a workspace that they may see. */
export interface WorkspaceUnitOfWork extends MemberUnitOfWork {
  workspace: WorkspaceWithAssignment;
}

interface InOrganization {
  organizationId: string;
}

/** A command of the organization's members: those with `permission`, or all where it is null. */
export function memberCommand<Input extends InOrganization, Outcome, Prepared = undefined>(definition: {
  name: string;
  permission: OrganizationPermission | null;
  deletedToo?: boolean;
  /** Runs before the transaction, for somebody who may (see Command.prepare). */
  prepare?(services: Services, membership: ActorMembership, input: Input, idempotencyKey: string): Promise<Prepared>;
  run(unit: MemberUnitOfWork, input: Input, prepared: Prepared): Promise<Outcome>;
}): Command<Input, Outcome> {
  const { name, permission, deletedToo = false, prepare } = definition;
  return {
    name,
    requires: { of: "member", permission, deletedToo },
    organizationOf: async (_reader, _viewer, input) => input.organizationId,
    ...(prepare && {
      prepare: async (services: Services, viewer: Viewer, input: Input, idempotencyKey: string) =>
        prepare(
          services,
          await memberBeforehand(services, viewer, input.organizationId, permission),
          input,
          idempotencyKey,
        ),
    }),
    run: async (unit, input, prepared) =>
      definition.run(await admitMember(unit, permission), input, prepared as Prepared),
  };
}

/** A command on one workspace, of those whose effective role in it holds `permission`. */
export function workspaceCommand<Input extends InOrganization & { workspaceId: string }, Outcome>(definition: {
  name: string;
  permission: WorkspacePermission;
  run(unit: WorkspaceUnitOfWork, input: Input): Promise<Outcome>;
}): Command<Input, Outcome> {
  const { name, permission } = definition;
  return {
    name,
    requires: { of: "workspace", permission },
    organizationOf: async (_reader, _viewer, input) => input.organizationId,
    run: async (unit, input) => {
      const member = await admitMember(unit, null);
      const workspace = await admitToWorkspace(member, input.workspaceId, permission);
      return definition.run({ ...member, workspace }, input);
    },
  };
}

/** A command of any signed-in person, in no organization yet. */
export function personCommand<Input, Outcome>(definition: {
  name: string;
  run(unit: UnitOfWork & { actor: Person }, input: Input): Promise<Outcome>;
}): Command<Input, Outcome> {
  return {
    name: definition.name,
    requires: { of: "person" },
    organizationOf: async () => null,
    // What one person does at once waits here, without a connection, and leaves the pool to everybody else.
    turnOf: (viewer) => `user:${asPerson(viewer).id}`,
    run: (unit, input) => definition.run({ ...unit, actor: asPerson(unit.actor) }, input),
  };
}

/** A command of a signed-in person inside the organization that `locate` finds, whose member they need not be. */
export function guestCommand<Input, Outcome>(definition: {
  name: string;
  locate(reader: Reader, person: Person, input: Input): Promise<string>;
  run(unit: OrganizationUnitOfWork & { actor: Person }, input: Input): Promise<Outcome>;
}): Command<Input, Outcome> {
  return {
    name: definition.name,
    requires: { of: "person" },
    organizationOf: (reader, viewer, input) => definition.locate(reader, asPerson(viewer), input),
    run: (unit, input) => definition.run({ ...inOrganization(unit), actor: asPerson(unit.actor) }, input),
  };
}

/** A command of other services. */
export function serviceCommand<Input, Outcome, Prepared = undefined>(definition: {
  name: string;
  unit: ServiceScope;
  isOneStatement?: true;
  organizationOf?(reader: Reader, input: Input): Promise<string>;
  prepare?(services: Services, input: Input): Promise<Prepared>;
  run(unit: UnitOfWork, input: Input, prepared: Prepared): Promise<Outcome>;
  done?(services: Services, outcome: Outcome): void;
}): Command<Input, Outcome> {
  const { name, organizationOf, prepare, done } = definition;
  return {
    name,
    requires: { of: "service", unit: definition.unit },
    ...(definition.isOneStatement && { isOneStatement: true }),
    organizationOf: async (reader, _viewer, input) => (organizationOf ? await organizationOf(reader, input) : null),
    ...(prepare && { prepare: (services: Services, _viewer: Viewer, input: Input) => prepare(services, input) }),
    run: (unit, input, prepared) => definition.run(unit, input, prepared as Prepared),
    ...(done && { done }),
  };
}

/** What can be said without asking the database. Throws UNAUTHENTICATED or FORBIDDEN. */
export function assertKindOfViewer(viewer: Viewer, requires: Requirement): asserts viewer is Person | Service {
  if (viewer.kind === "anonymous") throw unauthenticated();
  if (requires.of === "service") {
    if (viewer.kind === "service" && viewer.scopes.has(requires.unit)) return;
    throw forbidden(`This is for services with the scope ${requires.unit}.`);
  }
  if (viewer.kind !== "person") throw forbidden("This is for people; a service cannot do it.");
}

/** Throws FORBIDDEN for a member whose role lacks the permission. */
export function assertMay(role: ActorMembership["role"], permission: OrganizationPermission | null): void {
  if (permission === null || mayInOrganization(role, permission)) return;
  throw forbidden(`Your role in this organization is ${ROLE_NAMES[role]}, which lacks ${permission}.`);
}

function asPerson(viewer: Viewer | UnitOfWork["actor"]): Person {
  if (viewer.kind !== "person") throw forbidden("This is for people; a service cannot do it.");
  return viewer;
}

function inOrganization(unit: UnitOfWork): OrganizationUnitOfWork {
  const { organization } = unit;
  if (!organization) throw notFound("organization");
  return { ...unit, organization };
}

async function admitMember(unit: UnitOfWork, permission: OrganizationPermission | null): Promise<MemberUnitOfWork> {
  const here = inOrganization(unit);
  const actor = asPerson(unit.actor);
  const membership = await actorMembership(here.transaction, here.organization.id, actor.id);
  if (!membership) throw notFound("organization");
  assertMay(membership.role, permission);
  return { ...here, actor, membership };
}

/** The same question before the transaction, for what is asked of the world outside in somebody's name. */
async function memberBeforehand(
  { database }: Services,
  viewer: Viewer,
  organizationId: string,
  permission: OrganizationPermission | null,
): Promise<ActorMembership> {
  const membership = await actorMembership(database, organizationId, asPerson(viewer).id);
  if (!membership) throw notFound("organization");
  assertMay(membership.role, permission);
  return membership;
}

async function admitToWorkspace(unit: MemberUnitOfWork, id: string, permission: WorkspacePermission) {
  const { transaction, organization, membership } = unit;
  const workspace = isIdentifier(id)
    ? await findWorkspaceWithAssignment(transaction, organization.id, id, membership.id)
    : undefined;
  const access = workspace && effectiveAccess(membership.role, workspace.isAssigned ? workspace : null);
  if (!workspace || !access) throw notFound("workspace");
  if (!mayInWorkspace(access.role, permission)) {
    throw forbidden(`Your role in this workspace is ${ROLE_NAMES[access.role]}, which lacks ${permission}.`);
  }
  return workspace;
}

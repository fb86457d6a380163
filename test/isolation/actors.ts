import { randomUUID } from "node:crypto";
import { commands } from "../../src/commands";
import { monthsOfReceipt } from "../../src/domain/usage";
import type { ServiceScope, Viewer } from "../../src/domain/viewer";
import { ensureUsagePartitions } from "../../src/store/usage-partitions";
import type { Actor, TestOrganization, World } from "../support/world";
import {
  addKeysCardsAndLinks,
  assignAgain,
  declineAndExpire,
  endAccess,
  purge,
  reviewOf,
  unverifiedPerson,
} from "./rare-states";
import { readWorldState, type Thing, thingsOf, type WorldState } from "./world-state";

/** Viewers by name. */
export type Actors = Record<string, Viewer>;

/** The ids that mutations aim at: an organization, two of its workspaces, its Developer and its invitee. */
export interface Target {
  organizationId: string;
  alpha: string;
  beta: string;
  memberId: string;
  invitedAddress: string;
  invitationId: string;
  reviewId: string;
  /** The Developer's item in that review. */
  itemId: string;
}

/** The fixtures of the isolation tests. */
export interface Fixtures {
  state: WorldState;
  actors: Actors;
  target: Target;
  /** The target in the deleted organization. */
  deleted: Target;
  /** The target in an organization that most actors do not belong to. */
  foreign: Target;
  /** Deleted or removed in the first organization. */
  lost: { workspaceId: string; memberId: string };
  /** Everything that was deleted, removed or purged. */
  gone: Thing[];
}

const SCOPES: ServiceScope[] = [
  "entities:read",
  "users:provision",
  "usage:write",
  "credentials:read",
  "permissions:read",
  "events:read",
];

/** Acme, with three workspaces, members of every role and an invitee. */
async function createAcme(world: World) {
  const acme = await world.organization();
  const [alpha, beta, gamma] = [
    await acme.workspace("Alpha"),
    await acme.workspace("Beta"),
    await acme.workspace("Gamma"),
  ];
  const admin = await acme.member("ADMIN");
  const developer = await acme.member("DEVELOPER", [alpha, gamma]);
  const viewer = await acme.member("VIEWER", [alpha, gamma]);
  const holder = await acme.member("VIEWER");
  await acme.owner.run(commands.grantWorkspaceAccess, {
    ...{ organizationId: acme.id, workspaceId: beta, memberId: holder.memberId, roleOverride: "DEVELOPER" },
  });
  const removed = await acme.member("ADMIN", []);
  const both = await acme.member("VIEWER");
  const former = await acme.member("DEVELOPER", [alpha, beta]);
  const invitee = await world.person();
  const toInvitee = await acme.invite(invitee.email, "VIEWER", [alpha, beta, gamma]);
  await declineAndExpire(world, acme, invitee);
  await endAccess(world, { former: former.memberId, alpha, beta, toInvitee });
  const target = { organizationId: acme.id, alpha, beta, memberId: developer.memberId, invitationId: toInvitee };
  const people = { owner: acme.owner, admin, developer, viewer, holder, removed, both, former, invitee };
  const reviewed = await reviewOf(acme, developer.memberId);
  return { acme, gamma, people, target: { ...target, ...reviewed, invitedAddress: invitee.email } };
}

/**
 * Two unrelated organizations, a deleted and a purged one, deleted objects, and all kinds of viewers who may try to
 * read them.
 */
export async function createFixtures(world: World): Promise<Fixtures> {
  const { acme, gamma, people, target } = await createAcme(world);
  const { both, invitee, developer, removed } = people;
  const globex = await world.organization();
  const umbrella = await world.organization();
  const purged = await world.organization();
  await join(globex, both, "VIEWER");
  const toStranger = await globex.invite(`${randomUUID()}@example.com`, "VIEWER");

  // People of Acme share only Umbrella with this person.
  const colleague = await umbrella.member("DEVELOPER", [await umbrella.workspace("Umbrella Alpha")]);
  const [lost, abandoned] = [await umbrella.workspace("Umbrella Beta"), await purged.workspace("Purged Alpha")];
  const lead = await join(umbrella, acme.owner, "ADMIN");
  await join(purged, acme.owner, "DEVELOPER", [abandoned]);
  const lostReview = await reviewOf(umbrella, lead);
  await reviewOf(purged, await purged.memberIdOf(acme.owner));
  const inUmbrella = await umbrella.invite(invitee.email, "VIEWER", [lost]);
  await purged.invite(invitee.email, "VIEWER", [abandoned]);

  const unverified = await unverifiedPerson(world, invitee.email);
  await addKeysCardsAndLinks(world, [acme, globex, umbrella, purged]);
  const foreign = await foreignTarget(globex, both, toStranger);
  // The tests roll mutations back, which must not remove a partition that a mutation created.
  await ensureUsagePartitions(world.database, monthsOfReceipt(world.clock.now()));
  const before = await readWorldState(world);
  await removeFrom(acme, removed, gamma);
  await assignAgain(world, acme, gamma, developer);
  await deleteOrganization(purged);
  await purge(world, purged.id);
  await deleteOrganization(umbrella);
  const state = await readWorldState(world);

  const deleted = { organizationId: umbrella.id, alpha: lost, beta: lost, memberId: lead, invitationId: inUmbrella };
  return {
    state,
    target,
    deleted: { ...deleted, ...lostReview, invitedAddress: invitee.email },
    foreign,
    lost: { workspaceId: gamma, memberId: removed.memberId },
    gone: missingFrom(state, before),
    actors: actorsOf({ ...people, unverified, stranger: globex.owner, formerOwner: umbrella.owner, colleague }),
  };
}

/** The objects of an earlier state that a later one lacks. */
function missingFrom(later: WorldState, earlier: WorldState): Thing[] {
  const remaining = new Set(thingsOf(later).map(([, id]) => id));
  return thingsOf(earlier).filter(([, id]) => !remaining.has(id));
}

/** The viewers: anonymous, these people, and a service for each scope. */
function actorsOf(people: Record<string, Parameters<typeof personOf>[0]>): Actors {
  const services = SCOPES.map((unit) => [`service ${unit}`, { kind: "service", name: "t", scopes: new Set([unit]) }]);
  return {
    anonymous: { kind: "anonymous" },
    ...Object.fromEntries(Object.entries(people).map(([name, actor]) => [name, personOf(actor)])),
    ...Object.fromEntries(services),
  };
}

function personOf({ id, name, email, emailVerified }: Pick<Actor, "id" | "name" | "email" | "emailVerified">): Viewer {
  return { kind: "person", id, name, email, emailVerified };
}

/** An existing person joins. Returns the member id. */
async function join(
  organization: TestOrganization,
  person: Actor,
  role: "ADMIN" | "DEVELOPER" | "VIEWER",
  workspaceIds: string[] = [],
): Promise<string> {
  const invitationId = await organization.invite(person.email, role, workspaceIds);
  return (await person.run(commands.acceptInvitation, { invitationId })).memberId;
}

async function removeFrom({ id, owner }: TestOrganization, member: Actor, workspaceId: string) {
  await owner.run(commands.removeMember, { organizationId: id, memberId: member.memberId });
  await owner.run(commands.deleteWorkspace, { organizationId: id, workspaceId });
}

async function deleteOrganization({ id, owner }: TestOrganization): Promise<void> {
  await owner.run(commands.deleteOrganization, { organizationId: id, confirmName: "Acme" });
}

async function foreignTarget(globex: TestOrganization, member: Actor, invitationId: string) {
  const alpha = await globex.workspace("Globex Alpha");
  const memberId = await globex.memberIdOf(member);
  return {
    ...{ organizationId: globex.id, alpha, beta: alpha, memberId, invitationId, invitedAddress: "" },
    ...(await reviewOf(globex, memberId)),
  };
}

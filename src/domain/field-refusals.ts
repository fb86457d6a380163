import { assertPermission, assertPerson, assertWorkspacePermission } from "./authorization";
import { notFound } from "./denial";
import { assertRoomForWorkspace, assertSeatsFor, type CountingPlans } from "./growth";
import { assertSendable } from "./inviting";
import {
  assertAccessIsExplicit,
  assertAnOwnerRemains,
  assertRemoval,
  assertRoleChange,
  assertRoleWithinReach,
} from "./membership";
import { assertDeletable } from "./organization";
import type { OrganizationPermission } from "./permission";
import { assertMayGrow, type SubscriptionStatus } from "./plan";
import { type RefusalData, refusalOf } from "./refusal";
import { assertReinstatable, type EndedMembership, REINSTATABLE_MS } from "./reinstatement";
import { OrganizationRole, type WorkspaceRole } from "./role";
import type { Viewer } from "./viewer";
import { assertWorkspaceDeletable } from "./workspace";

// The refusal that a mutation would give the viewer, which the graph shows in advance; null if they may run it. Each
// function runs the checks of one command, in its order, except those of the mutation's input.

interface WithRole {
  role: OrganizationRole;
}

interface WithIdAndRole extends WithRole {
  id: string;
}

/** Who would run the mutation, with their membership in the organization; null for a service. */
export interface Asker<Membership extends WithRole = WithRole> {
  viewer: Viewer;
  membership: Membership | null;
}

/** The plans, payment state and use on which growing depends. */
export interface Growth extends CountingPlans {
  subscriptionStatus: SubscriptionStatus;
  seats: number;
  workspaces: number;
}

/** Why the viewer cannot leave the organization. */
export function leaveRefusal(asker: Asker, owners: number): RefusalData | null {
  return refusalOf(() => assertAnOwnerRemains(admitted(asker, null).role, null, owners));
}

/** Why the viewer cannot delete the organization. */
export function deletionRefusal(asker: Asker, organization: { personalForId: string | null }): RefusalData | null {
  return refusalOf(() => {
    admitted(asker, "DELETE_ORGANIZATION");
    assertDeletable(organization);
  });
}

/** Why the viewer cannot invite one more person. `sent` counts the organization's invitation mails of the last hour. */
export function invitationRefusal(asker: Asker, growth: Growth, sent: number): RefusalData | null {
  return refusalOf(() => {
    admitted(asker, "INVITE_AND_REMOVE_MEMBERS");
    assertMayGrow(growth.subscriptionStatus);
    assertSeatsFor(1, growth, growth.seats);
    assertSendable(1, sent);
  });
}

/** Why the viewer cannot create one more workspace. */
export function workspaceCreationRefusal(asker: Asker, growth: Growth): RefusalData | null {
  return refusalOf(() => {
    admitted(asker, "CREATE_WORKSPACES");
    assertMayGrow(growth.subscriptionStatus);
    assertRoomForWorkspace(growth, growth.workspaces);
  });
}

/** Why the viewer cannot delete the workspace. */
export function workspaceDeletionRefusal(asker: Asker, workspace: { isDefault: boolean }): RefusalData | null {
  return refusalOf(() => {
    admitted(asker, "DELETE_WORKSPACES");
    assertWorkspaceDeletable(workspace);
  });
}

/** A role, and why the viewer cannot give it to a member. */
export interface RoleOption extends WithRole {
  refusal: RefusalData | null;
}

/** Every role, from the most to the least powerful, with why the viewer cannot give it to the member. */
export function roleOptions(asker: Asker<WithIdAndRole>, member: WithIdAndRole, owners: number): RoleOption[] {
  return Object.values(OrganizationRole).map((role) => ({
    role,
    refusal: refusalOf(() => {
      const actor = admitted(asker, "CHANGE_MEMBER_ROLES");
      assertRoleChange({ actor, member, owners }, role);
    }),
  }));
}

/** Why the viewer cannot remove the member. */
export function removalRefusal(asker: Asker<WithIdAndRole>, member: WithIdAndRole, owners: number): RefusalData | null {
  return refusalOf(() => assertRemoval({ actor: admitted(asker, "INVITE_AND_REMOVE_MEMBERS"), member, owners }));
}

/** A stored membership that ended. */
export interface FormerMember extends EndedMembership, WithRole {
  /** Whether a pending invitation to the person takes a seat, which reinstating frees. */
  isInvited: boolean;
}

/**
 * Why the viewer cannot reinstate the member who was removed at a time. `former` is null if it is not stored any more:
 * reinstating deletes it, and so does time, but only after the 30 days.
 */
export function reinstatementRefusal(
  asker: Asker,
  removedAt: Date,
  former: FormerMember | null,
  growth: Growth,
  now: Date,
): RefusalData | null {
  return refusalOf(() => {
    const { role } = admitted(asker, "INVITE_AND_REMOVE_MEMBERS");
    if (!former) {
      const isMember = now.getTime() - removedAt.getTime() < REINSTATABLE_MS;
      return assertReinstatable({ endedAt: removedAt, hasLeft: false, isMember }, now);
    }
    assertReinstatable(former, now);
    assertRoleWithinReach(role, former.role);
    assertMayGrow(growth.subscriptionStatus);
    assertSeatsFor(1, growth, growth.seats - (former.isInvited ? 1 : 0), "memberId");
  });
}

/** Why the viewer cannot set the member's workspaces. */
export function workspaceAccessRefusal(asker: Asker, { role }: WithRole): RefusalData | null {
  return refusalOf(() => {
    admitted(asker, "ACCESS_ALL_WORKSPACES");
    assertAccessIsExplicit(role);
  });
}

/** Why the viewer cannot grant, change or revoke a member's access to a workspace in which the viewer has a role. */
export function accessChangeRefusal(
  { viewer, workspaceRole }: { viewer: Viewer; workspaceRole: WorkspaceRole | null },
  { role }: WithRole,
): RefusalData | null {
  return refusalOf(() => {
    assertPerson(viewer);
    assertWorkspacePermission(workspaceRole, "MANAGE_WORKSPACE_ACCESS");
    assertAccessIsExplicit(role);
  });
}

/** The viewer's membership. Throws as the command runner does: FORBIDDEN, and NOT_FOUND for a former member. */
function admitted<Membership extends WithRole>(
  { viewer, membership }: Asker<Membership>,
  permission: OrganizationPermission | null,
): Membership {
  assertPerson(viewer);
  if (!membership) throw notFound("organization");
  if (permission !== null) assertPermission(membership.role, permission);
  return membership;
}

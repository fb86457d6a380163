import { commands } from "../../src/commands";
import type { OrganizationRole, WorkspaceRole } from "../../src/domain/role";
import type { Actor, TestOrganization } from "./world";

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** A time from now on the test's clock, in milliseconds. */
export function timeIn({ world }: TestOrganization, milliseconds: number): Date {
  return new Date(world.clock.now().getTime() + milliseconds);
}

/** Gives a member access to a workspace until a time; null: without an end. */
export function grantUntil(
  { id, owner }: TestOrganization,
  { memberId }: Actor,
  workspaceId: string,
  expiresAt: Date | null,
  roleOverride: WorkspaceRole | null = null,
) {
  const input = { organizationId: id, workspaceId, memberId, roleOverride, expiresAt };
  return owner.run(commands.grantWorkspaceAccess, input);
}

/** A member with access to a new workspace that ends after some milliseconds. */
export async function temporaryMember(
  organization: TestOrganization,
  milliseconds: number,
  role: OrganizationRole = "DEVELOPER",
): Promise<{ member: Actor; workspaceId: string; end: Date }> {
  const member = await organization.member(role);
  const workspaceId = await organization.workspace(`Workspace of ${member.name}`);
  const end = timeIn(organization, milliseconds);
  await grantUntil(organization, member, workspaceId, end);
  return { member, workspaceId, end };
}

/** The events about access of an organization: type, workspace, data. */
export async function accessEvents({ id, world }: TestOrganization) {
  return await world.query<{ type: string; actor: string; at: Date; workspaceId: string | null; data: unknown }>(
    `SELECT type, actor_label AS actor, occurred_at AS at, workspace_id AS "workspaceId", data FROM organization_event
     WHERE organization_id = $1 AND type LIKE 'workspace_access.%' ORDER BY sequence`,
    id,
  );
}

/** A member's assignments as stored, ended ones included. */
export function storedAccess({ world }: TestOrganization, memberId: string) {
  return world.query<{ workspaceId: string; roleOverride: string | null; expiresAt: Date }>(
    `SELECT workspace_id AS "workspaceId", role_override AS "roleOverride", expires_at AS "expiresAt"
     FROM workspace_assignment WHERE member_id = $1 ORDER BY workspace_id`,
    memberId,
  );
}

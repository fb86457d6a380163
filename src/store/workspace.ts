import { Workspace } from "../../entities/workspace";
import type { WorkspaceRole } from "../domain/role";
import { isActiveGrant } from "./active-grant";
import { noteWorkspace } from "./directories";
import type { Reader, Statement } from "./engine/statement";
import { insertRows, type Transaction } from "./engine/transaction";

/** A workspace, with a member's stored assignment to it. */
export interface WorkspaceWithAssignment
  extends Pick<
    Workspace,
    "id" | "organizationId" | "name" | "description" | "cloudProvider" | "isDefault" | "createdAt" | "updatedAt"
  > {
  isAssigned: boolean;
  roleOverride: WorkspaceRole | null;
  expiresAt: Date | null;
}

const WITH_ASSIGNMENT: Statement = {
  name: "workspace-with-assignment",
  text: `
    SELECT w.id, w.organization_id AS "organizationId", w.name, w.description, w.cloud_provider AS "cloudProvider",
      w.is_default AS "isDefault", w.created_at AS "createdAt", w.updated_at AS "updatedAt",
      a.member_id IS NOT NULL AS "isAssigned", a.role_override AS "roleOverride",
      a.expires_at AS "expiresAt"
    FROM workspace w
    LEFT JOIN workspace_assignment a ON a.organization_id = $1 AND a.workspace_id = w.id AND a.member_id = $3 AND ${isActiveGrant("a", "$4")}
    WHERE w.organization_id = $1 AND w.id = $2 AND w.deleted_at IS NULL`,
};

/** A workspace of the organization by id, with one member's assignment; undefined if it does not exist or is deleted. */
export async function findWorkspaceWithAssignment(
  reader: Reader,
  organizationId: string,
  id: string,
  memberId: string,
  now: Date,
) {
  const values = [organizationId, id, memberId, now];
  const [workspace] = await reader.rows<WorkspaceWithAssignment>(WITH_ASSIGNMENT, values);
  return workspace;
}

const EXISTING: Statement = {
  name: "existing-workspaces",
  text: `
    SELECT id, name FROM workspace WHERE organization_id = $1 AND id = ANY ($2::uuid[]) AND deleted_at IS NULL`,
};

/** The ones of these workspaces that exist in the organization. */
export function existingWorkspaces(reader: Reader, organizationId: string, ids: readonly string[]) {
  return reader.rows<{ id: string; name: string }>(EXISTING, [organizationId, ids]);
}

const BY_NAME: Statement = {
  name: "workspace-by-name",
  text: `
    SELECT FROM workspace
    WHERE organization_id = $1 AND deleted_at IS NULL AND (name_key = $2 OR name_looks = $3)
      AND id IS DISTINCT FROM $4::uuid LIMIT 1`,
};

/** Whether a workspace other than `except` has this name, or one that looks the same. */
export async function isNameTaken(
  reader: Reader,
  organizationId: string,
  name: { nameKey: string; nameLooks: string | null },
  except: string | null,
): Promise<boolean> {
  return (await reader.rows(BY_NAME, [organizationId, name.nameKey, name.nameLooks, except])).length > 0;
}

export async function insertWorkspace(transaction: Transaction, workspace: Workspace): Promise<void> {
  await noteWorkspace(transaction, workspace);
  await insertRows(transaction, Workspace, [workspace]);
}

export async function updateWorkspace(
  { manager }: Transaction,
  { id, organizationId }: { id: string; organizationId: string },
  patch: Partial<Pick<Workspace, "name" | "nameKey" | "nameLooks" | "description" | "updatedAt">>,
): Promise<void> {
  await manager.update(Workspace, { organizationId, id }, patch);
}

const END_ACCESS: Statement = {
  name: "end-access-to-workspace",
  text: `
    WITH lost AS (
      DELETE FROM workspace_assignment a WHERE a.organization_id = $1 AND a.workspace_id = $2
      RETURNING a.member_id, a.role_override, a.expires_at
    )
    SELECT m.id, m.user_id AS "userId", u.name AS "userName", a.role_override AS "roleOverride",
      a.expires_at AS "expiresAt"
    FROM lost a JOIN member m ON m.organization_id = $1 AND m.id = a.member_id JOIN user_account u ON u.id = m.user_id
    ORDER BY m.joined_at, m.id`,
};

/** A member who lost access to a workspace. */
export interface LostMember {
  id: string;
  userId: string;
  userName: string;
  roleOverride: WorkspaceRole | null;
  expiresAt: Date | null;
}

/** Marks a workspace as deleted, and deletes and returns the assignments to it. The caller has deleted those that have ended. */
export async function deleteWorkspace(
  transaction: Transaction,
  { id, organizationId }: { id: string; organizationId: string },
  now: Date,
): Promise<LostMember[]> {
  await transaction.manager.update(Workspace, { id, organizationId }, { deletedAt: now, updatedAt: now });
  return await transaction.rows<LostMember>(END_ACCESS, [organizationId, id]);
}

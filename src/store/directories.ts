import type { Reader, Statement } from "./engine/statement";
import type { Transaction } from "./engine/transaction";

// A transaction writes them before the rows of a node. Citus then commits both together, whatever fails.

const NOTE_PERSON: Statement = {
  name: "note-organization-of-person",
  text: "INSERT INTO person_directory (user_id, organization_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
};

/** Notes that a person is about to join an organization. It stays noted when they leave: its events still concern them. */
export async function noteMember(
  { hasDirectories, rows }: Transaction,
  { userId, organizationId }: { userId: string; organizationId: string },
): Promise<void> {
  if (hasDirectories) await rows(NOTE_PERSON, [userId, organizationId]);
}

const NOTE_WORKSPACE: Statement = {
  name: "note-organization-of-workspace",
  text: "INSERT INTO workspace_directory (workspace_id, organization_id) VALUES ($1, $2)",
};

/** Notes the organization of a new workspace. */
export async function noteWorkspace(
  { hasDirectories, rows }: Transaction,
  { id, organizationId }: { id: string; organizationId: string },
): Promise<void> {
  if (hasDirectories) await rows(NOTE_WORKSPACE, [id, organizationId]);
}

const FORGET: readonly Statement[] = ["person_directory", "workspace_directory"].map((table) => ({
  name: `forget-organization-in-${table}`,
  text: `DELETE FROM ${table} WHERE organization_id = $1`,
}));

/** Forgets the people and workspaces of an organization that is purged. */
export async function forgetInDirectories(reader: Reader, organizationId: string): Promise<void> {
  for (const statement of FORGET) await reader.rows(statement, [organizationId]);
}

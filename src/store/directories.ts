import { DIRECTORIES } from "./engine/distribution";
import type { Reader, Statement } from "./engine/statement";
import type { Transaction } from "./engine/transaction";

// A transaction writes them before the rows of a node. Citus then commits both together, whatever fails.

const NOTE_PERSON: Statement = {
  name: "note-organization-of-person",
  text: "INSERT INTO person_directory (user_id, organization_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
};

/** Notes that a person is about to join an organization. It stays noted when they leave: its events still concern them. */
export async function noteMember(
  { writesDirectories, rows }: Transaction,
  { userId, organizationId }: { userId: string; organizationId: string },
): Promise<void> {
  if (writesDirectories) await rows(NOTE_PERSON, [userId, organizationId]);
}

const NOTE_WORKSPACE: Statement = {
  name: "note-organization-of-workspace",
  text: "INSERT INTO workspace_directory (workspace_id, organization_id) VALUES ($1, $2)",
};

/** Notes the organization of a new workspace. */
export async function noteWorkspace(
  { writesDirectories, rows }: Transaction,
  { id, organizationId }: { id: string; organizationId: string },
): Promise<void> {
  if (writesDirectories) await rows(NOTE_WORKSPACE, [id, organizationId]);
}

const NOTE_INVITATIONS: Statement = {
  name: "note-organization-of-invitations",
  text: `
    INSERT INTO invitation_directory (invitation_id, organization_id, email)
    SELECT id, organization_id, email FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS i (id, organization_id, email)`,
};

/** Notes the organization of new invitations. */
export async function noteInvitations(
  { writesDirectories, rows }: Transaction,
  invitations: ReadonlyArray<{ id: string; organizationId: string; email: string }>,
): Promise<void> {
  if (!writesDirectories) return;
  const columns = (["id", "organizationId", "email"] as const).map((key) => invitations.map((each) => each[key]));
  await rows(NOTE_INVITATIONS, columns);
}

const FORGET_INVITATIONS: Statement = {
  name: "forget-organization-of-invitations",
  text: "DELETE FROM invitation_directory WHERE invitation_id = ANY ($1::uuid[])",
};

/** Forgets invitations that are deleted. */
export async function forgetInvitations(
  { writesDirectories, rows }: Transaction,
  ids: readonly string[],
): Promise<void> {
  if (writesDirectories && ids.length > 0) await rows(FORGET_INVITATIONS, [ids]);
}

const FORGET: readonly Statement[] = DIRECTORIES.map((table) => ({
  name: `forget-organization-in-${table}`,
  text: `DELETE FROM ${table} WHERE organization_id = $1`,
}));

/** Forgets all that leads to an organization that is purged. */
export async function forgetInDirectories(reader: Reader, organizationId: string): Promise<void> {
  for (const statement of FORGET) await reader.rows(statement, [organizationId]);
}

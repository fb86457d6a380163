import type { OrganizationRole } from "../domain/role";
import type { Within } from "./engine/directories";
import type { Reader, Statement } from "./engine/statement";

// Triggers keep the counters, in the transaction of the change: see the migrations that count.

/** The counter of each role. */
export const ROLE_COUNTERS: Readonly<Record<OrganizationRole, string>> = {
  OWNER: "owners",
  ADMIN: "admins",
  DEVELOPER: "developers",
  VIEWER: "viewers",
};

/** SQL of the number of members in row `c` of organization_count. */
export const MEMBERS = "(c.owners + c.admins + c.developers + c.viewers)";

/**
 * SQL of the number of expired invitations that no job has marked yet. Uses invitation_overdue_index. `within` limits the
 * organizations for a distributed database.
 */
export const overdueIn = (organizationId: string, now: string, within: Within = () => "") => `
  (SELECT count(*)::int FROM invitation x
    WHERE x.organization_id = ${organizationId} ${within("x.organization_id")} AND x.status = 'PENDING' AND x.expires_at <= ${now})`;

/** SQL of the number of pending invitations of row `c`. One that is past its date does not count, marked or not. */
export const pendingAt = (now: string, organizationId: string, within?: Within) =>
  `(c.pending_invitations - ${overdueIn(organizationId, now, within)})`;

const USE: Statement = {
  name: "organization-use",
  text: `
    SELECT ${MEMBERS} AS members, c.owners, ${pendingAt("$2", "$1")} AS pending, c.workspaces
    FROM organization_count c WHERE c.organization_id = $1`,
};

/** The counts on which limits and the rule of the last Owner depend. */
export interface OrganizationUse {
  members: number;
  owners: number;
  pending: number;
  workspaces: number;
}

/** The number of members, Owners, pending invitations and workspaces. They stay valid only under the lock. */
export async function countUse(reader: Reader, organizationId: string, now: Date): Promise<OrganizationUse> {
  const [use] = await reader.rows<OrganizationUse>(USE, [organizationId, now]);
  if (!use) throw new Error("The organization has no counters.");
  return use;
}

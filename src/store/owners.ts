import type { OrganizationRole } from "../domain/role";
import type { Reader, Statement } from "./engine/statement";

const OWNERS: Statement = {
  name: "owners-of-organization",
  text: "SELECT user_id AS \"userId\" FROM member WHERE organization_id = $1 AND role = 'OWNER' ORDER BY joined_at, id",
};

/** The user ids of an organization's Owners. */
export async function ownerIds(reader: Reader, organizationId: string): Promise<string[]> {
  return (await reader.rows<{ userId: string }>(OWNERS, [organizationId])).map(({ userId }) => userId);
}

const TO_NOTIFY: Statement = {
  name: "member-to-notify",
  text: `
    SELECT CASE WHEN u.email_verified THEN u.email END AS email, o.name AS "organizationName" FROM member m
    JOIN organization o ON o.id = m.organization_id AND o.deleted_at IS NULL
    JOIN user_account u ON u.id = m.user_id
    WHERE m.organization_id = $1 AND m.user_id = $2 AND m.role = ANY ($3::text[])`,
};

/**
 * The address for a notice to a member with one of these roles; undefined if they have none or the organization is deleted.
 * The address is null while unverified, because it may be another person's.
 */
export async function memberToNotify(
  reader: Reader,
  organizationId: string,
  userId: string,
  roles: readonly OrganizationRole[],
) {
  const values = [organizationId, userId, roles];
  const rows = await reader.rows<{ email: string | null; organizationName: string }>(TO_NOTIFY, values);
  return rows[0];
}

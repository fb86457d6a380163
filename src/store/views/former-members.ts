import type { OrganizationRole } from "../../domain/role";
import type { Reader, Statement } from "../engine/statement";

/** A former member, with what decides whether they can be reinstated. */
export interface FormerMemberView {
  id: string;
  role: OrganizationRole;
  endedAt: Date;
  /** Whether the person left on their own, from this membership or a later one. */
  hasLeft: boolean;
  isMember: boolean;
  /** Whether a pending invitation to the person takes a seat, which reinstating frees. */
  isInvited: boolean;
}

const FORMER: Statement = {
  name: "former-members",
  text: `
    SELECT f.id, f.role, f.ended_at AS "endedAt",
      EXISTS (SELECT 1 FROM former_member l WHERE l.organization_id = f.organization_id
        AND l.organization_id = ANY ($1::uuid[]) AND l.user_id = f.user_id AND l.ended_at >= f.ended_at AND l.has_left)
        AS "hasLeft",
      EXISTS (SELECT 1 FROM member m WHERE m.organization_id = f.organization_id
        AND m.organization_id = ANY ($1::uuid[]) AND m.user_id = f.user_id) AS "isMember",
      EXISTS (SELECT 1 FROM invitation i WHERE i.organization_id = f.organization_id
        AND i.organization_id = ANY ($1::uuid[]) AND u.email_verified AND i.email = u.email AND i.status = 'PENDING'
        AND i.expires_at > $3) AS "isInvited"
    FROM former_member f JOIN user_account u ON u.id = f.user_id
    WHERE f.organization_id = ANY ($1::uuid[]) AND f.id = ANY ($2::uuid[])`,
};

/** Those of these memberships that have ended. The caller has checked that the viewer may read the organizations' logs. */
export function formerMembers(
  reader: Reader,
  organizationIds: readonly string[],
  ids: readonly string[],
  now: Date,
): Promise<FormerMemberView[]> {
  return reader.rows<FormerMemberView>(FORMER, [organizationIds, ids, now]);
}

import { located } from "../engine/directories";
import type { Reader } from "../engine/statement";

/**
 * A person as another person may see them. The address is null for viewers without a common organization. An unverified
 * address is null for all others, because anybody can enter any address at an identity provider.
 */
export interface UserView {
  id: string;
  name: string;
  email: string | null;
}

const BY_ID = located(
  { name: "visible-users", isShortRead: true, onStandby: "everything" },
  { directory: "person", parameter: 1 },
  (within) => `
    WITH common AS MATERIALIZED (
      SELECT DISTINCT theirs.user_id FROM member mine
      JOIN member theirs ON theirs.organization_id = mine.organization_id AND theirs.user_id = ANY ($2::text[])
        ${within("theirs.organization_id")}
      JOIN organization o ON o.id = mine.organization_id AND o.deleted_at IS NULL ${within("o.id")}
      WHERE mine.user_id = $1 ${within("mine.organization_id")}
    )
    SELECT u.id, u.name, CASE WHEN u.id = $1 OR u.email_verified AND u.id IN (SELECT user_id FROM common)
      THEN u.email END AS email
    FROM user_account u WHERE u.id = ANY ($2::text[])`,
);

/** People by id, as `viewerId` may see them; null: a service or an anonymous viewer. */
export function visibleUsers(reader: Reader, viewerId: string | null, ids: readonly string[]): Promise<UserView[]> {
  return reader.rows<UserView>(BY_ID, [viewerId, ids]);
}

import { rolesWith } from "../../domain/permission";
import { located } from "../engine/directories";
import type { Reader } from "../engine/statement";
import type { Visibility } from "./visibility";

const READERS = rolesWith("CHANGE_MEMBER_ROLES")
  .map((role) => `'${role}'`)
  .join(", ");

const LAST_SEEN = located(
  { name: "visible-last-seen", isShortRead: true, onStandby: "everything" },
  { directory: "person", parameter: 1 },
  (within) => `
    SELECT m.id, m.last_seen_at AS "lastSeenAt" FROM member m
    JOIN organization o ON o.id = m.organization_id AND o.deleted_at IS NULL ${within("o.id")}
    LEFT JOIN member v ON v.organization_id = m.organization_id AND v.user_id = $1 AND v.role IN (${READERS}) ${within("v.organization_id")}
    WHERE m.id = ANY ($2::uuid[]) AND (m.user_id = $1 OR v.id IS NOT NULL) ${within("m.organization_id")}`,
);

/**
 * The days on which members were last seen: the viewer's own, and those of members whose roles the viewer may change.
 */
export function visibleLastSeen(reader: Reader, visibility: Visibility, memberIds: readonly string[]) {
  return reader.rows<{ id: string; lastSeenAt: Date | null }>(LAST_SEEN, [visibility.userId, memberIds]);
}

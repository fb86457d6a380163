import { Denied } from "../../domain/denial";
import { MEMBERSHIP_EVENTS } from "../../domain/live";
import { located } from "../engine/directories";
import type { Reader, Statement } from "../engine/statement";
import type { FeedPosition } from "./feed-position";
import type { Positions } from "./positions";

function cursorOfRemovedEvents(): Denied {
  const message =
    "'after' is a cursor from before events that have been removed, because they were too old. Start again without a cursor.";
  return new Denied("BAD_USER_INPUT", message);
}

async function assertNone(reader: Reader, statement: Statement, values: readonly unknown[]): Promise<void> {
  if ((await reader.rows(statement, values)).length > 0) throw cursorOfRemovedEvents();
}

// Finds the newest range by primary key, because ranges do not overlap.
const AFTER: Statement = {
  name: "events-removed-after",
  isShortRead: true,
  text: `
    SELECT 1 FROM (
      SELECT last_sequence FROM removed_event_range WHERE organization_id = $1 ORDER BY first_sequence DESC LIMIT 1
    ) newest WHERE newest.last_sequence > $2`,
};

/** Throws BAD_USER_INPUT if events of an organization were removed that a position has not seen. */
export function assertLogKept(reader: Reader, organizationId: string, position: number): Promise<void> {
  return assertNone(reader, AFTER, [organizationId, position]);
}

// The event at a person's position is removed only if a newer event about them is old too, or if they are no longer a
// member. For a member, the newest old event is kept, and a position before that event has missed events.
const OF_PERSON = located(
  { name: "events-of-person-removed-after", isShortRead: true },
  { directory: "person", parameter: 1 },
  (within) => `
    SELECT 1 FROM unnest($2::uuid[], $3::int[]) AS seen (id, sequence)
    JOIN removed_event_range r ON r.organization_id = seen.id
      AND seen.sequence BETWEEN r.first_sequence AND r.last_sequence ${within("r.organization_id")}
    UNION ALL
    SELECT 1 FROM organization_event e
    JOIN event_removal c ON c.organization_id = e.organization_id AND e.sequence < c.checked_to
      ${within("c.organization_id")}
    LEFT JOIN unnest($2::uuid[], $3::int[]) AS seen (id, sequence) ON seen.id = e.organization_id
    WHERE e.data ->> 'userId' = $1 AND e.type = ANY ($4::text[]) AND e.sequence > coalesce(seen.sequence, 0)
      ${within("e.organization_id")}
    LIMIT 1`,
);

/** Throws BAD_USER_INPUT if events about a person's memberships may have been removed that the positions have not seen. */
export function assertMembershipsKept(reader: Reader, userId: string, positions: Positions): Promise<void> {
  return assertNone(reader, OF_PERSON, [userId, [...positions.keys()], [...positions.values()], MEMBERSHIP_EVENTS]);
}

const OF_FEED: Statement = {
  name: "events-of-feed-removed-after",
  isShortRead: true,
  text: `
    SELECT 1 FROM newest_removed_event
    WHERE ($1::text[] IS NULL OR type = ANY ($1))
      AND (feed_position, log_id, sequence) > ($2::bigint, $3::uuid, $4::int) LIMIT 1`,
};

/** Throws BAD_USER_INPUT if events of the types (null: of any) were removed that a position of the feed has not seen. */
export function assertFeedKept(reader: Reader, { last }: FeedPosition, types: readonly string[] | null): Promise<void> {
  return assertNone(reader, OF_FEED, [types, ...last]);
}

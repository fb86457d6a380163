import type { EventType } from "../../domain/events";
import { MEMBERSHIP_EVENTS } from "../../domain/live";
import { located, type Within } from "../engine/directories";
import type { Reader } from "../engine/statement";
import type { Positions } from "./positions";

/** An event that changes a person's membership in an organization. */
export interface MembershipEvent {
  organizationId: string;
  sequence: number;
  type: EventType;
  occurredAt: Date;
}

/** The types of events that concern every member, or two members, as in organization_event_members_index. */
const SHARED = "('organization.deleted', 'organization.restored', 'ownership.transferred')";

// The organizations that people have ever joined, each with its newest event that can concern them: one range of
// organization_event_person_index per person, and the end of one of organization_event_members_index per organization.
// $1 is the people, $2 the types of events about one person.
const joined = (within: Within) => `
    SELECT own."userId", own."organizationId", greatest(own.sequence, (
      SELECT max(e.sequence) FROM organization_event e
      WHERE e.organization_id = own."organizationId" ${within("e.organization_id")} AND e.type IN ${SHARED})) AS head
    FROM (
      SELECT e.data ->> 'userId' AS "userId", e.organization_id AS "organizationId", max(e.sequence) AS sequence
      FROM organization_event e
      WHERE e.data ->> 'userId' = ANY ($1::text[]) AND e.type = ANY ($2::text[]) ${within("e.organization_id")}
      GROUP BY 1, 2
    ) AS own`;

const BY_PERSON = { directory: "person", parameter: 1 } as const;
const HEADS = located({ name: "membership-heads", isShortRead: true }, BY_PERSON, joined);

/** Returns, by person and organization, the sequence of the newest event that can concern the membership. */
export function readMembershipHeads(reader: Reader, userIds: readonly string[]) {
  return reader.rows<{ userId: string; organizationId: string; head: number }>(HEADS, [userIds, MEMBERSHIP_EVENTS]);
}

// An event of the organization concerns people whose last event before it left them a member. An organization without a
// position was joined since: all its events about the person are new. The time of an event can be earlier than that of
// the event before it, which must not change their order.
const CHANGES = located(
  { name: "membership-changes", isShortRead: true },
  BY_PERSON,
  (within) => `
    SELECT joined."organizationId", joined.head, e.sequence, e.type, e.occurred_at AS "occurredAt"
    FROM (${joined(within)}) AS joined
    LEFT JOIN unnest($3::uuid[], $4::int[]) AS seen (id, sequence) ON seen.id = joined."organizationId"
    LEFT JOIN LATERAL (
      SELECT e.sequence, e.type, e.occurred_at FROM organization_event e
      WHERE e.organization_id = joined."organizationId" AND e.data ->> 'userId' = joined."userId"
        ${within("e.organization_id")}
        AND e.type = ANY ($2::text[]) AND e.sequence > coalesce(seen.sequence, 0)
      UNION ALL
      SELECT e.sequence, e.type, e.occurred_at FROM organization_event e
      WHERE e.organization_id = joined."organizationId" ${within("e.organization_id")} AND e.type IN ${SHARED}
        AND e.sequence > coalesce(seen.sequence, 0)
        AND CASE WHEN e.type = 'ownership.transferred'
          THEN joined."userId" IN (e.data -> 'newOwner' ->> 'userId', e.data -> 'formerOwner' ->> 'userId')
          ELSE (SELECT p.type NOT IN ('member.removed', 'member.left') FROM organization_event p
            WHERE p.organization_id = e.organization_id ${within("p.organization_id")} AND p.data ->> 'userId' = joined."userId"
              AND p.type LIKE 'member.%' AND p.sequence < e.sequence
            ORDER BY p.sequence DESC LIMIT 1) END
    ) AS e ON true
    WHERE joined.head > coalesce(seen.sequence, 0)
    ORDER BY max(e.occurred_at) OVER (PARTITION BY joined."organizationId" ORDER BY e.sequence),
      joined."organizationId", e.sequence`,
);

type Row = { organizationId: string; head: number } & ({ sequence: null } | MembershipEvent);

/** Returns the events about a person's memberships since the positions, and advances the positions. */
export async function readMembershipEvents(
  reader: Reader,
  userId: string,
  positions: Positions,
): Promise<MembershipEvent[]> {
  const values = [[userId], MEMBERSHIP_EVENTS, [...positions.keys()], [...positions.values()]];
  const rows = await reader.rows<Row>(CHANGES, values);
  for (const { organizationId, head } of rows) positions.set(organizationId, head);
  return rows.flatMap(({ head, ...event }) => (event.sequence === null ? [] : event));
}

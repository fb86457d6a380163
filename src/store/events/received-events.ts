import { INVITATION_EVENTS } from "../../domain/live";
import { located } from "../engine/directories";
import type { Reader, Statement } from "../engine/statement";
import type { InvitationView } from "../views/invitations";
import { invitationsOfAddressee, invitationsTo } from "../views/received-invitations";
import type { Positions } from "./positions";

/** Returns the pending invitations to an address and the heads of the logs, from one snapshot. */
export async function readPending(
  reader: Reader,
  now: Date,
  email: string,
): Promise<{ pending: InvitationView[]; positions: Positions }> {
  const invitations = await invitationsTo(reader, now, email);
  return {
    pending: invitations.filter(({ status, isDeleted }) => !isDeleted && status === "PENDING"),
    positions: new Map(invitations.map(({ organizationId, head }) => [organizationId, head])),
  };
}

interface Row {
  organizationId: string;
  head: number;
  sequence: number | null;
  invitationId: string | null;
  occurredAt: Date | null;
}

// An organization without a position has not invited the address before, so all its invitations are new. The time of an
// event can be earlier than that of the event before it, which must not change their order.
const CHANGES = located(
  { name: "received-changes", isShortRead: true },
  { directory: "address", parameter: 1 },
  (within) => `
    SELECT o.id AS "organizationId", o.event_sequence AS head, e.*
    FROM (SELECT DISTINCT organization_id AS id FROM invitation WHERE email = $1 ${within("organization_id")}) inviting
    JOIN organization o USING (id)
    LEFT JOIN unnest($2::uuid[], $3::int[]) AS seen (id, sequence) USING (id)
    LEFT JOIN LATERAL (
      SELECT e.sequence, e.subject_id AS "invitationId", e.occurred_at AS "occurredAt" FROM organization_event e
      JOIN invitation i ON i.organization_id = e.organization_id AND i.id = e.subject_id AND i.email = $1
        ${within("i.organization_id")}
      WHERE e.organization_id = o.id ${within("e.organization_id")} AND e.sequence > coalesce(seen.sequence, 0) AND e.type = ANY ($4::text[])
    ) e ON true
    WHERE o.event_sequence > coalesce(seen.sequence, 0) ${within("o.id")}
    ORDER BY max(e."occurredAt") OVER (PARTITION BY o.id ORDER BY e.sequence), o.id, e.sequence`,
);

/** One change of an invitation to an address, with the invitation as of the time of reading. */
export interface ReceivedChange {
  organizationId: string;
  sequence: number;
  invitation: InvitationView;
}

/** Returns the changes since the positions, oldest first, and advances the positions. */
export async function readReceivedChanges(
  reader: Reader,
  now: Date,
  email: string,
  positions: Positions,
): Promise<ReceivedChange[]> {
  const rows = await reader.rows<Row>(CHANGES, [
    email,
    [...positions.keys()],
    [...positions.values()],
    INVITATION_EVENTS,
  ]);
  const ids = rows.flatMap(({ invitationId }) => invitationId ?? []);
  const views = ids.length === 0 ? [] : await invitationsOfAddressee(reader, now, email, ids);
  for (const { organizationId, head } of rows) positions.set(organizationId, head);
  const byId = new Map(views.map((view) => [view.id, view]));
  return rows.flatMap(({ organizationId, sequence, invitationId }) => {
    const invitation = byId.get(invitationId ?? "");
    return invitation && sequence !== null ? { organizationId, sequence, invitation } : [];
  });
}

const INVITING_HEADS = located(
  { name: "received-heads", isShortRead: true },
  { directory: "address", parameter: 1 },
  (within) => `
    SELECT DISTINCT i.email, o.id AS "organizationId", o.event_sequence AS head
    FROM invitation i JOIN organization o ON o.id = i.organization_id ${within("o.id")}
    WHERE i.email = ANY ($1::text[]) ${within("i.organization_id")}`,
);

/** Returns the heads of the logs of all organizations that have invited one of the addresses. */
export function readInvitingHeads(reader: Reader, emails: readonly string[]) {
  return reader.rows<{ email: string; organizationId: string; head: number }>(INVITING_HEADS, [emails]);
}

const HOLDERS: Statement = {
  name: "address-holders",
  isShortRead: true,
  text: "SELECT id FROM user_account WHERE id = ANY ($2::text[]) AND email = $1 AND email_verified",
};

/** Returns which of the people currently hold this as their verified address. */
export async function readHolders(reader: Reader, email: string, userIds: readonly string[]): Promise<Set<string>> {
  return new Set((await reader.rows<{ id: string }>(HOLDERS, [email, userIds])).map(({ id }) => id));
}

import { MAX_PENDING_PER_ADDRESS } from "../../domain/inviting";
import { located } from "../engine/directories";
import type { Reader } from "../engine/statement";
import { orderOf } from "../lists";
import { FROM, type InvitationView, inviteesColumns, verifiedAddressOf } from "./invitations";

const TO_ADDRESS = located(
  { name: "invitations-to-address", isShortRead: true },
  { directory: "address", parameter: 2 },
  (within) => `
    SELECT ${inviteesColumns(within)}, o.event_sequence AS head, o.deleted_at IS NOT NULL AS "isDeleted"
    FROM invitation i JOIN organization o ON o.id = i.organization_id ${within("o.id")}
    WHERE i.email = $2 ${within("i.organization_id")} ORDER BY i.created_at, i.id`,
);

/** Every invitation ever sent to a verified address, with the head of its organization's event log. */
export function invitationsTo(reader: Reader, now: Date, email: string) {
  return reader.rows<InvitationView & { head: number; isDeleted: boolean }>(TO_ADDRESS, [now, email]);
}

const OF_ADDRESSEE = located(
  { name: "invitations-of-addressee", isShortRead: true },
  { directory: "invitation", parameter: 2 },
  (within) => `
    SELECT ${inviteesColumns(within)} FROM ${FROM}
    WHERE i.id = ANY ($2::uuid[]) AND i.email = $3 ${within("i.organization_id")} ${within("o.id")}`,
);

/** The ones of these invitations that were sent to a verified address. */
export function invitationsOfAddressee(reader: Reader, now: Date, email: string, ids: readonly string[]) {
  return reader.rows<InvitationView>(OF_ADDRESSEE, [now, ids, email]);
}

const RECEIVED = located(
  { name: "received-invitations", isShortRead: true },
  { directory: "addressee", parameter: 2 },
  (within) => `
    SELECT ${inviteesColumns(within)} FROM ${FROM}
    WHERE i.email = ${verifiedAddressOf("$2")} AND i.status = 'PENDING' AND i.expires_at > $1
      ${within("i.organization_id")} ${within("o.id")}
    ORDER BY ${orderOf("invitations")} LIMIT $3`,
);

/** A person's pending invitations, newest first; at most MOST_RECEIVED. */
export function receivedInvitations(reader: Reader, now: Date, userId: string): Promise<InvitationView[]> {
  return reader.rows<InvitationView>(RECEIVED, [now, userId, MAX_PENDING_PER_ADDRESS]);
}

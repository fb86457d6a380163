import { MAX_PENDING_PER_ADDRESS } from "../../domain/inviting";
import type { Reader, Statement } from "../engine/statement";
import { orderOf } from "../lists";
import { FROM, type InvitationView, inviteesColumns, verifiedAddressOf } from "./invitations";

const TO_ADDRESS: Statement = {
  name: "invitations-to-address",
  isShortRead: true,
  text: `
    SELECT ${inviteesColumns()}, o.event_sequence AS head, o.deleted_at IS NOT NULL AS "isDeleted"
    FROM invitation i JOIN organization o ON o.id = i.organization_id
    WHERE i.email = $2 ORDER BY i.created_at, i.id`,
};

/** Every invitation ever sent to a verified address, with the head of its organization's event log. */
export function invitationsTo(reader: Reader, now: Date, email: string) {
  return reader.rows<InvitationView & { head: number; isDeleted: boolean }>(TO_ADDRESS, [now, email]);
}

const OF_ADDRESSEE: Statement = {
  name: "invitations-of-addressee",
  isShortRead: true,
  text: `SELECT ${inviteesColumns()} FROM ${FROM} WHERE i.id = ANY ($2::uuid[]) AND i.email = $3`,
};

/** The ones of these invitations that were sent to a verified address. */
export function invitationsOfAddressee(reader: Reader, now: Date, email: string, ids: readonly string[]) {
  return reader.rows<InvitationView>(OF_ADDRESSEE, [now, ids, email]);
}

const RECEIVED: Statement = {
  name: "received-invitations",
  isShortRead: true,
  text: `
    SELECT ${inviteesColumns()} FROM ${FROM}
    WHERE i.email = ${verifiedAddressOf("$2")} AND i.status = 'PENDING' AND i.expires_at > $1
    ORDER BY ${orderOf("invitations")} LIMIT $3`,
};

/** A person's pending invitations, newest first; at most MOST_RECEIVED. */
export function receivedInvitations(reader: Reader, now: Date, userId: string): Promise<InvitationView[]> {
  return reader.rows<InvitationView>(RECEIVED, [now, userId, MAX_PENDING_PER_ADDRESS]);
}

import { In } from "typeorm";
import { Invitation } from "../../entities/invitation";
import { InvitationWorkspace } from "../../entities/invitation-workspace";
import { isActiveGrant } from "./active-grant";
import { MEMBERS, pendingAt } from "./counts";
import { noteInvitations } from "./directories";
import { located, type Within } from "./engine/directories";
import type { Reader, Statement } from "./engine/statement";
import { insertRows, type Transaction } from "./engine/transaction";
import { byLink, type LinkKey, rowsOfLink } from "./link-key";
import type { WorkspaceGrant } from "./workspace-assignment";

/**
 * SQL of the number of invitation mails an organization has sent since a time, from the index (organization_id,
 * occurred_at) of the event log.
 */
export const mailsSince = (organizationId: string, since: string, within: Within = () => "") => `
  (SELECT count(*)::int FROM organization_event
    WHERE organization_id = ${organizationId} ${within("organization_id")} AND occurred_at > ${since}
    AND type IN ('invitation.created', 'invitation.resent'))`;

// Counts recent invitations in the event log, because cancelling or deleting an invitation must not lower the count.
const STATE: Statement = {
  name: "inviting-state",
  text: `
    SELECT
      ${MEMBERS} AS members, ${pendingAt("$3", "$1")} AS pending,
      ARRAY(SELECT u.email FROM member m JOIN user_account u ON u.id = m.user_id
        WHERE m.organization_id = $1 AND u.email = ANY ($2) AND u.email_verified) AS "memberEmails",
      ARRAY(SELECT email FROM invitation
        WHERE organization_id = $1 AND email = ANY ($2) AND status = 'PENDING' AND expires_at > $3) AS "pendingEmails",
      ARRAY(SELECT id FROM invitation
        WHERE organization_id = $1 AND email = ANY ($2) AND status = 'PENDING' AND expires_at <= $3) AS "overdueIds",
      (SELECT jsonb_object_agg(id, name) FROM workspace
        WHERE organization_id = $1 AND id = ANY ($5::uuid[]) AND deleted_at IS NULL) AS "workspaceNames",
      ${mailsSince("$1", "$4")} AS sent
    FROM organization_count c WHERE c.organization_id = $1`,
};

/** The state on which the rules of inviting depend. */
export interface InvitingState {
  members: number;
  pending: number;
  memberEmails: string[];
  pendingEmails: string[];
  overdueIds: string[];
  workspaceNames: Record<string, string> | null;
  sent: number;
}

/** Reads the state in one round trip. The caller holds the organization's lock. */
export async function readInvitingState(
  reader: Reader,
  organizationId: string,
  request: { emails: readonly string[]; workspaceIds: readonly string[]; now: Date; since: Date },
): Promise<InvitingState> {
  const values = [organizationId, request.emails, request.now, request.since, request.workspaceIds];
  const [state] = await reader.rows<InvitingState>(STATE, values);
  if (!state) throw new Error("The organization has no counters.");
  return state;
}

/** Inserts invitations, each with the same workspace grants. */
export async function insertInvitations(
  transaction: Transaction,
  invitations: readonly Invitation[],
  grants: readonly WorkspaceGrant[],
): Promise<void> {
  await noteInvitations(transaction, invitations);
  await insertRows(transaction, Invitation, invitations);
  const rows = invitations.flatMap(({ id, organizationId }) =>
    grants.map((grant) => ({ ...grant, organizationId, invitationId: id })),
  );
  await insertRows(transaction, InvitationWorkspace, rows);
}

/** Replaces all workspace grants of an invitation, including those to deleted workspaces. */
export async function replaceInvitationGrants(
  transaction: Transaction,
  { organizationId, id: invitationId }: InvitationKey,
  grants: readonly WorkspaceGrant[],
): Promise<void> {
  await transaction.manager.delete(InvitationWorkspace, { organizationId, invitationId });
  const rows = grants.map((grant) => ({ ...grant, organizationId, invitationId }));
  await insertRows(transaction, InvitationWorkspace, rows);
}

/** Applies the same change to several invitations of an organization. */
export async function updateInvitations(
  { manager }: Transaction,
  organizationId: string,
  ids: readonly string[],
  patch: Partial<Invitation>,
): Promise<void> {
  if (ids.length > 0) await manager.update(Invitation, { organizationId, id: In([...ids]) }, patch);
}

/** An organization's invitation by id. The caller holds the organization's lock. */
export async function findInvitation({ manager }: Transaction, organizationId: string, id: string) {
  return (await manager.findOneBy(Invitation, { organizationId, id })) ?? undefined;
}

const BY_LINK = byLink(
  { name: "invitation-by-token" },
  2,
  (within) => `
    SELECT i.id, i.organization_id AS "organizationId" FROM invitation_token t
    JOIN invitation i ON i.organization_id = t.organization_id AND i.id = t.invitation_id
      ${within("i.organization_id")}
    WHERE t.token_hash = $1 ${within("t.organization_id")}`,
);

const BY_ID_AND_PERSON = located(
  { name: "invitation-by-id-and-person" },
  { directory: "invitation", parameter: 1 },
  (within) => `
    SELECT id, organization_id AS "organizationId" FROM invitation
    WHERE id = $1 AND email = (SELECT email FROM user_account WHERE id = $2) ${within("organization_id")}`,
);

/** Identifies an invitation, with its organization. */
export interface InvitationKey {
  id: string;
  organizationId: string;
}

/** The invitation of a link that works. */
export async function invitationOfLink(reader: Reader, link: LinkKey): Promise<InvitationKey | undefined> {
  const [key] = await rowsOfLink<InvitationKey>(reader, BY_LINK, link, [link.hash]);
  return key;
}

/** An invitation by id, if it was sent to the person's stored address, verified or not. */
export async function invitationAddressedTo(reader: Reader, id: string, userId: string) {
  const [key] = await reader.rows<InvitationKey>(BY_ID_AND_PERSON, [id, userId]);
  return key;
}

const ACTIVE_GRANTS: Statement = {
  name: "active-grants-of-invitation",
  text: `
    SELECT g.workspace_id AS "workspaceId", g.role_override AS "roleOverride", g.expires_at AS "expiresAt"
    FROM invitation_workspace g
    JOIN workspace w ON w.organization_id = g.organization_id AND w.id = g.workspace_id AND w.deleted_at IS NULL
    WHERE g.organization_id = $1 AND g.invitation_id = $2 AND ${isActiveGrant("g", "$3")} ORDER BY g.workspace_id`,
};

/** An invitation's workspace grants, without deleted workspaces and access that has ended. */
export function activeGrantsOf(
  reader: Reader,
  { organizationId, id }: InvitationKey,
  now: Date,
): Promise<WorkspaceGrant[]> {
  return reader.rows<WorkspaceGrant>(ACTIVE_GRANTS, [organizationId, id, now]);
}

const OVERDUE: Statement = {
  name: "organizations-with-overdue-invitations",
  text: `
    SELECT DISTINCT organization_id AS "organizationId" FROM invitation
    WHERE status = 'PENDING' AND expires_at <= $1 LIMIT $2`,
};

/** Organizations with pending invitations past their date. */
export async function organizationsWithOverdueInvitations(reader: Reader, now: Date, limit: number): Promise<string[]> {
  const rows = await reader.rows<{ organizationId: string }>(OVERDUE, [now, limit]);
  return rows.map((row) => row.organizationId);
}

const OVERDUE_OF: Statement = {
  name: "overdue-invitations",
  text: `
    SELECT id, email FROM invitation WHERE organization_id = $1 AND status = 'PENDING' AND expires_at <= $2
    ORDER BY created_at, id`,
};

const UNSENT: Statement = {
  name: "unsent-invitations",
  text: `
    SELECT id, organization_id AS "organizationId", send_number AS "sendNumber", email FROM invitation
    WHERE organization_id = $1 AND status = 'PENDING' AND delivery = 'QUEUED' AND expires_at > $2 ORDER BY id`,
};

/** An organization's pending invitations whose mail is not sent yet. The caller holds its lock. */
export function unsentInvitations(reader: Reader, organizationId: string, now: Date) {
  return reader.rows<{ id: string; organizationId: string; sendNumber: number; email: string }>(UNSENT, [
    organizationId,
    now,
  ]);
}

// Reads all pending invitations; only for restored databases.
const WITH_UNSENT: Statement = {
  name: "organizations-with-unsent-invitations",
  text: `
    SELECT DISTINCT organization_id AS id FROM invitation
    WHERE status = 'PENDING' AND delivery = 'QUEUED' AND organization_id > $1 ORDER BY organization_id LIMIT $2`,
};

/** Organizations with a pending invitation whose mail is not sent yet, by id, after the id `after`. */
export async function organizationsWithUnsentInvitations(reader: Reader, after: string, limit: number) {
  return (await reader.rows<{ id: string }>(WITH_UNSENT, [after, limit])).map(({ id }) => id);
}

/** An organization's pending invitations past their date. The caller holds its lock. */
export function overdueInvitations(reader: Reader, organizationId: string, now: Date) {
  return reader.rows<{ id: string; email: string }>(OVERDUE_OF, [organizationId, now]);
}

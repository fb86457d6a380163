import { InvitationToken } from "../../entities/invitation-token";
import type { RequestedLink } from "../domain/invitation-request";
import type { OrganizationRole } from "../domain/role";
import type { Reader, Statement } from "./engine/statement";
import { insertRows, type Transaction } from "./engine/transaction";
import { byLink, type LinkKey, rowsOfLink } from "./link-key";

/** Stores the hash of a link's token. */
export async function insertToken(transaction: Transaction, token: InvitationToken): Promise<void> {
  await insertRows(transaction, InvitationToken, [token]);
}

const STORED: Statement = {
  name: "is-token-stored",
  text: "SELECT FROM invitation_token WHERE organization_id = $1 AND token_hash = $2",
};

/** Whether a link still works: no newer one has replaced it. The caller holds the organization's lock. */
export async function isTokenStored(reader: Reader, organizationId: string, tokenHash: Buffer): Promise<boolean> {
  return (await reader.rows(STORED, [organizationId, tokenHash])).length > 0;
}

// Uses invitation_token_invitation_id_index. A hash that already exists belongs to a link whose holder has asked for a
// new one.
const REPLACE: Statement = {
  name: "replace-links",
  text: `
    WITH gone AS (DELETE FROM invitation_token WHERE organization_id = $1 AND invitation_id = $2 RETURNING token_hash)
    INSERT INTO dead_link (token_hash, organization_id, invitation_id) SELECT token_hash, $1, $2 FROM gone
    ON CONFLICT (organization_id, token_hash) DO NOTHING`,
};

/** Invalidates every link of an invitation. Holders can still ask for a new one. */
export async function replaceLinks(reader: Reader, invitation: { id: string; organizationId: string }): Promise<void> {
  await reader.rows(REPLACE, [invitation.organizationId, invitation.id]);
}

// Two look-ups by primary key.
const ORGANIZATION = byLink(
  { name: "organization-of-link" },
  2,
  (within) => `
    SELECT i.organization_id AS "organizationId" FROM (
      SELECT organization_id, invitation_id FROM invitation_token WHERE token_hash = $1 ${within("organization_id")}
      UNION ALL SELECT organization_id, invitation_id FROM dead_link WHERE token_hash = $1 ${within("organization_id")}
    ) link
    JOIN invitation i ON i.organization_id = link.organization_id AND i.id = link.invitation_id
      ${within("i.organization_id")}
    JOIN organization o ON o.id = i.organization_id AND o.deleted_at IS NULL ${within("o.id")} LIMIT 1`,
);

/** The organization of a link, whether the link works or not; undefined for a deleted organization. */
export async function organizationOfLink(reader: Reader, link: LinkKey): Promise<string | undefined> {
  const [row] = await rowsOfLink<{ organizationId: string }>(reader, ORGANIZATION, link, [link.hash]);
  return row?.organizationId;
}

const LINK: Statement = {
  name: "requested-link",
  text: `
    SELECT i.id AS "invitationId", i.email, i.status, i.expires_at AS "expiresAt",
      i.cancellation_reason AS "cancellationReason", i.invited_by_id AS "inviterId", dead.requested_at AS "requestedAt",
      token.token_hash IS NULL AS "isReplaced", m.role AS "inviterRole",
      coalesce(u.email_verified AND u.email IS NOT NULL, false) AS "inviterHasAddress"
    FROM invitation i
    LEFT JOIN invitation_token token ON token.organization_id = $1 AND token.invitation_id = i.id AND token.token_hash = $2
    LEFT JOIN dead_link dead ON dead.invitation_id = i.id AND dead.organization_id = $1 AND dead.token_hash = $2
    LEFT JOIN member m ON m.organization_id = $1 AND m.user_id = i.invited_by_id
    LEFT JOIN user_account u ON u.id = i.invited_by_id
    WHERE i.organization_id = $1 AND (token.token_hash IS NOT NULL OR dead.token_hash IS NOT NULL)
      AND i.id IN (SELECT invitation_id FROM invitation_token WHERE organization_id = $1 AND token_hash = $2
        UNION ALL SELECT invitation_id FROM dead_link WHERE organization_id = $1 AND token_hash = $2)`,
};

/** A link with its invitation and inviter. */
export interface LinkState extends RequestedLink {
  invitationId: string;
  email: string;
  inviterId: string | null;
  inviterRole: OrganizationRole | null;
  inviterHasAddress: boolean;
}

/** A link of the organization. The caller holds the organization's lock. */
export async function findLink(reader: Reader, organizationId: string, tokenHash: Buffer) {
  const [link] = await reader.rows<LinkState>(LINK, [organizationId, tokenHash]);
  return link;
}

const NOTE: Statement = {
  name: "note-link-request",
  text: `
    INSERT INTO dead_link (token_hash, organization_id, invitation_id, requested_at) VALUES ($2, $1, $3, $4)
    ON CONFLICT (organization_id, token_hash) DO UPDATE SET requested_at = excluded.requested_at`,
};

/** Records that the holder of a link asked for a new one. */
export async function noteLinkRequest(
  reader: Reader,
  request: { organizationId: string; tokenHash: Buffer; invitationId: string; now: Date },
): Promise<void> {
  const { organizationId, tokenHash, invitationId, now } = request;
  await reader.rows(NOTE, [organizationId, tokenHash, invitationId, now]);
}

import type { CountingPlans } from "../../domain/growth";
import type { OrganizationRole } from "../../domain/role";
import { MEMBERS } from "../counts";
import type { Reader } from "../engine/statement";
import { byLink, type LinkKey, rowsOfLink } from "../link-key";
import { FROM, type InvitationView, inviteesColumns } from "./invitations";

const PREVIEW = byLink(
  { name: "invitation-preview", isShortRead: true },
  4,
  (within) => `
    SELECT ${inviteesColumns(within)}, u.name AS "invitedByName", m.id IS NOT NULL AS "viewerIsMember",
      viewer.email AS "viewerEmail", coalesce(viewer.email_verified, false) AS "viewerEmailVerified",
      s.plan_code AS "planCode", s.scheduled_plan_code AS "scheduledPlanCode",
      ${MEMBERS} AS "memberCount",
      inviter.role AS "inviterRole"
    FROM ${FROM} ${within("o.id")}
    JOIN invitation_token t ON t.organization_id = i.organization_id AND t.invitation_id = i.id
      ${within("t.organization_id")}
    JOIN organization_subscription s ON s.organization_id = i.organization_id ${within("s.organization_id")}
    JOIN organization_count c ON c.organization_id = i.organization_id ${within("c.organization_id")}
    LEFT JOIN user_account u ON u.id = i.invited_by_id
    LEFT JOIN member m ON m.organization_id = i.organization_id AND m.user_id = $3
      ${within("m.organization_id")}
    LEFT JOIN user_account viewer ON viewer.id = $3
    LEFT JOIN member inviter ON inviter.organization_id = i.organization_id AND inviter.user_id = i.invited_by_id
      ${within("inviter.organization_id")}
    WHERE t.token_hash = $2 ${within("i.organization_id")}`,
);

/** The invitation that a link shows to its holder. */
export interface InvitationPreviewView extends InvitationView, CountingPlans {
  invitedByName: string | null;
  viewerIsMember: boolean;
  viewerEmail: string | null;
  viewerEmailVerified: boolean;
  memberCount: number;
  /** Null if the inviter has left. */
  inviterRole: OrganizationRole | null;
}

/** The invitation of a link; undefined for an unknown one. */
export async function previewInvitation(reader: Reader, now: Date, link: LinkKey, viewerId: string | null) {
  // As in visibilityValues: nobody is "".
  const [preview] = await rowsOfLink<InvitationPreviewView>(reader, PREVIEW, link, [now, link.hash, viewerId ?? ""]);
  return preview;
}

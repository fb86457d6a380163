import type { OrganizationSubscription } from "../../../entities/organization-subscription";
import { SENDING_WINDOW_MS } from "../../domain/inviting";
import { MEMBERS, pendingAt } from "../counts";
import { located, onNodes } from "../engine/directories";
import type { Reader, Statement } from "../engine/statement";
import { mailsSince } from "../invitation";

export type SubscriptionView = OrganizationSubscription;

const COLUMNS = `
  s.id, s.organization_id AS "organizationId", s.plan_code AS "planCode", s.status, s.started_at AS "startedAt",
  s.billing_interval AS "billingInterval", s.current_period_start AS "currentPeriodStart",
  s.current_period_end AS "currentPeriodEnd", s.scheduled_plan_code AS "scheduledPlanCode",
  s.scheduled_interval AS "scheduledInterval", s.provider_customer_id AS "providerCustomerId",
  s.provider_subscription_id AS "providerSubscriptionId", s.provider_read_at AS "providerReadAt",
  s.provider_is_behind AS "syncPending", s.provider_orders AS "syncRevision", s.payment_method AS "paymentMethod"`;

const OF_ORGANIZATIONS: Statement = {
  name: "subscriptions-of-organizations",
  isShortRead: true,
  onStandby: "everything",
  text: `SELECT ${COLUMNS} FROM organization_subscription s WHERE s.organization_id = ANY ($1::uuid[])`,
};

/** The subscriptions of organizations. The caller has checked that the viewer may manage their billing. */
export function subscriptionsOf(reader: Reader, organizationIds: readonly string[]): Promise<SubscriptionView[]> {
  return reader.rows<SubscriptionView>(OF_ORGANIZATIONS, [organizationIds]);
}

const VISIBLE = located(
  { name: "visible-subscriptions", isShortRead: true },
  { directory: "person", parameter: 1 },
  (within) => `
    SELECT ${COLUMNS} FROM organization_subscription s
    JOIN organization o ON o.id = s.organization_id AND o.deleted_at IS NULL ${within("o.id")}
    LEFT JOIN member v ON v.organization_id = s.organization_id AND v.user_id = $1 AND v.role = 'OWNER'
      ${within("v.organization_id")}
    WHERE s.id = ANY ($3::uuid[]) AND ($2 OR v.id IS NOT NULL) ${within("s.organization_id")}`,
);

/** Subscriptions by id. Only Owners may see them. */
export function visibleSubscriptions(
  reader: Reader,
  visibility: { userId: string | null; all: boolean },
  ids: readonly string[],
) {
  return reader.rows<SubscriptionView>(VISIBLE, [visibility.userId, visibility.all, ids]);
}

const USE = onNodes(
  { name: "use-of-organizations", isShortRead: true, onStandby: "everything" },
  1,
  (within) => `
    SELECT c.organization_id AS "organizationId", ${MEMBERS} + ${pendingAt("$2", "c.organization_id", within)} AS seats,
      c.workspaces
    FROM organization_count c WHERE c.organization_id = ANY ($1::uuid[])`,
);

/** Seats in use (members and pending invitations) and workspaces, by organization. */
export function useOfOrganizations(reader: Reader, now: Date, organizationIds: readonly string[]) {
  return reader.rows<{ organizationId: string; seats: number; workspaces: number }>(USE, [organizationIds, now]);
}

const SENT = onNodes(
  { name: "invitation-mails-of-organizations", isShortRead: true, onStandby: "everything" },
  1,
  (within) => `
    SELECT o.id AS "organizationId", ${mailsSince("o.id", "$2", within)} AS sent FROM organization o
    WHERE o.id = ANY ($1::uuid[])`,
);

/** The invitation mails that organizations have sent within the window of the limit. */
export function mailsOfOrganizations(reader: Reader, now: Date, organizationIds: readonly string[]) {
  const since = new Date(now.getTime() - SENDING_WINDOW_MS);
  return reader.rows<{ organizationId: string; sent: number }>(SENT, [organizationIds, since]);
}

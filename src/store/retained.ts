import { countRemoved } from "../process-metrics";
import { forgetInvitations } from "./directories";
import type { Database } from "./engine/database";
import type { Reader, Statement } from "./engine/statement";
import { inTransaction } from "./engine/transaction";
import { BATCH_SIZE, deleteOld, oldRows } from "./old-rows";
import { lockOrganization } from "./organization";

const PAGE: Statement = {
  name: "organizations-to-clean",
  text: "SELECT id FROM organization WHERE id > $1 ORDER BY id LIMIT $2",
};

/** The ids of organizations, deleted ones included, after the id `after`. */
export async function organizationsAfter(reader: Reader, after: string, limit: number): Promise<string[]> {
  return (await reader.rows<{ id: string }>(PAGE, [after, limit])).map(({ id }) => id);
}

const OF_ORGANIZATIONS = "organization_id = ANY ($2::uuid[])";
// Uses usage_hour_hour_index, or the primary key of each organization.
const HOURS: Statement = {
  name: "delete-old-usage-hours",
  ...oldRows("usage_hour", `${OF_ORGANIZATIONS} AND hour < $1`, { key: ["organization_id", "scope_id", "hour"] }),
};
// Uses one range of the primary key for each organization.
const DAYS: Statement = {
  name: "delete-old-usage-days",
  ...oldRows("usage_day", `${OF_ORGANIZATIONS} AND day < ($1::timestamptz AT TIME ZONE 'UTC')::date`, {
    key: ["organization_id", "day", "period_start"],
  }),
};
const ALERTS: Statement = {
  name: "delete-old-credit-alerts",
  ...oldRows("credit_alert", `${OF_ORGANIZATIONS} AND period_start < $1`, {
    key: ["organization_id", "period_start", "threshold"],
  }),
};

/** Deletes the usage of organizations before a day, and the alerts of periods that began before it. */
export async function deleteOldUsage(reader: Reader, day: Date, organizationIds: readonly string[]): Promise<void> {
  await deleteOld(reader, HOURS, [day, organizationIds]);
  await deleteOld(reader, DAYS, [day, organizationIds]);
  await deleteOld(reader, ALERTS, [day, organizationIds]);
}

// An invitation ends after its creation, and a review after its start, so the indexes on these dates find the old ones.
const IS_OLD_INVITATION = "created_at <= $1 AND status <> 'PENDING' AND coalesce(responded_at, expires_at) <= $1";
const WITH_OLD_INVITATIONS: Statement = {
  name: "organizations-with-old-invitations",
  text: `SELECT DISTINCT organization_id AS id FROM invitation WHERE ${OF_ORGANIZATIONS} AND ${IS_OLD_INVITATION}`,
};
const INVITATIONS: Statement = {
  name: "delete-old-invitations",
  ...oldRows("invitation", `organization_id = $2 AND ${IS_OLD_INVITATION}`, { returning: "id" }),
};

/** Those of the organizations with invitations that ended at or before a time. */
export async function withOldInvitations(reader: Reader, before: Date, ids: readonly string[]): Promise<string[]> {
  return (await reader.rows<{ id: string }>(WITH_OLD_INVITATIONS, [before, ids])).map(({ id }) => id);
}

/**
 * Deletes an organization's invitations that ended at or before a time, with their links. Each batch holds the
 * organization's lock, because a command may resend an expired invitation.
 */
export async function deleteOldInvitations(database: Database, before: Date, organizationId: string): Promise<void> {
  for (let deleted = BATCH_SIZE; deleted === BATCH_SIZE; ) {
    deleted = await inTransaction(
      database,
      async (transaction) => {
        await lockOrganization(transaction, organizationId);
        const rows = await transaction.rows<{ id: string }>(INVITATIONS, [before, organizationId]);
        await forgetInvitations(
          transaction,
          rows.map(({ id }) => id),
        );
        return rows.length;
      },
      { isRepeatable: true },
    );
    countRemoved(INVITATIONS.name, deleted);
  }
}

const IS_OLD_REVIEW = "started_at <= $1 AND status <> 'OPEN' AND coalesce(completed_at, started_at) <= $1";
const OLD_REVIEWS: Statement = {
  name: "old-access-reviews",
  text: `
    SELECT organization_id AS "organizationId", id FROM access_review WHERE ${OF_ORGANIZATIONS} AND ${IS_OLD_REVIEW}`,
};
const REVIEW: Statement = {
  name: "delete-access-review",
  text: "DELETE FROM access_review WHERE organization_id = $1 AND id = $2",
};

/**
 * Deletes the organizations' reviews that were completed, or started and canceled, at or before a time. A review is
 * deleted together with all its items, so that nobody sees incomplete evidence.
 */
export async function deleteOldReviews(reader: Reader, before: Date, ids: readonly string[]): Promise<void> {
  type Review = { organizationId: string; id: string };
  for (const review of await reader.rows<Review>(OLD_REVIEWS, [before, ids])) {
    await reader.rows(REVIEW, [review.organizationId, review.id]);
    countRemoved(REVIEW.name, 1);
  }
}

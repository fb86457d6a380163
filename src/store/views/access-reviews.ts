import type { AccessReview } from "../../../entities/access-review";
import type { AccessReviewStatus } from "../../domain/access-review";
import { rolesWith } from "../../domain/permission";
import { located, onNodes, type Within } from "../engine/directories";
import type { Reader, Statement } from "../engine/statement";
import { cursorValues, isAfter, orderOf } from "../lists";
import type { PageRequest } from "../page";
import { type Visibility, visibilityValues } from "./visibility";

/** A review, with the hash of the log at its completion. */
export interface AccessReviewView extends Omit<AccessReview, "reminders"> {
  evidenceHash: string | null;
}

/** SQL list of the roles that may see reviews. */
export const REVIEWERS = rolesWith("REVIEW_ACCESS")
  .map((role) => `'${role}'`)
  .join(", ");

// The event that completed a review is the last of its transaction. Uses organization_event_review_completed_index.
const columns = (within: Within) => `
  r.organization_id AS "organizationId", r.id, r.name, r.status, r.started_at AS "startedAt",
  r.started_by_id AS "startedById", r.due_at AS "dueAt", r.completed_at AS "completedAt",
  r.completed_by_id AS "completedById", r.item_count AS "itemCount", r.decided_count AS "decidedCount",
  (SELECT encode(e.hash, 'hex') FROM organization_event e
    WHERE e.organization_id = r.organization_id ${within("e.organization_id")} AND e.type = 'access_review.completed' AND e.subject_id = r.id
  ) AS "evidenceHash"`;

// One page per organization in one statement, newest first: a backward scan of the (…, started_at, id) index.
const PAGE = onNodes(
  { name: "access-review-pages", isShortRead: true, onStandby: "everything" },
  1,
  (within) => `
    SELECT page.* FROM organization parent CROSS JOIN LATERAL (
      SELECT ${columns(within)} FROM access_review r
      WHERE r.organization_id = parent.id AND r.organization_id = ANY ($1::uuid[]) AND ($2::text[] IS NULL OR r.status = ANY ($2))
        AND ${isAfter("accessReviews", 3)}
      ORDER BY ${orderOf("accessReviews")} LIMIT $5
    ) AS page WHERE parent.id = ANY ($1::uuid[])`,
);

type Statuses = readonly AccessReviewStatus[] | null;

/** Pages of several organizations' reviews, newest first. The caller has checked that the viewer may see them. */
export function accessReviewPages(
  reader: Reader,
  organizationIds: readonly string[],
  statuses: Statuses,
  { limit, after }: PageRequest,
): Promise<AccessReviewView[]> {
  const values = [organizationIds, statuses, ...cursorValues("accessReviews", after), limit + 1];
  return reader.rows<AccessReviewView>(PAGE, values);
}

const TOTAL: Statement = {
  name: "access-review-totals",
  isShortRead: true,
  onStandby: "everything",
  text: `
    SELECT organization_id AS "parentId", count(*)::int AS total FROM access_review
    WHERE organization_id = ANY ($1::uuid[]) AND ($2::text[] IS NULL OR status = ANY ($2)) GROUP BY organization_id`,
};

/** Counts reviews with one of the statuses, by organization. */
export function accessReviewTotals(reader: Reader, organizationIds: readonly string[], statuses: Statuses) {
  return reader.rows<{ parentId: string; total: number }>(TOTAL, [organizationIds, statuses]);
}

const BY_ID = located(
  { name: "visible-access-reviews", isShortRead: true },
  { directory: "person", parameter: 1 },
  (within) => `
    SELECT ${columns(within)} FROM access_review r
    JOIN organization o ON o.id = r.organization_id AND o.deleted_at IS NULL ${within("o.id")}
    LEFT JOIN member v ON v.organization_id = r.organization_id AND v.user_id = $1 AND v.role IN (${REVIEWERS}) ${within("v.organization_id")}
    WHERE r.id = ANY ($3::uuid[]) AND ($2 OR v.id IS NOT NULL) ${within("r.organization_id")}`,
);

/** Reviews by id. The organization's Owners and Admins see them. */
export function visibleAccessReviews(
  reader: Reader,
  visibility: Visibility,
  ids: readonly string[],
): Promise<AccessReviewView[]> {
  return reader.rows<AccessReviewView>(BY_ID, [...visibilityValues(visibility), ids]);
}

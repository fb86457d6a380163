import { AccessReview } from "../../entities/access-review";
import type { AccessReviewStatus } from "../domain/access-review";
import { rolesWith } from "../domain/permission";
import type { OrganizationRole } from "../domain/role";
import { isActiveGrant } from "./active-grant";
import type { Reader, Statement } from "./engine/statement";
import { insertRows, type Transaction } from "./engine/transaction";
import { hasFindings } from "./reviewed-findings";
import { grantsOf } from "./reviewed-grants";

/** A review for commands. */
export interface StoredReview extends AccessReview {}

const REVIEW: Statement = {
  name: "access-review-of-organization",
  text: `
    SELECT organization_id AS "organizationId", id, name, status, started_at AS "startedAt",
      started_by_id AS "startedById", due_at AS "dueAt", completed_at AS "completedAt",
      completed_by_id AS "completedById", item_count AS "itemCount", decided_count AS "decidedCount", reminders
    FROM access_review WHERE organization_id = $1 AND id = $2`,
};

/** A review of the organization by id. The caller holds the organization's lock. */
export async function findReview(reader: Reader, organizationId: string, id: string) {
  const [review] = await reader.rows<StoredReview>(REVIEW, [organizationId, id]);
  return review;
}

// The unique index access_review_one_open holds at most one row.
const OPEN: Statement = {
  name: "open-access-review",
  text: `SELECT id FROM access_review WHERE organization_id = $1 AND status = 'OPEN'`,
};

/** The id of the organization's open review; undefined if none is open. */
export async function openReviewId(reader: Reader, organizationId: string): Promise<string | undefined> {
  const [row] = await reader.rows<{ id: string }>(OPEN, [organizationId]);
  return row?.id;
}

/** Which members are in a review. Null: no restriction. */
export interface ReviewScope {
  roles: readonly OrganizationRole[] | null;
  workspaceIds: readonly string[] | null;
}

const IN_SCOPE = `
  m.organization_id = $1 AND ($2::text[] IS NULL OR m.role = ANY ($2))
  AND ($3::uuid[] IS NULL OR m.role IN ('OWNER', 'ADMIN') OR EXISTS (
    SELECT 1 FROM workspace_assignment a
    WHERE a.organization_id = $1 AND a.member_id = m.id AND a.workspace_id = ANY ($3)
      AND ${isActiveGrant("a", "$4")}))`;

const COUNT: Statement = {
  name: "count-members-to-review",
  text: `SELECT count(*)::int AS total FROM member m WHERE ${IN_SCOPE}`,
};

/** Counts the members in a scope: with one of the roles, and with access to one of the workspaces. */
export async function countToReview(
  reader: Reader,
  organizationId: string,
  scope: ReviewScope,
  now: Date,
): Promise<number> {
  const values = [organizationId, scope.roles, scope.workspaceIds, now];
  const [row] = await reader.rows<{ total: number }>(COUNT, values);
  return row?.total ?? 0;
}

// One statement for all members, so that the lock is held as briefly as possible. Owners are ranked among all Owners,
// even if the scope excludes some of them.
const FREEZE: Statement = {
  name: "freeze-access",
  text: `
    WITH owner AS (
      SELECT id, (row_number() OVER (ORDER BY joined_at, id))::int AS rank FROM member
      WHERE organization_id = $1 AND role = 'OWNER'
    ), frozen AS (
      SELECT m.organization_id, row_number() OVER (ORDER BY m.joined_at, m.id) AS position, m.id, m.user_id, u.name,
        m.role, ${grantsOf("m", "$4", "$1")} AS grants, m.joined_at, m.last_seen_at, owner.rank AS owner_rank
      FROM member m JOIN user_account u ON u.id = m.user_id LEFT JOIN owner ON owner.id = m.id
      WHERE ${IN_SCOPE}
    )
    INSERT INTO access_review_item (organization_id, review_id, position, id, member_id, user_id, user_name, role, grants,
      joined_at, last_seen_at, owner_rank, findings_order)
    SELECT f.organization_id, $5, f.position, gen_random_uuid(), f.id, f.user_id, f.name, f.role, f.grants, f.joined_at,
      f.last_seen_at, f.owner_rank, CASE WHEN ${hasFindings("f", "$4")} THEN 0 ELSE 1 END
    FROM frozen f`,
};

/** Stores a new review, with the access that everybody in the scope has now. */
export async function insertReview(transaction: Transaction, review: AccessReview, scope: ReviewScope): Promise<void> {
  await insertRows(transaction, AccessReview, [review]);
  const { organizationId, startedAt, id } = review;
  await transaction.rows(FREEZE, [organizationId, scope.roles, scope.workspaceIds, startedAt, id]);
}

/** Changes a review. */
export async function updateReview(
  { manager }: Transaction,
  { organizationId, id }: { organizationId: string; id: string },
  patch: Partial<Pick<AccessReview, "completedAt" | "completedById" | "decidedCount" | "reminders">> & {
    status?: AccessReviewStatus;
  },
): Promise<void> {
  await manager.update(AccessReview, { organizationId, id }, patch);
}

// Uses access_review_due_at_index. A deleted organization gets its reminders once it is restored.
const REMINDERS_DUE: Statement = {
  name: "organizations-with-due-reviews",
  text: `
    SELECT r.organization_id AS "organizationId" FROM access_review r
    JOIN organization o ON o.id = r.organization_id AND o.deleted_at IS NULL
    WHERE r.status = 'OPEN' AND r.due_at <= $1 AND r.reminders < $2 ORDER BY r.due_at, r.organization_id LIMIT $3`,
};

/** Organizations whose open review is due by a time and has had fewer reminders than it should. */
export async function organizationsWithDueReviews(
  reader: Reader,
  before: Date,
  reminders: number,
  limit: number,
): Promise<string[]> {
  const rows = await reader.rows<{ organizationId: string }>(REMINDERS_DUE, [before, reminders, limit]);
  return rows.map(({ organizationId }) => organizationId);
}

const REVIEWERS: Statement = {
  name: "reviewers-of-organization",
  text: `
    SELECT user_id AS "userId" FROM member WHERE organization_id = $1 AND role = ANY ($2::text[]) ORDER BY joined_at, id`,
};

/** The user ids of the members who may review access. */
export async function reviewerIds(reader: Reader, organizationId: string): Promise<string[]> {
  const rows = await reader.rows<{ userId: string }>(REVIEWERS, [organizationId, rolesWith("REVIEW_ACCESS")]);
  return rows.map(({ userId }) => userId);
}

/** A reviewer to remind, with the review. The address is null while unverified, because it may be another person's. */
export interface RemindedReviewer extends Pick<AccessReview, "name" | "dueAt" | "itemCount" | "decidedCount"> {
  email: string | null;
  organizationName: string;
}

const REMINDED: Statement = {
  name: "reviewer-to-remind",
  text: `
    SELECT CASE WHEN u.email_verified THEN u.email END AS email, o.name AS "organizationName", r.name,
      r.due_at AS "dueAt", r.item_count AS "itemCount", r.decided_count AS "decidedCount"
    FROM access_review r
    JOIN organization o ON o.id = r.organization_id AND o.deleted_at IS NULL
    JOIN member m ON m.organization_id = r.organization_id AND m.user_id = $3 AND m.role = ANY ($4::text[])
    JOIN user_account u ON u.id = m.user_id
    WHERE r.organization_id = $1 AND r.id = $2 AND r.status = 'OPEN'`,
};

/** A person to remind of a review; undefined if it is closed or the person may no longer review access. */
export async function remindedReviewer(reader: Reader, organizationId: string, reviewId: string, userId: string) {
  const values = [organizationId, reviewId, userId, rolesWith("REVIEW_ACCESS")];
  const [reviewer] = await reader.rows<RemindedReviewer>(REMINDED, values);
  return reviewer;
}

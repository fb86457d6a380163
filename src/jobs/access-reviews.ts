import type { OrganizationUnitOfWork, Services } from "../commands/runner/unit-of-work";
import { REMINDERS_MS, remindersReached } from "../domain/access-review";
import {
  findReview,
  openReviewId,
  organizationsWithDueReviews,
  reviewerIds,
  updateReview,
} from "../store/access-review";
import { reminderJobs } from "../store/jobs";
import { changeUnlessPurged } from "./change-unless-purged";
import { forEach } from "./for-each";

const BATCH = 200;

/** Reminds the Owners and Admins of organizations with an open review, a week and a day before it is due. */
export async function sweepAccessReviews(services: Services): Promise<void> {
  const now = services.clock.now();
  for (const [index, before] of REMINDERS_MS.entries()) {
    const dueBy = new Date(now.getTime() + before);
    let ids: string[];
    do {
      ids = await organizationsWithDueReviews(services.database, dueBy, index + 1, BATCH);
      await forEach(ids, (id) => changeUnlessPurged(services, id, remindReviewers));
    } while (ids.length === BATCH);
  }
}

/** Queues the due reminder of the open review, unless it was sent. After an outage, one mail replaces both. */
async function remindReviewers(unit: OrganizationUnitOfWork): Promise<void> {
  const { transaction, organization, now, record, enqueue } = unit;
  const id = await openReviewId(transaction, organization.id);
  const review = id && (await findReview(transaction, organization.id, id));
  if (!review || organization.deletedAt) return;
  const reached = remindersReached(review.dueAt, now);
  if (reached <= review.reminders) return;
  await updateReview(transaction, review, { reminders: reached });
  const reviewers = await reviewerIds(transaction, organization.id);
  for (const job of reminderJobs(organization.id, review.id, reviewers)) enqueue(job);
  record({
    type: "access_review.reminded",
    subjectId: review.id,
    summary: `Owners and Admins were reminded that access review “${review.name}” is due on ${review.dueAt.toISOString()}.`,
    data: { dueAt: review.dueAt.toISOString(), reviewers: reviewers.length },
  });
}

import type { Services } from "../commands/runner/unit-of-work";
import { remindedReviewer } from "../store/access-review";
import type { JobPayload } from "../store/jobs";
import { inUtc, oneLine, shorten } from "./message-page";
import { sendNoticeMail } from "./notice-mail";

/** Mails a reminder to a person who is still a reviewer, of a review that is still open. Throws to be retried. */
export async function sendReviewReminder(
  { database, integrations }: Services,
  { organizationId, reviewId, userId }: JobPayload<"send-review-reminder">,
): Promise<void> {
  const reviewer = await remindedReviewer(database, organizationId, reviewId, userId);
  if (!reviewer?.email) return;
  const { email, organizationName, name, dueAt, itemCount, decidedCount } = reviewer;
  const organization = oneLine(organizationName);
  await sendNoticeMail(integrations, email, {
    subject: `The access review of ${shorten(organization, 60)} is due soon`,
    paragraphs: [
      `The access review “${oneLine(name)}” of ${organization} is due on ${inUtc(dueAt)}.`,
      `${decidedCount} of ${itemCount} members are decided. Decide on the others, then complete the review.`,
    ],
    page: `/organizations/${organizationId}/reviews/${reviewId}`,
    reason: `You receive this e-mail because you are an Owner or Admin of ${organization} on CloudThinker.`,
  });
}

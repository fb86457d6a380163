import { updateReview } from "../../store/access-review";
import { memberCommand } from "../runner/command";
import { requireOpenReview } from "./require-review";

export interface CancelAccessReviewInput {
  organizationId: string;
  reviewId: string;
}

/** Closes a review without applying its decisions. */
export const cancelAccessReview = memberCommand<CancelAccessReviewInput, { reviewId: string }>({
  permission: "REVIEW_ACCESS",
  run: async (unit, { reviewId }) => {
    const review = await requireOpenReview(unit, reviewId);
    await updateReview(unit.transaction, review, { status: "CANCELED" });
    unit.record({
      type: "access_review.canceled",
      subjectId: review.id,
      summary: `Access review “${review.name}” was canceled; nothing was applied.`,
      data: { before: { status: "OPEN" }, after: { status: "CANCELED" } },
    });
    return { reviewId: review.id };
  },
});

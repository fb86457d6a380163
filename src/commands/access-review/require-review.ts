import { assertReviewOpen } from "../../domain/access-review";
import { notFound } from "../../domain/denial";
import { isIdentifier } from "../../domain/identifier";
import { findReview, type StoredReview } from "../../store/access-review";
import type { OrganizationUnitOfWork } from "../runner/unit-of-work";

/** Returns an open review of the organization. Throws NOT_FOUND; refuses REVIEW_NOT_OPEN. */
export async function requireOpenReview(unit: OrganizationUnitOfWork, reviewId: string): Promise<StoredReview> {
  const { transaction, organization } = unit;
  const review = isIdentifier(reviewId) ? await findReview(transaction, organization.id, reviewId) : undefined;
  if (!review) throw notFound("access review");
  assertReviewOpen(review.status);
  return review;
}

import type { AccessReviewItemOrder, AccessReviewStatus } from "../domain/access-review";
import type { PageRequest } from "../store/page";
import {
  type AccessReviewItemView,
  accessReviewItemPages,
  accessReviewItemTotals,
  visibleAccessReviewItems,
} from "../store/views/access-review-items";
import {
  type AccessReviewView,
  accessReviewPages,
  accessReviewTotals,
  visibleAccessReviews,
} from "../store/views/access-reviews";
import {
  byId,
  idOf,
  type ListLoader,
  type LoaderContext,
  organizationOf,
  pagesByParent,
  type RowLoader,
  totalsByParent,
} from "./batch";

type Statuses = readonly AccessReviewStatus[] | null;

/** Access reviews by id. */
export function loadAccessReview(context: LoaderContext): RowLoader<AccessReviewView> {
  return byId(
    context,
    "accessReview",
    ({ reader, visibility }, ids) => visibleAccessReviews(reader, visibility, ids),
    idOf,
  );
}

/** Pages of an organization's access reviews. */
export function loadAccessReviews(
  context: LoaderContext,
): ListLoader<{ statuses: Statuses; page: PageRequest }, AccessReviewView[]> {
  return pagesByParent(
    context,
    "accessReviews",
    ({ reader }, ids, { statuses, page }) => accessReviewPages(reader, ids, statuses, page),
    organizationOf,
  );
}

/** The number of an organization's access reviews with one of the statuses. */
export function loadAccessReviewTotal(context: LoaderContext): ListLoader<Statuses, number> {
  return totalsByParent(context, "accessReviewTotal", ({ reader }, ids, statuses) =>
    accessReviewTotals(reader, ids, statuses),
  );
}

type ItemListArgs = { undecided: boolean; order: AccessReviewItemOrder; page: PageRequest };

/** Pages of a review's items. */
export function loadAccessReviewItems(context: LoaderContext): ListLoader<ItemListArgs, AccessReviewItemView[]> {
  return pagesByParent(
    context,
    "accessReviewItems",
    ({ reader, visibility }, ids, { undecided, order, page }) =>
      accessReviewItemPages(reader, visibility, ids, { undecided, order }, page),
    ({ reviewId }) => reviewId,
  );
}

/** Items of a review by id, in the order of the ids. */
export function loadDecidedItems(context: LoaderContext): ListLoader<readonly string[], AccessReviewItemView[]> {
  return pagesByParent(
    context,
    "decidedItems",
    ({ reader, visibility }, reviewIds, ids) => visibleAccessReviewItems(reader, visibility, reviewIds, ids),
    ({ reviewId }) => reviewId,
  );
}

/** The number of a review's items: all, or those without a decision. */
export function loadAccessReviewItemTotal(context: LoaderContext): ListLoader<boolean, number> {
  return totalsByParent(context, "accessReviewItemTotal", ({ reader, visibility }, ids, undecided) =>
    accessReviewItemTotals(reader, visibility, ids, undecided),
  );
}

import {
  loadAccessReview,
  loadAccessReviewItems,
  loadAccessReviewItemTotal,
  loadAccessReviews,
  loadAccessReviewTotal,
  loadDecidedItems,
} from "./access-reviews";
import type { LoaderContext } from "./batch";

/** The edges of access reviews. */
export class AccessReviewLoaders {
  private _accessReview?: ReturnType<typeof loadAccessReview>;
  private _accessReviews?: ReturnType<typeof loadAccessReviews>;
  private _accessReviewTotal?: ReturnType<typeof loadAccessReviewTotal>;
  private _accessReviewItems?: ReturnType<typeof loadAccessReviewItems>;
  private _accessReviewItemTotal?: ReturnType<typeof loadAccessReviewItemTotal>;
  private _decidedItems?: ReturnType<typeof loadDecidedItems>;

  constructor(protected readonly context: LoaderContext) {}

  get accessReview() {
    this._accessReview ??= loadAccessReview(this.context);
    return this._accessReview;
  }

  get accessReviews() {
    this._accessReviews ??= loadAccessReviews(this.context);
    return this._accessReviews;
  }

  get accessReviewTotal() {
    this._accessReviewTotal ??= loadAccessReviewTotal(this.context);
    return this._accessReviewTotal;
  }

  get accessReviewItems() {
    this._accessReviewItems ??= loadAccessReviewItems(this.context);
    return this._accessReviewItems;
  }

  get accessReviewItemTotal() {
    this._accessReviewItemTotal ??= loadAccessReviewItemTotal(this.context);
    return this._accessReviewItemTotal;
  }

  get decidedItems() {
    this._decidedItems ??= loadDecidedItems(this.context);
    return this._decidedItems;
  }
}

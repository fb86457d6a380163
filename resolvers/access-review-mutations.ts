import { Arg, Mutation, Resolver } from "type-graphql";
import * as inputs from "../schema/inputs/access-review";
import * as results from "../schema/results/access-review";
import { commands } from "../src/commands";
import type { StoredReview } from "../src/store/access-review";
import type { AccessReviewItemView } from "../src/store/views/access-review-items";
import { type Lazy, load, Run, type RunMutation } from "./run-mutation";

@Resolver()
export class AccessReviewMutations {
  @Mutation(() => results.StartAccessReviewResult, {
    description: "Starts a review of who has which access. One review is open at a time.",
  })
  startAccessReview(
    @Arg("input", () => inputs.StartAccessReviewInput) input: inputs.StartAccessReviewInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.startAccessReview, input, toReview);
  }

  @Mutation(() => results.DecideAccessReviewResult, {
    description: "Decides on members in an open review: on all of them, or on none if one decision is refused.",
  })
  decideAccessReview(
    @Arg("input", () => inputs.DecideAccessReviewInput) input: inputs.DecideAccessReviewInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.decideAccessReview, input, (outcome) => ({
      ...toReview(outcome),
      items: loadItems(outcome.reviewId, outcome.itemIds),
    }));
  }

  @Mutation(() => results.CompleteAccessReviewResult, {
    description:
      "Applies all decisions of an open review together. Members whose access was changed since its start stay as they are.",
  })
  completeAccessReview(
    @Arg("input", () => inputs.CompleteAccessReviewInput) input: inputs.CompleteAccessReviewInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.completeAccessReview, input, ({ review }) => ({ review: loadCompleted(review) }));
  }

  @Mutation(() => results.CancelAccessReviewResult, {
    description: "Closes an open review without applying its decisions.",
  })
  cancelAccessReview(
    @Arg("input", () => inputs.CancelAccessReviewInput) input: inputs.CancelAccessReviewInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.cancelAccessReview, input, toReview);
  }
}

const toReview = ({ reviewId }: { reviewId: string }) => ({ review: load.accessReview(reviewId) });

/**
 * A person who loses the right to review by their own review can no longer load it. They get the completed review from
 * the outcome.
 */
const loadCompleted =
  (completed: StoredReview): Lazy<unknown> =>
  async (_args, { loaders }) =>
    (await loaders.accessReview.load(completed.id)) ?? { ...completed, evidenceHash: null };

const loadItems =
  (reviewId: string, ids: readonly string[]): Lazy<AccessReviewItemView[]> =>
  (_args, { loaders }) =>
    loaders.decidedItems.load({ parentId: reviewId, args: ids });

import type { AccessReviewDecision, ReviewItemFragment } from "../../graph/generated/graphql";
import { includes } from "../../parts/includes";

export const FILTERS = ["all", "findings", "undecided", "KEEP", "CHANGE", "REMOVE"] as const;
export type Filter = "all" | "findings" | "undecided" | AccessReviewDecision;

const TESTS: Record<Filter, (item: ReviewItemFragment) => boolean> = {
  all: () => true,
  findings: ({ findings }) => findings.length > 0,
  undecided: ({ decision }) => (decision ?? null) === null,
  KEEP: ({ decision }) => decision === "KEEP",
  CHANGE: ({ decision }) => decision === "CHANGE",
  REMOVE: ({ decision }) => decision === "REMOVE",
};

export function matching(items: readonly ReviewItemFragment[], filter: Filter, search: string) {
  return items.filter((item) => TESTS[filter](item) && includes(item.userName, search));
}

export function countOf(items: readonly ReviewItemFragment[], filter: Filter): number {
  return items.filter(TESTS[filter]).length;
}

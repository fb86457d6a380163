import type { ReviewItemFragment } from "../../graph/generated/graphql";
import { reviewPage } from "../../texts/en/reviews";
import styles from "./review.module.css";
import { inputOf } from "./use-decisions";

const page = reviewPage;

interface Props {
  item: ReviewItemFragment;
  opened: ReviewItemFragment;
}

/** Says that somebody else has decided on the person since the dialog was opened. */
export function DecidedMeanwhile({ item, opened }: Props) {
  const { decision, decidedBy } = item;
  if (JSON.stringify(inputOf(item)) === JSON.stringify(inputOf(opened)) && decision === opened.decision) return null;
  return (
    <p role="alert" className={styles.meanwhile}>
      {page.meanwhile(decidedBy?.name ?? null, decision ? page.decided[decision] : page.filters.undecided)}
    </p>
  );
}

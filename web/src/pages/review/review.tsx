import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { ProgressBar } from "react-aria-components";
import type { ReviewHeadFragment } from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { CopyButton } from "../../parts/copy-button";
import { Loading } from "../../parts/loading";
import { PageHead } from "../../parts/page-head";
import { Failed } from "../../parts/page-states";
import { Day, TimeAgo } from "../../parts/time";
import { NotFound } from "../../shell/not-found";
import { texts } from "../../texts/en";
import { reviewPage } from "../../texts/en/reviews";
import { Status } from "../reviews/reviews";
import { CancelDialog, CompleteDialog } from "./closing-dialogs";
import { Exports } from "./exports";
import { People } from "./people";
import styles from "./review.module.css";
import type { ReviewState } from "./review-state";
import { useReview } from "./use-review";

const page = reviewPage;

/** One access review: who is in it, what was decided, and its end. */
export function AccessReviewPage() {
  const { organizationId, reviewId } = useParams({
    from: "/signed-in/organizations/$organizationId/reviews/$reviewId",
  });
  return <Review key={reviewId} organizationId={organizationId} reviewId={reviewId} />;
}

function Review({ organizationId, reviewId }: { organizationId: string; reviewId: string }) {
  const { review, items, loaded, state, error, store } = useReview(organizationId, reviewId);
  if (state === "missing") return <NotFound />;
  if (!review)
    return error ? <Failed error={error} onRetry={() => void store.load()} /> : <Loading panels={[56, 44, 120, 560]} />;
  return (
    <>
      <Head review={review} organizationId={organizationId} store={store} isLoaded={state === "ready"} />
      <Progress review={review} />
      {error !== null && <Failed error={error} onRetry={() => void store.load()} />}
      {state === "loading" && (
        <p role="status" className="dim">
          {page.loading(loaded, review.itemCount)}
        </p>
      )}
      {(state === "ready" || items.length > 0) && (
        <People review={review} items={items} organizationId={organizationId} store={store} />
      )}
    </>
  );
}

interface HeadProps {
  review: ReviewHeadFragment;
  organizationId: string;
  store: ReviewState;
  isLoaded: boolean;
}

function Head({ review, organizationId, store, isLoaded }: HeadProps) {
  const [closing, setClosing] = useState<"complete" | "cancel" | null>(null);
  const close = () => setClosing(null);
  const dialog = { review, organizationId, store, onClose: close };
  return (
    <>
      <PageHead title={review.name} text={<Details review={review} />}>
        <Status status={review.status} dueAt={review.dueAt} />
        <Exports organizationId={organizationId} reviewId={review.id} />
        {review.status === "OPEN" && (
          <>
            <Button onPress={() => setClosing("cancel")}>{page.cancel}</Button>
            <Button
              variant="main"
              refusal={isLoaded ? null : { message: page.completeLater }}
              onPress={() => setClosing("complete")}
            >
              {page.complete}
            </Button>
          </>
        )}
      </PageHead>
      {review.evidenceHash && (
        <p className={styles.hash}>
          <span className="dim">{page.evidence}</span> <code>{review.evidenceHash}</code>
          <CopyButton label={page.copyHash} text={review.evidenceHash} />
        </p>
      )}
      {closing === "complete" && <CompleteDialog {...dialog} />}
      {closing === "cancel" && <CancelDialog {...dialog} />}
    </>
  );
}

function Details({ review }: { review: ReviewHeadFragment }) {
  const { startedAt, startedBy, dueAt, completedAt, completedBy, status } = review;
  return (
    <>
      {page.startedOn} <Day at={startedAt} /> {startedBy && <bdi>{page.by(startedBy.name)}</bdi>}
      {status === "OPEN" && (
        <>
          , {page.due} <TimeAgo at={dueAt} />
        </>
      )}
      {completedAt && (
        <>
          , {page.completedOn} <Day at={completedAt} /> {completedBy && <bdi>{page.by(completedBy.name)}</bdi>}
        </>
      )}
    </>
  );
}

function Progress({ review: { decidedCount, itemCount } }: { review: ReviewHeadFragment }) {
  const text = texts.limit(decidedCount, itemCount);
  return (
    <ProgressBar aria-label={page.progress} value={decidedCount} maxValue={itemCount} valueLabel={text}>
      <div className={styles.progress}>
        <span>{page.progress}</span>
        <strong>{text}</strong>
        <svg viewBox={`0 0 ${itemCount} 1`} preserveAspectRatio="none" aria-hidden>
          <rect width={decidedCount} height={1} />
        </svg>
      </div>
    </ProgressBar>
  );
}

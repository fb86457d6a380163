import { useState } from "react";
import { Radio, RadioGroup } from "react-aria-components";
import { ReviewCancelDocument, ReviewCompleteDocument, type ReviewHeadFragment } from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { ConfirmDialog } from "../../parts/confirm-dialog";
import { Dialog } from "../../parts/dialog";
import { Problem } from "../../parts/problem";
import { toast } from "../../parts/toasts";
import { useCommand } from "../../parts/use-command";
import { useWhileShown } from "../../parts/use-is-shown";
import { reviewPage } from "../../texts/en/reviews";
import styles from "./review.module.css";
import type { ReviewState } from "./review-state";

const page = reviewPage;

interface Props {
  review: ReviewHeadFragment;
  organizationId: string;
  store: ReviewState;
  onClose(): void;
}

type Undecided = "KEEP" | "REMOVE";

/** Completes the review, after showing the effects. */
export function CompleteDialog({ review, organizationId, store, onClose }: Props) {
  const [undecided, setUndecided] = useState<Undecided>("KEEP");
  const { send, problem, isSending } = useCommand(ReviewCompleteDocument);
  const close = useWhileShown(onClose);
  const isOwn = ({ decision, decisionRefusal }: { decision?: unknown; decisionRefusal?: { code: string } | null }) =>
    decision === null && decisionRefusal?.code === "OWN_ACCESS";
  const { items } = store.current();
  const own = items.filter(isOwn).length;
  const open = review.itemCount - review.decidedCount - own;
  const input = { organizationId, reviewId: review.id, ...(open > 0 && { undecided }) };
  const complete = async () => {
    if (!(await send({ input }))) return;
    close();
    toast(page.completed);
    await store.load();
  };
  return (
    <ConfirmDialog
      title={page.completeQuestion(review.name)}
      confirm={page.completeButton}
      mutation={{ completeAccessReview: input }}
      problem={problem}
      isSending={isSending}
      onConfirm={() => void complete()}
      onClose={onClose}
    >
      {open > 0 && (
        <RadioGroup
          aria-label={page.undecided(open)}
          className={styles.undecided}
          value={undecided}
          onChange={(value) => setUndecided(value === "REMOVE" ? "REMOVE" : "KEEP")}
        >
          <span>{page.undecided(open)}</span>
          <Radio value="KEEP" className={styles.radio}>
            {page.undecidedKeep(open)}
          </Radio>
          <Radio value="REMOVE" className={styles.radio}>
            {page.undecidedRemove(open)}
          </Radio>
        </RadioGroup>
      )}
      {own > 0 && <p className={styles.text}>{page.ownAccess}</p>}
    </ConfirmDialog>
  );
}

/** Closes the review without applying anything. */
export function CancelDialog({ review, organizationId, store, onClose }: Props) {
  const { send, problem, isSending } = useCommand(ReviewCancelDocument);
  const close = useWhileShown(onClose);
  const cancel = async () => {
    if (!(await send({ input: { organizationId, reviewId: review.id } }))) return;
    close();
    toast(page.canceled);
    await store.load();
  };
  return (
    <Dialog title={page.cancelQuestion(review.name)} isOpen onClose={onClose}>
      <p className={styles.text}>{page.cancelText}</p>
      <Problem problem={problem} />
      <div className="actions">
        <Button onPress={onClose}>{page.cancelKeep}</Button>
        <Button variant="danger" isPending={isSending} onPress={() => void cancel()}>
          {page.cancel}
        </Button>
      </div>
    </Dialog>
  );
}

import { type FormEvent, useState } from "react";
import type { ReviewItemFragment } from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { Field } from "../../parts/field";
import { texts } from "../../texts/en";
import { reviewPage } from "../../texts/en/reviews";
import styles from "./review.module.css";
import { type Decisions, inputOf } from "./use-decisions";

const page = reviewPage;

interface Props {
  item: ReviewItemFragment;
  decisions: Decisions;
  onClose(): void;
}

/** Lets the reviewer write a note, which is sent as a part of the decision. */
export function NoteDialog({ item, decisions, onClose }: Props) {
  const [note, setNote] = useState(item.note ?? "");
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const { itemId: _itemId, ...decision } = inputOf(item);
    if (await decisions.decide([item], { ...decision, note }, page.noteFor(item.userName))) onClose();
  };
  return (
    <Dialog title={page.noteFor(item.userName)} isOpen onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} className={styles.form}>
        <Field
          label={page.note}
          hint={page.noteHint}
          value={note}
          onChange={setNote}
          problem={item.decision ? (decisions.problem?.message ?? null) : page.noteNeedsDecision}
          isMultiline
          autoFocus
        />
        <div className="actions">
          <Button onPress={onClose}>{texts.cancel}</Button>
          <Button
            variant="main"
            type="submit"
            refusal={item.decision ? null : { message: page.noteNeedsDecision }}
            isPending={decisions.isSending}
          >
            {page.saveNote}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

import type { FormEvent } from "react";
import type { ReviewItemFragment } from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { Field } from "../../parts/field";
import { Meanwhile } from "../../parts/meanwhile";
import { useDraft } from "../../parts/use-draft";
import { useWhileShown } from "../../parts/use-is-shown";
import { texts } from "../../texts/en";
import { reviewPage } from "../../texts/en/reviews";
import { DecidedMeanwhile } from "./decided-meanwhile";
import styles from "./review.module.css";
import { type Decisions, inputOf } from "./use-decisions";

const page = reviewPage;

interface Props {
  /** The person's item as it is now. */
  item: ReviewItemFragment;
  /** As it was when the dialog was opened. */
  opened: ReviewItemFragment;
  decisions: Decisions;
  onClose(): void;
}

/** Lets the reviewer write a note, which is sent as a part of the decision. */
export function NoteDialog({ item, opened, decisions, onClose }: Props) {
  const note = useDraft(item.note ?? "");
  const close = useWhileShown(onClose);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const { itemId: _itemId, ...decision } = inputOf(item);
    if (await decisions.decide([item], { ...decision, note: note.value }, page.noteFor(item.userName))) close();
  };
  return (
    <Dialog title={page.noteFor(item.userName)} isOpen onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} className={styles.form}>
        <Field
          label={page.note}
          hint={page.noteHint}
          value={note.value}
          onChange={note.edit}
          problem={item.decision ? (decisions.problem?.message ?? null) : page.noteNeedsDecision}
          isMultiline
          autoFocus
        />
        <Meanwhile label={page.note} draft={note} />
        <DecidedMeanwhile item={{ ...item, note: opened.note }} opened={opened} />
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

import { texts } from "../texts/en";
import { Button } from "./button";
import styles from "./meanwhile.module.css";
import type { Draft } from "./use-draft";

interface Props {
  label: string;
  draft: Draft;
  /** How a stored value reads. */
  wordsOf?(value: string): string;
}

/** Shows what somebody else saved while the person was typing, and lets them choose. */
export function Meanwhile({ label, draft, wordsOf = (value) => value }: Props) {
  if (draft.theirs === null) return null;
  return (
    <div role="alert" className={styles.meanwhile}>
      <p>
        {texts.changedMeanwhile(label)} <strong dir="auto">{wordsOf(draft.theirs) || texts.nothing}</strong>
      </p>
      <div className={styles.buttons}>
        <Button onPress={draft.discard}>{texts.useTheirs}</Button>
        <Button onPress={draft.keepMine}>{texts.keepMine}</Button>
      </div>
    </div>
  );
}

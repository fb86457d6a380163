import { useState } from "react";

/** A text that somebody edits while others may change it. */
export interface Draft {
  value: string;
  isChanged: boolean;
  /** The text that somebody else has saved since the editing began; null if nobody has. */
  theirs: string | null;
  edit(value: string): void;
  /** Overwrites theirs when it is saved. */
  keepMine(): void;
  /** Replaces the person's own text by the stored one. */
  discard(): void;
  /** The text that was sent is stored, perhaps normalized. What was typed since then stays. */
  settle(sent: string, stored: string): void;
}

/** Keeps the text that the person types. Without an edit, it follows the stored text. */
export function useDraft(stored: string): Draft {
  const [state, setState] = useState({ value: stored, base: stored });
  const isUntouched = state.value === state.base;
  const agrees = state.value === stored;
  if (stored !== state.base && (isUntouched || agrees)) setState({ value: stored, base: stored });
  return {
    value: isUntouched ? stored : state.value,
    isChanged: !isUntouched && !agrees,
    theirs: !isUntouched && !agrees && stored !== state.base ? stored : null,
    edit: (value) => setState({ ...state, value }),
    keepMine: () => setState({ ...state, base: stored }),
    discard: () => setState({ value: stored, base: stored }),
    settle: (sent, now) => setState(({ value }) => ({ value: value === sent ? now : value, base: now })),
  };
}

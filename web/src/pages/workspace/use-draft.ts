import { useState } from "react";

/** A text that somebody edits while others may change it. */
export interface Draft {
  value: string;
  isChanged: boolean;
  /** What somebody else made of it meanwhile; null if nobody did. */
  theirs: string | null;
  edit(value: string): void;
  useTheirs(): void;
  keepMine(): void;
  /** Begins again at what is stored. */
  reset(): void;
}

/** Keeps what the person types. Where they typed nothing, the text follows what is stored. */
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
    useTheirs: () => setState({ value: stored, base: stored }),
    keepMine: () => setState({ ...state, base: stored }),
    reset: () => setState({ value: stored, base: stored }),
  };
}

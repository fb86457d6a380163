import { useState } from "react";

/** A text that is edited while others may change it. */
export interface Draft {
  /** The text in the field: the person's own if there is one, otherwise the stored one. */
  value: string;
  isChanged: boolean;
  /** The text that somebody else has saved since the editing began; null if nobody has. */
  theirs: string | null;
  edit(value: string): void;
  /** Replaces the person's own text by the stored one. */
  discard(): void;
}

export function useDraft(stored: string): Draft {
  const [own, setOwn] = useState<{ base: string; value: string } | null>(null);
  const isChanged = own !== null && own.value !== stored;
  return {
    value: own?.value ?? stored,
    isChanged,
    theirs: isChanged && own.base !== stored ? stored : null,
    edit: (value) => setOwn((before) => ({ base: before?.base ?? stored, value })),
    discard: () => setOwn(null),
  };
}

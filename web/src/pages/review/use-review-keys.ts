import { useEffect, useRef } from "react";

export type ReviewKey = "next" | "previous" | "keep" | "change" | "remove" | "note" | "select" | "undo";

const KEYS: Record<string, ReviewKey> = {
  ArrowDown: "next",
  ArrowUp: "previous",
  k: "keep",
  c: "change",
  r: "remove",
  n: "note",
  x: "select",
  u: "undo",
};

/** Calls the action of a key while no text field and no dialog has the focus, unless the keys are switched off. */
export function useReviewKeys(isOn: boolean, onKey: (key: ReviewKey) => void): void {
  const latest = useRef(onKey);
  latest.current = onKey;
  useEffect(() => {
    if (!isOn) return;
    const listen = (event: KeyboardEvent) => {
      const key = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (!key || event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
      event.preventDefault();
      latest.current(key);
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [isOn]);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["checkbox", "radio"].includes(target.type);
  return target.isContentEditable || target.closest("textarea, select, [role=dialog], [role=listbox]") !== null;
}

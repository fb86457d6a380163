import { type RefObject, useEffect, useRef } from "react";

/**
 * Moves the focus to the neighbour of a row that has gone: the next one, or the one before it. Returns how to name the row
 * that is about to go.
 */
export function useRowFocus(frame: RefObject<HTMLElement | null>, rows: ReadonlyArray<{ id: string }>) {
  const neighbour = useRef<{ gone: string; next: string | undefined } | null>(null);
  useEffect(() => {
    const waiting = neighbour.current;
    if (!waiting || rows.some(({ id }) => id === waiting.gone)) return;
    neighbour.current = null;
    // The dialog gives the focus back to the page first.
    setTimeout(() => {
      const row = frame.current?.querySelector(`[data-row="${waiting.next}"] [data-main-action]`);
      if (row instanceof HTMLElement) row.focus();
    }, 100);
  }, [rows, frame]);
  return (gone: string) => {
    const index = rows.findIndex(({ id }) => id === gone);
    neighbour.current = { gone, next: (rows[index + 1] ?? rows[index - 1])?.id };
  };
}

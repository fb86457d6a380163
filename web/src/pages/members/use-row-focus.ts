import { type RefObject, useEffect, useRef } from "react";

/**
 * Moves the focus to the neighbour of a removed row: the next one, or the one before. Returns the function that
 * announces the removal.
 */
export function useRowFocus(frame: RefObject<HTMLElement | null>, rows: ReadonlyArray<{ id: string }>) {
  const neighbour = useRef<{ gone: string; next: string | undefined } | null>(null);
  useEffect(() => {
    const waiting = neighbour.current;
    if (!waiting || rows.some(({ id }) => id === waiting.gone)) return;
    neighbour.current = null;
    focusLater(() => frame.current?.querySelector(`[data-row="${waiting.next}"] [data-main-action]`));
  }, [rows, frame]);
  return (gone: string) => {
    const index = rows.findIndex(({ id }) => id === gone);
    neighbour.current = { gone, next: (rows[index + 1] ?? rows[index - 1])?.id };
  };
}

/** Waits for an open dialog, which holds the focus and then gives it back to the page. */
function focusLater(find: () => Element | null | undefined): void {
  setTimeout(() => {
    if (document.querySelector("[role=dialog]")) return focusLater(find);
    const target = find();
    if (target instanceof HTMLElement) target.focus();
  }, 100);
}

import { useEffect, useRef } from "react";

interface Shortcuts {
  onSelector(): void;
  onHelp(): void;
}

/** ⌘K or Ctrl+K opens the selector, "/" goes to the page's search, "?" shows the help. Single keys not while typing. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const action = actionFor(event, latest.current);
      if (!action) return;
      event.preventDefault();
      action();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

function actionFor(event: KeyboardEvent, { onSelector, onHelp }: Shortcuts): (() => void) | null {
  const isCommand = event.metaKey || event.ctrlKey;
  if (isCommand) return event.key.toLowerCase() === "k" ? onSelector : null;
  if (event.altKey || isTyping(event.target)) return null;
  if (event.key === "?") return onHelp;
  return event.key === "/" ? focusSearch : null;
}

/** In a dialog, single keys belong to the dialog. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.closest("input, textarea, select, [role=dialog], [role=listbox]") !== null;
}

function focusSearch(): void {
  const search = document.querySelector<HTMLInputElement>("main input[type=search]");
  search?.focus();
  search?.select();
}

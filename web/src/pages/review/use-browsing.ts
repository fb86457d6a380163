import { useEffect, useRef, useState } from "react";
import type { ReviewItemFragment } from "../../graph/generated/graphql";
import { useResetState } from "../../parts/use-reset-state";

/** How many people a page of the review shows. */
const PAGE_SIZE = 50;

/** The reviewer's position in the list, and the selected people. A new `key`, such as a filter, returns to the first page. */
export function useBrowsing(shown: readonly ReviewItemFragment[], key: string) {
  const [{ page, currentId }, setPosition] = useResetState(key, START);
  const [focusing, setFocusing] = useState(0);
  const element = useRef<HTMLElement | null>(null);
  const lastPage = Math.max(0, Math.ceil(shown.length / PAGE_SIZE) - 1);
  const from = Math.min(page, lastPage) * PAGE_SIZE;
  const visible = shown.slice(from, from + PAGE_SIZE);
  const isUndecided = ({ decision, decisionRefusal }: ReviewItemFragment) => !decision && !decisionRefusal;
  const current = shown.find(({ id }) => id === currentId) ?? visible.find(isUndecided) ?? visible[0];

  // After a step by keyboard, the row has the focus, so that it is read out and scrolled to.
  useEffect(() => {
    if (focusing > 0) element.current?.focus();
  }, [focusing]);

  function goTo(id: string | null): void {
    const index = shown.findIndex((item) => item.id === id);
    setPosition({ page: index >= 0 ? Math.floor(index / PAGE_SIZE) : page, currentId: id });
    setFocusing((count) => count + 1);
  }

  return {
    ...useSelection(),
    ...{ current, visible, from, element, goTo },
    focus: () => setFocusing((count) => count + 1),
    /** Makes the row the current one without moving the focus. */
    settle: (id: string) => setPosition({ page, currentId: id }),
    move: (step: number) => {
      const index = shown.findIndex(({ id }) => id === current?.id);
      const isBegun = focusing > 0 || currentId !== null;
      const target = shown[isBegun ? Math.min(shown.length - 1, Math.max(0, index + step)) : index];
      if (target) goTo(target.id);
    },
    /** The next undecided person after the one with this id, or simply the next one if nobody is undecided. */
    afterDecision: (id: string): string | null => {
      const index = shown.findIndex((item) => item.id === id);
      const later = [...shown.slice(index + 1), ...shown.slice(0, Math.max(0, index))];
      return (later.find(isUndecided) ?? shown[index + 1] ?? shown[index])?.id ?? null;
    },
    turn: (step: number) => setPosition({ page: Math.min(page, lastPage) + step, currentId: null }),
  };
}

interface Position {
  page: number;
  currentId: string | null;
}

const START: Position = { page: 0, currentId: null };

function useSelection() {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  return {
    selected,
    toggle: (id: string) => {
      const next = new Set(selected);
      if (!next.delete(id)) next.add(id);
      setSelected(next);
    },
    select: (ids: readonly string[]) => setSelected(new Set(ids)),
    clearSelection: () => setSelected(new Set()),
  };
}

export type Browsing = ReturnType<typeof useBrowsing>;

import { type Gap, placeNear } from "./place-near";

/** Where somebody was: in the page, or in one of the overlays above it. */
interface Spot {
  /** The child of the body that contains it. */
  root: Element;
  element: HTMLElement;
  /** The place where the element was, if it was removed. */
  gap: Gap | null;
}

/**
 * Moves the focus to a neighbour when the focused element is removed, with its row for example, or when the opener of a
 * dialog has gone before the dialog. Browsers give it to the body: keyboards and screen readers then begin again at the
 * top of the page.
 */
class KeptFocus {
  /** The newest last. */
  private spots: Spot[] = [];

  watch(): void {
    document.addEventListener("focusin", ({ target }) => this.enter(target));
    document.addEventListener("focusout", ({ target, relatedTarget }) => {
      // Whether the element was removed is known once the script that does it has ended.
      if (!relatedTarget) queueMicrotask(() => this.leave(target));
    });
    const removals = new MutationObserver((records) => this.note(records));
    removals.observe(document.body, { childList: true, subtree: true });
  }

  private enter(element: EventTarget | null): void {
    const root = document.querySelector("body > *:focus-within");
    if (!root || !(element instanceof HTMLElement)) return;
    const others = this.spots.filter((spot) => spot.root !== root);
    this.spots = [...others, { root, element, gap: null }];
  }

  /** Somebody pressed beside every control. An element below an overlay only waits. */
  private leave(element: EventTarget | null): void {
    const left = this.spots.at(-1);
    if (left?.element === element && left?.element.isConnected && hasNobodyFocus()) this.spots.pop();
  }

  private note(records: readonly MutationRecord[]): void {
    for (const record of records) {
      for (const removed of record.removedNodes) {
        for (const spot of this.spots) spot.gap = gapAfter(spot, removed, record) ?? spot.gap;
      }
    }
    // React Aria gives the focus of a closed dialog back in the next frame.
    if (this.spots.some(({ gap }) => gap)) requestAnimationFrame(() => requestAnimationFrame(() => this.restore()));
  }

  private restore(): void {
    if (!hasNobodyFocus()) return;
    this.spots = this.spots.filter(({ root }) => root.isConnected);
    const spot = this.spots.at(-1);
    if (!spot) return;
    const place = spot.gap ? placeNear(spot.gap, spot.element, spot.root) : spot.element;
    place?.focus();
  }
}

function hasNobodyFocus(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}

/** The gap of a spot after another removal, if that concerns it. */
function gapAfter({ element, gap }: Spot, removed: Node, { target, previousSibling, nextSibling }: MutationRecord) {
  const lost = gap?.parent ?? element;
  if (!lost.isConnected && removed.contains(lost) && target instanceof Element) {
    return { parent: target, removed, previous: previousSibling, next: nextSibling };
  }
  if (gap && removed === gap.next) return { ...gap, next: nextSibling };
  return gap && removed === gap.previous ? { ...gap, previous: previousSibling } : null;
}

/** Keeps the focus of this page. Call it once. */
export function keepFocus(): void {
  new KeptFocus().watch();
}

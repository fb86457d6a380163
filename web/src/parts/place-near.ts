const CONTROLS = "a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, [tabindex='0']";
const ROW = "tr, li";
const HEADINGS = "h1, h2, h3, h4";

/** The place of a removed node. */
export interface Gap {
  parent: Element;
  removed: Node;
  previous: Node | null;
  next: Node | null;
}

/**
 * The element that takes the focus of a removed one: the same control in what replaces it or in the next row, the last
 * control before it, the first one after it, or the heading above.
 */
export function placeNear(gap: Gap, element: HTMLElement, root: Element): HTMLElement | null {
  const { before, between, after } = childrenAround(gap);
  const order = gap.removed instanceof Element ? controlsIn(gap.removed).indexOf(element) : 0;
  const isRow = gap.removed instanceof Element && gap.removed.matches(ROW);
  const alike = isRow ? [...between, ...after, ...before.reverse()].filter((each) => each.matches(ROW)) : between;
  for (const each of alike) {
    const found = each.querySelector<HTMLElement>("[data-main-action]") ?? controlAt(each, order);
    if (found) return found;
  }
  const beside = isRow ? null : (controlAt(before.at(-1), Number.MAX_SAFE_INTEGER) ?? controlAt(after[0], 0));
  return beside ?? headingAbove(gap.parent, root) ?? controlAt(root, 0);
}

function childrenAround({ parent, previous, next }: Gap) {
  const children = [...parent.children];
  const before = children.filter((each) => previous && !isBefore(previous, each));
  const after = children.filter((each) => next && !isBefore(each, next));
  const between = children.filter((each) => !before.includes(each) && !after.includes(each));
  return { before, between, after };
}

function isBefore(one: Node, other: Node): boolean {
  return (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
}

function controlsIn(place: Element): HTMLElement[] {
  const within = [...place.querySelectorAll<HTMLElement>(CONTROLS)];
  return place instanceof HTMLElement && place.matches(CONTROLS) ? [place, ...within] : within;
}

/** The control at this place in the order of the Tab key, or the last one if there are fewer. */
function controlAt(place: Element | undefined, order: number): HTMLElement | null {
  const controls = place ? controlsIn(place).filter((each) => each.checkVisibility()) : [];
  return controls[Math.max(0, order)] ?? controls.at(-1) ?? null;
}

function headingAbove(place: Element, root: Element): HTMLElement | null {
  for (let each: Element | null = place; each && root.contains(each); each = each.parentElement) {
    const heading = each.querySelector<HTMLElement>(HEADINGS);
    if (!heading) continue;
    if (!heading.hasAttribute("tabindex")) heading.tabIndex = -1;
    return heading;
  }
  return null;
}

import { ChevronLeft, ChevronRight } from "lucide-react";
import { useState } from "react";
import { texts } from "../texts/en";
import { Button } from "./button";
import styles from "./pager.module.css";

/** The position in a list that is shown page by page. */
export interface Place {
  /** The cursor after which the page begins. */
  after: string | null;
  /** How many entries are on the pages before. */
  before: number;
}

const START: readonly Place[] = [{ after: null, before: 0 }];

/** The shown page of a list. A new `key`, such as a filter, returns to the first page. */
export function usePages(key = "") {
  const [state, setState] = useState({ key, places: START });
  const places = state.key === key ? state.places : START;
  const place = places[places.length - 1] ?? { after: null, before: 0 };
  return {
    place,
    next: (after: string | null, size: number) =>
      setState({ key, places: [...places, { after, before: place.before + size }] }),
    previous: () => setState({ key, places: places.length > 1 ? places.slice(0, -1) : START }),
  };
}

interface Props {
  pages: ReturnType<typeof usePages>;
  size: number;
  total: number;
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
}

/** The range of the shown entries, and buttons for the other pages. Absent if all entries are on one page. */
export function Pager({ pages, size, total, pageInfo }: Props) {
  const { before } = pages.place;
  if (before === 0 && !pageInfo.hasNextPage) return null;
  return (
    <nav className={styles.pager} aria-label={texts.pages}>
      <span>{texts.range(before + 1, before + size, total)}</span>
      <Button refusal={before === 0 ? { message: texts.firstPage } : null} onPress={pages.previous}>
        <ChevronLeft size={16} aria-hidden />
        {texts.previousPage}
      </Button>
      <Button
        refusal={pageInfo.hasNextPage ? null : { message: texts.lastPage }}
        onPress={() => pages.next(pageInfo.endCursor ?? null, size)}
      >
        {texts.nextPage}
        <ChevronRight size={16} aria-hidden />
      </Button>
    </nav>
  );
}

import { ChevronLeft, ChevronRight } from "lucide-react";
import { texts } from "../texts/en";
import { Button } from "./button";
import styles from "./pager.module.css";
import { useResetState } from "./use-reset-state";

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
  const [places, setPlaces] = useResetState(key, START);
  const place = places[places.length - 1] ?? { after: null, before: 0 };
  return {
    place,
    next: (after: string | null, size: number) => setPlaces([...places, { after, before: place.before + size }]),
    previous: () => setPlaces(places.length > 1 ? places.slice(0, -1) : START),
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
  return (
    <PagerBar
      from={before + 1}
      to={before + size}
      total={total}
      previous={before > 0 ? pages.previous : null}
      next={pageInfo.hasNextPage ? () => pages.next(pageInfo.endCursor ?? null, size) : null}
    />
  );
}

interface BarProps {
  from: number;
  to: number;
  total: number;
  /** Null on the first page. */
  previous: (() => void) | null;
  /** Null on the last page. */
  next: (() => void) | null;
}

export function PagerBar({ from, to, total, previous, next }: BarProps) {
  if (!previous && !next) return null;
  return (
    <nav className={styles.pager} aria-label={texts.pages}>
      <span>{texts.range(from, to, total)}</span>
      <Button refusal={previous ? null : { message: texts.firstPage }} onPress={() => previous?.()}>
        <ChevronLeft size={16} aria-hidden />
        {texts.previousPage}
      </Button>
      <Button refusal={next ? null : { message: texts.lastPage }} onPress={() => next?.()}>
        {texts.nextPage}
        <ChevronRight size={16} aria-hidden />
      </Button>
    </nav>
  );
}

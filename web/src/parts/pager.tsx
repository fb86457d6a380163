import { ChevronLeft, ChevronRight } from "lucide-react";
import { useRef } from "react";
import { texts } from "../texts/en";
import { Button } from "./button";
import { Failed } from "./page-states";
import styles from "./pager.module.css";
import { useOutdated } from "./use-outdated";
import { useResetState } from "./use-reset-state";

/** The position in a list that is shown page by page. */
interface Place {
  /** The cursor after which the page begins. */
  after: string | null;
  /** How many entries are on the pages before. */
  before: number;
}

const FIRST: Place = { after: null, before: 0 };
const START: readonly Place[] = [FIRST];

/** The wanted page of a list. A new `key`, such as a filter, returns to the first page. */
export function usePages(key = "") {
  const [places, setPlaces] = useResetState(key, START);
  return {
    key,
    place: places[places.length - 1] ?? FIRST,
    next: (place: Place) => setPlaces([...places, place]),
    previous: () => setPlaces(places.length > 1 ? places.slice(0, -1) : START),
  };
}

type Pages = ReturnType<typeof usePages>;

interface Read {
  /** Undefined until the wanted page is read. */
  data: unknown;
  error?: unknown;
  refetch(): Promise<unknown>;
}

/** The way from the shown page to the wanted one. */
export function useTurn(pages: Pages, { data, error, refetch }: Read) {
  const { key, place } = pages;
  const isOutdated = useOutdated(key, data);
  const shown = useRef(place);
  if (data !== undefined) shown.current = place;
  const isTurning = !isOutdated && shown.current !== place;
  return {
    before: shown.current.before,
    isReading: isOutdated || (isTurning && !error),
    /** Why the page could not be turned. Null if another read of the list failed. */
    error: isTurning && error ? error : null,
    retry: () => refetch(),
  };
}

interface Props {
  pages: Pages;
  turn: ReturnType<typeof useTurn>;
  size: number;
  total: number;
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
}

/** The range of the shown entries, and buttons for the other pages. Absent if all entries are on one page. */
export function Pager({ pages, turn, size, total, pageInfo }: Props) {
  const { before, error, retry, isReading } = turn;
  const next = () =>
    error
      ? void retry().catch(() => undefined)
      : pages.next({ after: pageInfo.endCursor ?? null, before: before + size });
  return (
    <PagerBar
      from={before + 1}
      to={before + size}
      total={total}
      isReading={isReading}
      error={error}
      retry={retry}
      previous={before > 0 ? pages.previous : null}
      next={pageInfo.hasNextPage ? next : null}
    />
  );
}

interface BarProps {
  from: number;
  to: number;
  total: number;
  /** Whether another page or list is on its way, so that the shown one cannot be turned. */
  isReading?: boolean;
  /** Why the last turn failed. */
  error?: unknown;
  retry?(): unknown;
  /** Null on the first page. */
  previous: (() => void) | null;
  /** Null on the last page. */
  next: (() => void) | null;
}

export function PagerBar({ from, to, total, isReading = false, error, retry, previous, next }: BarProps) {
  const pressed = useRef<HTMLButtonElement>(null);
  const buttons = { previous: useRef<HTMLButtonElement>(null), next: useRef<HTMLButtonElement>(null) };
  if (!previous && !next) return null;
  const turn = (direction: "previous" | "next") => () => {
    pressed.current = buttons[direction].current;
    (direction === "next" ? next : previous)?.();
  };
  const tryAgain = () => {
    // The message disappears, and its button with the focus.
    pressed.current?.focus();
    return retry?.();
  };
  return (
    <>
      {error ? <Failed title={texts.pageFailed} error={error} onRetry={tryAgain} /> : null}
      <nav className={styles.pager} aria-label={texts.pages}>
        <span>{texts.range(from, to, total)}</span>
        <Button
          ref={buttons.previous}
          refusal={previous ? null : { message: texts.firstPage }}
          isPending={isReading}
          onPress={turn("previous")}
        >
          <ChevronLeft size={16} aria-hidden />
          {texts.previousPage}
        </Button>
        <Button
          ref={buttons.next}
          refusal={next ? null : { message: texts.lastPage }}
          isPending={isReading}
          onPress={turn("next")}
        >
          {texts.nextPage}
          <ChevronRight size={16} aria-hidden />
        </Button>
      </nav>
    </>
  );
}

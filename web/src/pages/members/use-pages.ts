import { useOutdated } from "../../parts/use-outdated";
import { useResetState } from "../../parts/use-reset-state";

export const PAGE_SIZE = 50;

interface List<Edge> {
  edges: readonly Edge[];
  totalCount?: number;
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
}

interface Read<List> {
  data?: List | null;
  /** The list of the filters before, which is shown until that of the new filters is read. */
  previousData?: List | null;
  /** Reads the page after a cursor. */
  fetchMore(after: string): Promise<unknown>;
}

/**
 * Shows one page of a list whose pages the cache merges. `key` identifies the filters: with other filters the list
 * starts at its first page, and cannot be turned before it is read.
 */
export function usePages<Edge>({ data, previousData, fetchMore }: Read<List<Edge>>, key: string) {
  const [page, turnTo] = useResetState(key, 0);
  const [isTurning, setTurning] = useResetState(key, false);
  const [error, setError] = useResetState<unknown>(key, null);
  const isOutdated = useOutdated(key, data);
  const list = data ?? previousData;
  const edges = list?.edges ?? [];
  const last = Math.max(0, Math.ceil(edges.length / PAGE_SIZE) - 1);
  const shown = Math.min(page, last);
  const start = shown * PAGE_SIZE;
  const read = async () => {
    const { hasNextPage, endCursor } = list?.pageInfo ?? {};
    if (edges.length >= start + 2 * PAGE_SIZE || !hasNextPage || !endCursor) return;
    setTurning(true);
    await fetchMore(endCursor).finally(() => setTurning(false));
  };
  const next = () =>
    void read().then(() => {
      setError(null);
      turnTo(shown + 1);
    }, setError);
  const previous = () => {
    setError(null);
    turnTo(shown - 1);
  };
  return {
    list,
    page: shown,
    edges: edges.slice(start, start + PAGE_SIZE),
    toStart: () => turnTo(0),
    bar: {
      from: edges.length === 0 ? 0 : start + 1,
      to: Math.min(start + PAGE_SIZE, edges.length),
      total: Math.max(list?.totalCount ?? 0, edges.length),
      isReading: isTurning || isOutdated,
      error,
      retry: next,
      previous: shown > 0 ? previous : null,
      next: shown < last || list?.pageInfo.hasNextPage ? next : null,
    },
  };
}

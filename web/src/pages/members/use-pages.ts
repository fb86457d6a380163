import { useState } from "react";
import { useResetState } from "../../parts/use-reset-state";

export const PAGE_SIZE = 50;

interface List<Edge> {
  edges: readonly Edge[];
  totalCount?: number;
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
}

/**
 * Shows one page of a list whose pages the cache merges. `key` identifies the filters: with other filters the list
 * starts at its first page. `fetchMore` reads the page after a cursor.
 */
export function usePages<Edge>(
  list: List<Edge> | null | undefined,
  key: string,
  fetchMore: (after: string) => Promise<unknown>,
) {
  const [page, turnTo] = useResetState(key, 0);
  const [isReading, setReading] = useState(false);
  const edges = list?.edges ?? [];
  const last = Math.max(0, Math.ceil(edges.length / PAGE_SIZE) - 1);
  const shown = Math.min(page, last);
  const start = shown * PAGE_SIZE;
  const next = async () => {
    if (edges.length < start + 2 * PAGE_SIZE && list?.pageInfo.hasNextPage && list.pageInfo.endCursor) {
      setReading(true);
      await fetchMore(list.pageInfo.endCursor).finally(() => setReading(false));
    }
    turnTo(shown + 1);
  };
  return {
    page: shown,
    edges: edges.slice(start, start + PAGE_SIZE),
    from: edges.length === 0 ? 0 : start + 1,
    to: Math.min(start + PAGE_SIZE, edges.length),
    total: Math.max(list?.totalCount ?? 0, edges.length),
    isReading,
    previous: shown > 0 ? () => turnTo(shown - 1) : null,
    next: shown < last || list?.pageInfo.hasNextPage ? () => void next() : null,
    toStart: () => turnTo(0),
  };
}

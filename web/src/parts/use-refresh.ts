import { useEffect, useRef } from "react";
import { connection } from "../graph/connection";
import { useCoalesced } from "./use-debounced";

const COALESCE_MS = 150;

/**
 * For queries of live views: a request from before a change must not serve a query after it. By default, Apollo Client
 * shares one request between equal queries.
 */
export const UNSHARED = { queryDeduplication: false };

interface Read {
  refetch(): Promise<unknown>;
  /** Why the last read failed, if it did. */
  error?: unknown;
  /** True if its stream has no cursor, so that an interruption may hide a change. */
  mayMiss?: boolean;
}

/**
 * Lets a live view catch up. Returns a function that reads again: once for calls that come together, and once more if
 * something changes during a read. When the connection is back, failed reads are repeated, and reads whose stream has
 * no cursor. After a restore of the service's database, all reads are repeated.
 */
export function useRefresh(read: Read, milliseconds = COALESCE_MS): () => void {
  const latest = useRef(read);
  latest.current = read;
  const state = useRef({ isShown: true, isReading: false, isDue: false, hasFailed: false });
  const refresh = useCoalesced(() => void readAgain(state.current, latest), milliseconds);
  useEffect(() => {
    state.current.isShown = true;
    const ends = [
      connection.onRestored(refresh),
      connection.onReconnected(() => {
        const { error, mayMiss } = latest.current;
        if (state.current.hasFailed || error || mayMiss) refresh();
      }),
    ];
    return () => {
      state.current.isShown = false;
      for (const end of ends) end();
    };
  }, [refresh]);
  return refresh;
}

interface State {
  isShown: boolean;
  isReading: boolean;
  /** Something changed during the read. */
  isDue: boolean;
  hasFailed: boolean;
}

async function readAgain(state: State, latest: { current: Read }): Promise<void> {
  state.isDue = true;
  if (state.isReading) return;
  state.isReading = true;
  while (state.isDue && state.isShown) {
    state.isDue = false;
    // A failed read shows its error in the view itself.
    state.hasFailed = await latest.current.refetch().then(
      () => false,
      () => true,
    );
  }
  state.isReading = false;
}

import { useEffect, useRef } from "react";
import { connection } from "../graph/connection";
import { useCoalesced } from "./use-debounced";

const COALESCE_MS = 150;

/**
 * For queries of live views: an answer that was asked for before a change must not stand for one after it. Apollo Client
 * shares one request between equal queries otherwise.
 */
export const UNSHARED = { queryDeduplication: false };

interface Read {
  refetch(): Promise<unknown>;
  /** Why the last read failed, if it did. */
  error?: unknown;
  /** Its stream has no cursor, so an interruption may hide a change. */
  mayMiss?: boolean;
}

/**
 * How a live view catches up. It returns a function that reads again: once for calls that come together, and once more
 * where something changes during a read. When the connection is back, a read that failed is made again, and one whose
 * stream has no cursor. After a restore of the service's database, all are.
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

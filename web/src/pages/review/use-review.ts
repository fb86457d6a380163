import { useApolloClient } from "@apollo/client/react";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useCoalesced } from "../../parts/use-debounced";
import { useRefresh } from "../../parts/use-refresh";
import { useOrganizationChanges } from "../../shell/organization-context";
import { ReviewState } from "./review-state";

/** Loads a review and follows what others do with it. */
export function useReview(organizationId: string, reviewId: string) {
  const client = useApolloClient();
  const [state] = useState(() => new ReviewState(client, organizationId, reviewId));
  const snapshot = useSyncExternalStore(state.subscribe, state.current);
  const since = useRef<string | null>(null);
  useEffect(() => void state.load(), [state]);
  const reload = useRefresh({ refetch: () => state.load(), error: snapshot.error });
  const follow = useCoalesced(() => {
    const from = since.current;
    since.current = null;
    if (from) void state.followDecisions(from).catch(() => reload());
  });
  useOrganizationChanges(({ type, occurredAt }) => {
    if (!type.startsWith("access_review.")) return;
    if (type !== "access_review.decided") return reload();
    since.current ??= occurredAt;
    follow();
  });
  return { ...snapshot, store: state };
}

import { useApolloClient, useSubscription } from "@apollo/client/react";
import { useState } from "react";
import { AuditLogLiveDocument, AuditNewsDocument } from "../../graph/generated/graphql";
import { useFirst } from "../../parts/use-first";
import { useRefresh } from "../../parts/use-refresh";
import type { AuditFilter } from "./filters";

interface Shown {
  eventCursor: string;
  /** The sequence of the newest entry. */
  newest: number;
}

/** Counts the entries that match the filter and came after those that are shown; at most 100. */
export function useAuditNews(filter: AuditFilter, shown: Shown | undefined): number {
  const client = useApolloClient();
  const [news, setNews] = useState<{ filter: string; sequences: readonly number[] } | null>(null);
  const key = JSON.stringify(filter);
  const look = useRefresh({
    refetch: async () => {
      const { data } = await client.query({ query: AuditNewsDocument, variables: filter, fetchPolicy: "no-cache" });
      const nodes = data?.organization?.auditLog?.nodes ?? [];
      setNews({ filter: key, sequences: nodes.map(({ sequence }) => sequence) });
    },
  });
  const after = useFirst(shown?.eventCursor);
  useSubscription(AuditLogLiveDocument, {
    variables: { organizationId: filter.organizationId, after },
    skip: after === undefined,
    ignoreResults: true,
    onData: look,
  });
  if (!shown || news?.filter !== key) return 0;
  return news.sequences.filter((sequence) => sequence > shown.newest).length;
}

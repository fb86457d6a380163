import { useApolloClient, useQuery, useSubscription } from "@apollo/client/react";
import { useState } from "react";
import {
  AuditInvitationsLiveDocument,
  AuditMembersLiveDocument,
  AuditNewsDocument,
  OrganizationPlaceDocument,
} from "../../graph/generated/graphql";
import { useFirst } from "../../parts/use-first";
import { useRefresh } from "../../parts/use-refresh";
import { useOrganization, useOrganizationChanges } from "../../shell/organization-context";
import type { AuditFilter } from "./filters";

/** Counts the entries that match the filter and came after the newest one that is shown; at most 100. */
export function useAuditNews(filter: AuditFilter, newestShown: number): number {
  const client = useApolloClient();
  const { organization } = useOrganization();
  const [news, setNews] = useState<{ filter: string; sequences: readonly number[] } | null>(null);
  const key = JSON.stringify(filter);
  const look = useRefresh({
    refetch: async () => {
      const { data } = await client.query({ query: AuditNewsDocument, variables: filter, fetchPolicy: "no-cache" });
      const nodes = data?.organization?.auditLog?.nodes ?? [];
      setNews({ filter: key, sequences: nodes.map(({ sequence }) => sequence) });
    },
  });
  useOrganizationChanges(look);
  const after = useEventCursor(organization.id);
  const live = { variables: { organizationId: organization.id, after }, skip: after === undefined, onData: look };
  useSubscription(AuditMembersLiveDocument, live);
  useSubscription(AuditInvitationsLiveDocument, live);
  if (news?.filter !== key) return 0;
  return news.sequences.filter((sequence) => sequence > newestShown).length;
}

/** The position of the organization's snapshot, from which the streams continue. */
function useEventCursor(organizationId: string) {
  const { data } = useQuery(OrganizationPlaceDocument, { variables: { organizationId }, fetchPolicy: "cache-first" });
  return useFirst(data?.organization?.eventCursor);
}

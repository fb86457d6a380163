import { useApolloClient, useQuery, useSubscription } from "@apollo/client/react";
import {
  OrganizationLiveDocument,
  OrganizationOfViewerDocument,
  OrganizationsSnapshotDocument,
} from "../../graph/generated/graphql";
import { useFirst } from "../../parts/use-first";
import { UNSHARED, useRefresh } from "../../parts/use-refresh";

/** Reads all organizations. Returns the position of the snapshot in the events of each one. */
export function useSnapshot(): ReadonlyMap<string, string> {
  const { data, error, refetch } = useQuery(OrganizationsSnapshotDocument, {
    fetchPolicy: "network-only",
    nextFetchPolicy: "cache-first",
    context: UNSHARED,
  });
  useRefresh({ refetch, error });
  return new Map(data?.viewer.memberships?.map(({ organization: { id, eventCursor } }) => [id, eventCursor]));
}

/** Follows the name, the workspaces and the limits of an organization from the moment of the snapshot. */
export function useOrganizationLive(organizationId: string, eventCursor: string | undefined): void {
  const client = useApolloClient();
  const after = useFirst(eventCursor);
  const variables = { organizationId };
  const refresh = useRefresh({
    refetch: () => client.query({ query: OrganizationOfViewerDocument, variables, fetchPolicy: "network-only" }),
  });
  useSubscription(OrganizationLiveDocument, {
    variables: { organizationId, after },
    skip: after === undefined,
    ignoreResults: true,
    onData: ({ data: { data } }) => {
      const type = data?.organizationChanged.type ?? "";
      if (type.startsWith("workspace") || type === "organization.limits_changed") refresh();
    },
  });
}

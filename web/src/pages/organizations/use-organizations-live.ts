import { useApolloClient, useQuery, useSubscription } from "@apollo/client/react";
import {
  OrganizationLiveDocument,
  OrganizationMembersLiveDocument,
  OrganizationOfViewerDocument,
  OrganizationsSnapshotDocument,
} from "../../graph/generated/graphql";
import { useFirst } from "../../parts/use-first";
import { UNSHARED, useRefresh } from "../../parts/use-refresh";

/** Reads all organizations, and the position of the snapshot in the events of each one. */
export function useSnapshot() {
  const { data, error, refetch } = useQuery(OrganizationsSnapshotDocument, {
    fetchPolicy: "network-only",
    nextFetchPolicy: "cache-first",
    context: UNSHARED,
  });
  useRefresh({ refetch, error });
  const cursors = new Map(data?.viewer.memberships?.map(({ organization: { id, eventCursor } }) => [id, eventCursor]));
  return { cursors, error, refetch };
}

/** Follows the name, the members, the workspaces and the limits of an organization from the moment of the snapshot. */
export function useOrganizationLive(organizationId: string, eventCursor: string | undefined): void {
  const client = useApolloClient();
  const after = useFirst(eventCursor);
  const variables = { organizationId };
  const refresh = useRefresh({
    refetch: () => client.query({ query: OrganizationOfViewerDocument, variables, fetchPolicy: "network-only" }),
  });
  const variablesOfStream = { organizationId, after };
  // Counts of members, also of each workspace.
  useSubscription(OrganizationMembersLiveDocument, {
    variables: variablesOfStream,
    skip: after === undefined,
    ignoreResults: true,
    onData: refresh,
  });
  useSubscription(OrganizationLiveDocument, {
    variables: variablesOfStream,
    skip: after === undefined,
    ignoreResults: true,
    onData: ({ data: { data } }) => {
      const type = data?.organizationChanged.type ?? "";
      if (type.startsWith("workspace") || type === "organization.limits_changed") refresh();
    },
  });
}

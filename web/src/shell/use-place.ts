import { useFragment, useQuery } from "@apollo/client/react";
import { useParams } from "@tanstack/react-router";
import { useEffect, useSyncExternalStore } from "react";
import { ViewerDocument, WorkspaceNameFragmentDoc } from "../graph/generated/graphql";
import { lastPlace } from "./last-place";

/** The name of the page's place, otherwise of the last place. Null if there is none. */
export function usePlaceName(): string | null {
  const { organizationId, workspaceId } = useParams({ strict: false });
  const last = useSyncExternalStore(lastPlace.subscribe, lastPlace.current);
  const { data } = useQuery(ViewerDocument);
  const place = organizationId ? { organizationId, workspaceId: workspaceId ?? null } : last;
  const found = data?.viewer.memberships?.find(({ organization }) => organization.id === place?.organizationId);
  // Also of a workspace that only its own page has read.
  const from = { __typename: "Workspace", id: place?.workspaceId ?? "" };
  const workspace = useFragment({ fragment: WorkspaceNameFragmentDoc, fragmentName: "WorkspaceName", from });
  if (!found) return null;
  return workspace.complete ? workspace.data.name : found.organization.name;
}

/** Remembers the place of the page in this browser. */
export function useRememberedPlace(): void {
  const { organizationId, workspaceId } = useParams({ strict: false });
  useEffect(() => {
    if (organizationId) lastPlace.visit(organizationId, workspaceId ?? null);
  }, [organizationId, workspaceId]);
}

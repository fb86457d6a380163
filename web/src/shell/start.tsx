import { useQuery } from "@apollo/client/react";
import { Navigate } from "@tanstack/react-router";
import { ViewerDocument } from "../graph/generated/graphql";
import { lastPlace } from "./last-place";

/** Goes to the last place in this browser, if it is still one of the person's. */
export function Start() {
  const { data } = useQuery(ViewerDocument);
  const last = lastPlace.current();
  const found = data?.viewer.memberships?.find(({ organization }) => organization.id === last?.organizationId);
  if (!found) return <Navigate to="/organizations" replace />;
  const { id: organizationId, workspaces } = found.organization;
  const workspace = workspaces.nodes.find(({ id }) => id === last?.workspaceId);
  // Those beyond the first hundred are not listed here; their page says if one is gone.
  const isUnlisted = last?.workspaceId && workspaces.totalCount > workspaces.nodes.length;
  const workspaceId = workspace?.id ?? (isUnlisted ? last.workspaceId : null);
  if (!workspaceId) return <Navigate to="/organizations/$organizationId/general" params={{ organizationId }} replace />;
  const params = { organizationId, workspaceId };
  return <Navigate to="/organizations/$organizationId/workspaces/$workspaceId" params={params} replace />;
}

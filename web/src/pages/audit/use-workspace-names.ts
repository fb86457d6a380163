import { useApolloClient } from "@apollo/client/react";
import { WorkspaceNameFragmentDoc } from "../../graph/generated/graphql";

/** Names of the workspaces that some page has loaded. */
export function useWorkspaceNames(): (id: string) => string | undefined {
  const { cache } = useApolloClient();
  return (id) =>
    cache.readFragment({
      id: cache.identify({ __typename: "Workspace", id }),
      fragment: WorkspaceNameFragmentDoc,
      fragmentName: "WorkspaceName",
    })?.name;
}

import { useApolloClient } from "@apollo/client/react";
import { ViewerWorkspaceFragmentDoc } from "../../graph/generated/graphql";

/** Names of the workspaces that the selector has loaded. */
export function useWorkspaceNames(): (id: string) => string | undefined {
  const { cache } = useApolloClient();
  return (id) =>
    cache.readFragment({
      id: cache.identify({ __typename: "Workspace", id }),
      fragment: ViewerWorkspaceFragmentDoc,
      fragmentName: "ViewerWorkspace",
    })?.name;
}

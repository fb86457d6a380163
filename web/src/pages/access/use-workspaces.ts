import { useQuery } from "@apollo/client/react";
import { useState } from "react";
import { AccessWorkspacesDocument } from "../../graph/generated/graphql";
import { useDebounced } from "../../parts/use-debounced";

/** The number of workspaces from which on the page shows a search. */
const SEARCHABLE = 6;

/** All workspaces of an organization, in pages, found by name. */
export function useWorkspaces(organizationId: string) {
  const [search, setSearch] = useState("");
  const settled = useDebounced(search.trim());
  const { data, previousData, fetchMore } = useQuery(AccessWorkspacesDocument, {
    variables: { organizationId, search: settled || null },
    fetchPolicy: "cache-and-network",
    nextFetchPolicy: "cache-first",
  });
  const list = (data ?? previousData)?.organization?.workspaces;
  return {
    workspaces: list?.edges.map(({ node }) => node) ?? null,
    search,
    setSearch,
    isSearched: settled !== "",
    isSearchable: search !== "" || (list?.totalCount ?? 0) > SEARCHABLE,
    hasMore: list?.pageInfo.hasNextPage ?? false,
    readMore: () => void fetchMore({ variables: { after: list?.pageInfo.endCursor ?? null } }),
  };
}

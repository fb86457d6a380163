import { useQuery } from "@apollo/client/react";
import { useState } from "react";
import { AccessWorkspacesDocument } from "../../graph/generated/graphql";
import { useDebounced } from "../../parts/use-debounced";
import { useOutdated } from "../../parts/use-outdated";

/** The number of workspaces from which on the page shows a search. */
const SEARCHABLE = 6;

/** All workspaces of an organization, in pages, found by name. */
export function useWorkspaces(organizationId: string) {
  const [search, setSearch] = useState("");
  const settled = useDebounced(search.trim());
  const { data, previousData, error, refetch, fetchMore } = useQuery(AccessWorkspacesDocument, {
    variables: { organizationId, search: settled || null },
    fetchPolicy: "cache-and-network",
    nextFetchPolicy: "cache-first",
  });
  const isOutdated = useOutdated(settled, data);
  const list = (data ?? previousData)?.organization?.workspaces;
  return {
    workspaces: list?.edges.map(({ node }) => node) ?? null,
    search,
    setSearch,
    isSearched: settled !== "",
    isSearchable: search !== "" || (list?.totalCount ?? 0) > SEARCHABLE,
    error,
    retry: () => refetch(),
    /** Reads the next page. Null if all workspaces are read. */
    more: list?.pageInfo.hasNextPage
      ? { isOutdated, onMore: () => fetchMore({ variables: { after: list.pageInfo.endCursor ?? null } }) }
      : null,
  };
}

import { useQuery } from "@apollo/client/react";
import {
  type ViewerMembershipFragment,
  type ViewerWorkspaceFragment,
  WorkspacesFoundDocument,
} from "../graph/generated/graphql";
import { includes } from "../parts/includes";
import { useDebounced } from "../parts/use-debounced";
import { UNSHARED } from "../parts/use-refresh";

/** An organization with those of its workspaces that match a search. All match if the organization's name does. */
export interface FoundOrganization {
  membership: ViewerMembershipFragment;
  workspaces: readonly ViewerWorkspaceFragment[];
  /** The number of further matches. Only the organization's page of workspaces lists them. */
  more: number;
}

interface Found {
  totalCount: number;
  nodes: readonly ViewerWorkspaceFragment[];
}

/** Finds organizations and workspaces by name. The service searches organizations whose workspaces are not all read. */
export function useFoundWorkspaces(memberships: readonly ViewerMembershipFragment[], search: string) {
  const settled = useDebounced(search.trim());
  const { data, previousData, error, refetch } = useQuery(WorkspacesFoundDocument, {
    variables: { search: settled },
    skip: settled === "" || memberships.every(({ organization }) => isComplete(organization)),
    // The list of memberships stays the one that the streams keep current.
    fetchPolicy: "no-cache",
    context: UNSHARED,
  });
  const read = (data ?? previousData)?.viewer.memberships ?? [];
  const searched = new Map(read.map(({ organization: { id, workspaces } }) => [id, workspaces]));
  return { found: matchesOf(memberships, search, searched), error, refetch };
}

export function matchesOf(
  memberships: readonly ViewerMembershipFragment[],
  search: string,
  searched: ReadonlyMap<string, Found> = new Map(),
): FoundOrganization[] {
  return memberships.flatMap((membership) => {
    const { id, name, workspaces } = membership.organization;
    if (includes(name, search)) return [foundIn(membership, workspaces)];
    const local = workspaces.nodes.filter((each) => includes(each.name, search));
    const found = isComplete(membership.organization) ? undefined : searched.get(id);
    const matches = found ? foundIn(membership, found) : { membership, workspaces: local, more: 0 };
    // The answer may still be that to another search.
    const shown = matches.workspaces.filter((each) => includes(each.name, search));
    return shown.length > 0 ? [{ ...matches, workspaces: shown }] : [];
  });
}

function foundIn(membership: ViewerMembershipFragment, { totalCount, nodes }: Found): FoundOrganization {
  return { membership, workspaces: nodes, more: Math.max(0, totalCount - nodes.length) };
}

function isComplete({ workspaces: { totalCount, nodes } }: ViewerMembershipFragment["organization"]): boolean {
  return nodes.length >= totalCount;
}

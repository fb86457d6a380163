import type { ViewerMembershipFragment, ViewerWorkspaceFragment } from "../../graph/generated/graphql";
import { includes } from "../../parts/includes";

/** The rows of the selector: organizations, each with its workspaces below it. */
export type Row =
  | { id: string; membership: ViewerMembershipFragment; workspace: null }
  | { id: string; membership: ViewerMembershipFragment; workspace: ViewerWorkspaceFragment };

/** The rows that match a search. An organization that matches comes with all its workspaces. */
export function rowsFor(memberships: readonly ViewerMembershipFragment[], search: string): Row[] {
  return memberships.flatMap((membership) => {
    const { name, workspaces } = membership.organization;
    const isWhole = includes(name, search);
    const shown = isWhole ? workspaces.nodes : workspaces.nodes.filter((each) => includes(each.name, search));
    if (!isWhole && shown.length === 0) return [];
    return [
      { id: membership.id, membership, workspace: null },
      ...shown.map((workspace) => ({ id: workspace.id, membership, workspace })),
    ];
  });
}

import type { ViewerMembershipFragment, ViewerWorkspaceFragment } from "../../graph/generated/graphql";
import type { FoundOrganization } from "../use-found-workspaces";

/** The rows of the selector: organizations, each with its workspaces below it, and the way to those that do not fit. */
export type Row = {
  id: string;
  membership: ViewerMembershipFragment;
  workspace: ViewerWorkspaceFragment | null;
  /** How many more workspaces the organization's own page lists. Absent: another kind of row. */
  more?: number;
};

export function rowsFor(found: readonly FoundOrganization[]): Row[] {
  return found.flatMap(({ membership, workspaces, more }) => [
    { id: membership.id, membership, workspace: null },
    ...workspaces.map((workspace) => ({ id: workspace.id, membership, workspace })),
    ...(more > 0 ? [{ id: `${membership.id} more`, membership, workspace: null, more }] : []),
  ]);
}

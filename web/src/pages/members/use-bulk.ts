import { useState } from "react";
import {
  MembersGiveWorkspaceDocument,
  MembersRemoveDocument,
  MembersSetRoleDocument,
  type OrganizationRole,
  type WorkspaceRole,
} from "../../graph/generated/graphql";
import { useCommand } from "../../parts/use-command";
import { useOrganization } from "../../shell/organization-context";
import type { MemberRow } from "./types";

/** The change of each selected member. */
export type BulkChange =
  | { is: "role"; role: OrganizationRole }
  | { is: "workspace"; workspace: { id: string; name: string }; roleOverride: WorkspaceRole | null }
  | { is: "remove" };

export interface BulkStep {
  state: "waiting" | "running" | "done" | "refused";
  /** Why it was refused. */
  reason?: string;
}

/** Changes members one after the other. A member whose answer was lost keeps its Idempotency-Key for the next try. */
export function useBulk(change: BulkChange) {
  const { organization } = useOrganization();
  const setRole = useCommand(MembersSetRoleDocument);
  const give = useCommand(MembersGiveWorkspaceDocument);
  const remove = useCommand(MembersRemoveDocument);
  const [steps, setSteps] = useState<ReadonlyMap<string, BulkStep>>(new Map());
  const [isRunning, setRunning] = useState(false);
  const note = (id: string, step: BulkStep) => setSteps((before) => new Map(before).set(id, step));
  const attempt = ({ id: memberId, workspaceAccess }: MemberRow) => {
    const input = { organizationId: organization.id, memberId };
    if (change.is === "remove") return remove.attempt({ input });
    if (change.is === "role") return setRole.attempt({ input: { ...input, role: change.role } });
    const { workspace, roleOverride } = change;
    // Without its end, access that ends would become permanent.
    const { expiresAt = null } = workspaceAccess.find((access) => access.workspace.id === workspace.id) ?? {};
    return give.attempt({ input: { ...input, workspaceId: workspace.id, roleOverride, expiresAt } });
  };
  const changeOne = async (member: MemberRow): Promise<BulkStep> => {
    const { problem } = await attempt(member);
    return problem ? { state: "refused", reason: problem.message } : { state: "done" };
  };
  const run = async (members: readonly MemberRow[]) => {
    setRunning(true);
    for (const { id } of members) note(id, { state: "waiting" });
    for (const member of members) {
      note(member.id, { state: "running" });
      note(member.id, await changeOne(member));
    }
    setRunning(false);
  };
  return { steps, isRunning, run };
}

import { useState } from "react";
import {
  type ChangeMemberRoleInput,
  type GrantWorkspaceAccessInput,
  MembersGiveWorkspaceDocument,
  MembersRemoveDocument,
  MembersSetRoleDocument,
  type OrganizationRole,
  type RemoveMemberInput,
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

type BulkMutation =
  | { removeMember: RemoveMemberInput; changeMemberRole?: never; grantWorkspaceAccess?: never }
  | { removeMember?: never; changeMemberRole: ChangeMemberRoleInput; grantWorkspaceAccess?: never }
  | { removeMember?: never; changeMemberRole?: never; grantWorkspaceAccess: GrantWorkspaceAccessInput };

/** The mutation that changes one member. */
export function mutationFor(change: BulkChange, member: MemberRow, organizationId: string): BulkMutation {
  const input = { organizationId, memberId: member.id };
  if (change.is === "remove") return { removeMember: input };
  if (change.is === "role") return { changeMemberRole: { ...input, role: change.role } };
  const { workspace, roleOverride } = change;
  // Without its end, access that ends would become permanent.
  const { expiresAt = null } = member.workspaceAccess.find((access) => access.workspace.id === workspace.id) ?? {};
  return { grantWorkspaceAccess: { ...input, workspaceId: workspace.id, roleOverride, expiresAt } };
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
  const attempt = (member: MemberRow) => {
    const { removeMember, changeMemberRole, grantWorkspaceAccess } = mutationFor(change, member, organization.id);
    if (removeMember) return remove.attempt({ input: removeMember });
    return changeMemberRole
      ? setRole.attempt({ input: changeMemberRole })
      : give.attempt({ input: grantWorkspaceAccess });
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

import { AccessSetDocument } from "../../graph/generated/graphql";
import { toast } from "../../parts/toasts";
import { useCommand } from "../../parts/use-command";
import { useOrganization } from "../../shell/organization-context";
import { accessPage } from "../../texts/en/access";
import type { MemberRow } from "../members/types";
import { type Choices, toGrants } from "./choices";

const t = accessPage;

/** Saves a member's workspaces. The toast offers to restore the previous ones. */
export function useAccessChange({ id: memberId, user }: MemberRow) {
  const { organization } = useOrganization();
  const { send, attempt, problem, isSending } = useCommand(AccessSetDocument);
  const variablesFor = (choices: Choices) => ({
    input: { organizationId: organization.id, memberId, grants: toGrants(choices) },
  });
  const undo = async (before: Choices) => {
    const outcome = await attempt(variablesFor(before));
    if (outcome.result) toast(t.restored(user.name));
    return outcome.problem;
  };
  const save = async (next: Choices, before: Choices): Promise<boolean> => {
    if (!(await send(variablesFor(next)))) return false;
    toast(t.saved(user.name), () => undo(before));
    return true;
  };
  return { save, problem, isSending };
}

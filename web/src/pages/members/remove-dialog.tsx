import { MembersReinstateDocument, MembersRemoveDocument } from "../../graph/generated/graphql";
import { ConfirmDialog } from "../../parts/confirm-dialog";
import { toast } from "../../parts/toasts";
import { useCommand } from "../../parts/use-command";
import { useWhileShown } from "../../parts/use-is-shown";
import { useOrganization } from "../../shell/organization-context";
import { membersPage } from "../../texts/en/members";
import type { MemberRow } from "./types";

const t = membersPage;

interface Props {
  member: MemberRow;
  onClose(): void;
}

/** Asks for confirmation before a member is removed. The toast offers to take them back. */
export function RemoveDialog({ member, onClose }: Props) {
  const { organization } = useOrganization();
  const { send, problem, isSending } = useCommand(MembersRemoveDocument);
  const { attempt } = useCommand(MembersReinstateDocument);
  const close = useWhileShown(onClose);
  const input = { organizationId: organization.id, memberId: member.id };
  const { name } = member.user;
  const undo = async () => {
    const outcome = await attempt({ input });
    if (outcome.result) toast(t.reinstated(name));
    return outcome.problem;
  };
  const remove = async () => {
    if (!(await send({ input }))) return;
    toast(t.removed(name), undo);
    close();
  };
  return (
    <ConfirmDialog
      title={t.removeQuestion(name, organization.name)}
      confirm={t.removeShort}
      mutation={{ removeMember: input }}
      problem={problem}
      isSending={isSending}
      isDangerous
      onConfirm={() => void remove()}
      onClose={onClose}
    >
      <p>{t.removeText}</p>
    </ConfirmDialog>
  );
}

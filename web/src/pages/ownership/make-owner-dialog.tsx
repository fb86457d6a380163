import { OwnershipMakeOwnerDocument } from "../../graph/generated/graphql";
import { toast } from "../../parts/toasts";
import { useCommand } from "../../parts/use-command";
import { useWhileShown } from "../../parts/use-is-shown";
import { useOrganization } from "../../shell/organization-context";
import { ownershipTexts } from "../../texts/en/ownership";
import type { PickedMember } from "./member-choice";
import { OwnerDialog } from "./owner-dialog";

/** Makes another member an Owner, too, so that the last Owner can leave. */
export function MakeOwnerDialog({ onClose }: { onClose(): void }) {
  const { organization } = useOrganization();
  const { send, problem, isSending } = useCommand(OwnershipMakeOwnerDocument);
  const close = useWhileShown(onClose);
  const organizationId = organization.id;
  const make = async ({ id: memberId, name }: PickedMember) => {
    if (!(await send({ input: { organizationId, memberId, role: "OWNER" } }))) return;
    close();
    toast(ownershipTexts.madeOwner(name));
  };
  return (
    <OwnerDialog
      title={ownershipTexts.makeOwner}
      confirm={ownershipTexts.makeOwnerConfirm}
      consequence={({ name }) => ownershipTexts.makeOwnerConsequence(name)}
      mutationFor={(memberId) => ({ changeMemberRole: { organizationId, memberId, role: "OWNER" } })}
      problem={problem}
      isSending={isSending}
      onConfirm={(member) => void make(member)}
      onClose={onClose}
    />
  );
}

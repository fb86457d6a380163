import { OwnershipTransferDocument } from "../../graph/generated/graphql";
import { toast } from "../../parts/toasts";
import { useCommand } from "../../parts/use-command";
import { useWhileShown } from "../../parts/use-is-shown";
import { useOrganization } from "../../shell/organization-context";
import { ownershipTexts } from "../../texts/en/ownership";
import type { PickedMember } from "./member-choice";
import { OwnerDialog } from "./owner-dialog";

/** Transfers the ownership: the member becomes Owner, and the viewer becomes Admin. */
export function TransferDialog({ onClose }: { onClose(): void }) {
  const { organization } = useOrganization();
  const { send, problem, isSending } = useCommand(OwnershipTransferDocument);
  const close = useWhileShown(onClose);
  const organizationId = organization.id;
  const transfer = async ({ id: memberId, name }: PickedMember) => {
    if (!(await send({ input: { organizationId, memberId } }))) return;
    close();
    toast(ownershipTexts.transferred(name));
  };
  return (
    <OwnerDialog
      title={ownershipTexts.transferQuestion(organization.name)}
      confirm={ownershipTexts.transfer}
      consequence={({ name }) => ownershipTexts.transferConsequence(name)}
      mutationFor={(memberId) => ({ transferOwnership: { organizationId, memberId } })}
      problem={problem}
      isSending={isSending}
      isDangerous
      onConfirm={(member) => void transfer(member)}
      onClose={onClose}
    />
  );
}

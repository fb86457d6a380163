import { GeneralTransferDocument } from "../../graph/generated/graphql";
import { toast } from "../../parts/toasts";
import { useCommand } from "../../parts/use-command";
import { useOrganization } from "../../shell/organization-context";
import { generalPage } from "../../texts/en/general";
import type { PickedMember } from "./member-picker";
import { OwnerDialog } from "./owner-dialog";

/** Transfers the ownership: the member becomes Owner, and the viewer becomes Admin. */
export function TransferDialog({ onClose }: { onClose(): void }) {
  const { organization } = useOrganization();
  const { send, problem, isSending } = useCommand(GeneralTransferDocument);
  const organizationId = organization.id;
  const transfer = async ({ id: memberId, name }: PickedMember) => {
    if (!(await send({ input: { organizationId, memberId } }))) return;
    onClose();
    toast(generalPage.transferred(name));
  };
  return (
    <OwnerDialog
      title={generalPage.transferQuestion(organization.name)}
      confirm={generalPage.transfer}
      consequence={({ name }) => generalPage.transferConsequence(name)}
      mutationFor={(memberId) => ({ transferOwnership: { organizationId, memberId } })}
      problem={problem}
      isSending={isSending}
      isDangerous
      onConfirm={(member) => void transfer(member)}
      onClose={onClose}
    />
  );
}

import { GeneralLeaveDocument } from "../../graph/generated/graphql";
import { ConfirmDialog } from "../../parts/confirm-dialog";
import { toast } from "../../parts/toasts";
import { useCommand } from "../../parts/use-command";
import { useWhileShown } from "../../parts/use-is-shown";
import { generalPage } from "../../texts/en/general";
import type { GeneralOrganization } from "./general";

interface LeaveDialogProps {
  organization: Pick<GeneralOrganization, "id" | "name">;
  onClose(): void;
  onLeft(): void;
}

/** Asks for confirmation before leaving, and shows the effects. */
export function LeaveDialog({ organization: { id: organizationId, name }, onClose, onLeft }: LeaveDialogProps) {
  const { send, problem, isSending } = useCommand(GeneralLeaveDocument);
  const close = useWhileShown(onClose);
  const leave = async () => {
    if (!(await send({ input: { organizationId } }))) return;
    close();
    toast(generalPage.left(name));
    onLeft();
  };
  return (
    <ConfirmDialog
      title={generalPage.leaveQuestion(name)}
      confirm={generalPage.leave}
      mutation={{ leaveOrganization: { organizationId } }}
      problem={problem}
      isSending={isSending}
      isDangerous
      onConfirm={() => void leave()}
      onClose={onClose}
    >
      <p>{generalPage.leaveConsequence}</p>
    </ConfirmDialog>
  );
}

import { Link2, Pencil, X } from "lucide-react";
import { useState } from "react";
import { MembersCancelDocument } from "../../graph/generated/graphql";
import { Button, IconButton } from "../../parts/button";
import { Problem } from "../../parts/problem";
import { toast } from "../../parts/toasts";
import { useCommand } from "../../parts/use-command";
import { useOrganization } from "../../shell/organization-context";
import { membersPage } from "../../texts/en/members";
import styles from "./members.module.css";
import { ResendButton } from "./resend-button";
import type { InvitationRow } from "./types";

const t = membersPage;

interface Props {
  invitation: InvitationRow;
  onOpen(dialog: "edit" | "link"): void;
}

export function InvitationActions({ invitation, onOpen }: Props) {
  const [isCanceling, setCanceling] = useState(false);
  const { email } = invitation;
  if (isCanceling) {
    return <CancelInPlace invitation={invitation} onClose={() => setCanceling(false)} />;
  }
  return (
    <div className={styles.icons}>
      <IconButton label={t.edit(email)} onPress={() => onOpen("edit")}>
        <Pencil size={18} aria-hidden />
      </IconButton>
      <IconButton label={t.newLink(email)} onPress={() => onOpen("link")}>
        <Link2 size={18} aria-hidden />
      </IconButton>
      <ResendButton invitation={invitation} />
      <IconButton label={t.cancel(email)} isMainAction onPress={() => setCanceling(true)}>
        <X size={18} aria-hidden />
      </IconButton>
    </div>
  );
}

/** Asks for confirmation in the row before an invitation is canceled. */
function CancelInPlace({ invitation, onClose }: Omit<Props, "onOpen"> & { onClose(): void }) {
  const { organization } = useOrganization();
  const { send, problem, isSending } = useCommand(MembersCancelDocument);
  const cancel = async () => {
    const input = { organizationId: organization.id, invitationId: invitation.id };
    if (await send({ input })) toast(t.canceled(invitation.email));
  };
  return (
    <div className={styles.confirm}>
      <p>{t.cancelQuestion}</p>
      <Problem problem={problem} />
      <Button variant="danger" autoFocus isPending={isSending} onPress={() => void cancel()}>
        {t.cancelNow}
      </Button>
      <Button onPress={onClose}>{t.keep}</Button>
    </div>
  );
}

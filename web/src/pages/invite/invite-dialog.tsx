import { useState } from "react";
import { Dialog } from "../../parts/dialog";
import { toast } from "../../parts/toasts";
import { useWhileShown } from "../../parts/use-is-shown";
import { invitePage } from "../../texts/en/invite";
import type { Summary } from "../members/types";
import { InviteForm } from "./invite-form";
import { InviteOutcome } from "./outcome";
import { useInvite } from "./use-invite";

const t = invitePage;

interface Props {
  summary: Summary;
  onClose(): void;
}

/** Invites people, and shows the outcome of each address. It stays open if an address needs attention. */
export function InviteDialog({ summary, onClose }: Props) {
  const invite = useInvite(summary.id);
  const [isSent, setSent] = useState(false);
  const close = () => {
    invite.giveUp();
    onClose();
  };
  const finish = useWhileShown(close);
  const send = async (chips: typeof invite.chips) => {
    const areAllInvited = await invite.send(chips);
    const needSomebody = chips.some(({ state }) => state !== "ready");
    if (!areAllInvited || needSomebody) return setSent(true);
    toast(t.invited(chips.length));
    finish();
  };
  const isDone = isSent && !invite.isSending && !invite.problem;
  return (
    <Dialog title={t.title} isOpen isWide onClose={close}>
      {isDone ? (
        <InviteOutcome
          chips={invite.chips}
          onMore={() => {
            invite.setChips([]);
            setSent(false);
          }}
          onClose={close}
        />
      ) : (
        <InviteForm invite={invite} summary={summary} onSend={(chips) => void send(chips)} onClose={close} />
      )}
    </Dialog>
  );
}

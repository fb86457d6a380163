import { RefreshCw } from "lucide-react";
import { MembersResendDocument } from "../../graph/generated/graphql";
import { IconButton } from "../../parts/button";
import { Problem } from "../../parts/problem";
import { toast } from "../../parts/toasts";
import { useCommand } from "../../parts/use-command";
import { useSecondsUntil } from "../../parts/use-seconds-until";
import { useOrganization } from "../../shell/organization-context";
import { membersPage } from "../../texts/en/members";
import styles from "./members.module.css";
import type { InvitationRow } from "./types";

const t = membersPage;

interface Props {
  invitation: Pick<InvitationRow, "id" | "email" | "resendableAt">;
}

/** Sends an invitation again. Counts down until that is possible. */
export function ResendButton({ invitation: { id, email, resendableAt } }: Props) {
  const { organization } = useOrganization();
  const { send, problem } = useCommand(MembersResendDocument);
  const seconds = useSecondsUntil(resendableAt ?? null);
  const resend = async () => {
    const sent = await send({ input: { organizationId: organization.id, invitationId: id } });
    if (sent) toast(t.resent(email));
  };
  return (
    <>
      <IconButton
        label={t.resend(email)}
        refusal={seconds > 0 ? { message: t.resendIn(seconds) } : null}
        onPress={() => void resend()}
      >
        <RefreshCw size={18} aria-hidden />
      </IconButton>
      {seconds > 0 && <span className={styles.countdown}>{t.secondsLeft(seconds)}</span>}
      <Problem problem={problem} />
    </>
  );
}

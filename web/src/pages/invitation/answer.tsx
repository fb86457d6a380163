import { useApolloClient } from "@apollo/client/react";
import { InvitationAcceptDocument, InvitationDeclineDocument } from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { Problem } from "../../parts/problem";
import { toast } from "../../parts/toasts";
import { useCommand } from "../../parts/use-command";
import { useNavigateFromHere } from "../../parts/use-navigate-from-here";
import { texts } from "../../texts/en";
import { invitationPage } from "../../texts/en/invitation";
import styles from "./invitation.module.css";
import { SwitchAccount } from "./switch-account";

const t = invitationPage;

/** Accepts or declines the invitation, only after a click. */
export function Answer({ token, onChanged }: { token: string; onChanged(): void }) {
  const client = useApolloClient();
  const navigate = useNavigateFromHere();
  const accepting = useCommand(InvitationAcceptDocument);
  const declining = useCommand(InvitationDeclineDocument);
  const accept = async () => {
    const joined = await accepting.send({ input: { token } });
    if (!joined) return onChanged();
    // The list of organizations has a new entry.
    client.cache.evict({ id: "ROOT_QUERY", fieldName: "viewer" });
    toast(t.welcome(joined.organization.name));
    const params = { organizationId: joined.organization.id };
    await navigate({ to: "/organizations/$organizationId/workspaces", params });
  };
  const decline = async () => {
    await declining.send({ input: { token } });
    onChanged();
  };
  return (
    <>
      <Problem problem={accepting.problem ?? declining.problem} />
      <div className={styles.actions}>
        <Button variant="main" isPending={accepting.isSending} onPress={() => void accept()}>
          {texts.accept}
        </Button>
        <Button isPending={declining.isSending} onPress={() => void decline()}>
          {texts.decline}
        </Button>
        <SwitchAccount />
      </div>
    </>
  );
}

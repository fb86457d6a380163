import { useState } from "react";
import { InvitationRequestDocument } from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { Problem } from "../../parts/problem";
import { useCommand } from "../../parts/use-command";
import { useSession } from "../../session/session-context";
import { invitationPage } from "../../texts/en/invitation";

const t = invitationPage;

/** Asks the inviter for a new invitation. Needs a signed-in person, so that nobody asks in the name of others. */
export function RequestNew({ token, isSignedIn }: { token: string; isSignedIn: boolean }) {
  const session = useSession();
  const { send, problem, isSending } = useCommand(InvitationRequestDocument);
  const [isSent, setSent] = useState(false);
  const request = async () => {
    if (await send({ input: { token } })) setSent(true);
  };
  if (isSent) return <p role="status">{t.requested}</p>;
  return (
    <>
      <Problem problem={problem} />
      {isSignedIn ? (
        <Button variant="main" isPending={isSending} onPress={() => void request()}>
          {t.request}
        </Button>
      ) : (
        <Button variant="main" onPress={() => void session.signIn()}>
          {t.signInToRequest}
        </Button>
      )}
    </>
  );
}

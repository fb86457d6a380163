import { useQuery } from "@apollo/client/react";
import { type ReceivedInvitationFragment, ReceivedInvitationsDocument } from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { Problem } from "../../parts/problem";
import { texts } from "../../texts/en";
import { useReceivedAnswers } from "../use-received-answers";
import styles from "./selector.module.css";

/** The received invitations, which the person can answer without leaving the page. */
export function ReceivedInPlace() {
  const { data } = useQuery(ReceivedInvitationsDocument);
  const invitations = data?.viewer.receivedInvitations ?? [];
  if (invitations.length === 0) return null;
  return (
    <section className={styles.invitations} aria-label={texts.selectorPage.invitations(invitations.length)}>
      <h3>{texts.selectorPage.invitations(invitations.length)}</h3>
      {invitations.map((invitation) => (
        <ReceivedRow key={invitation.id} invitation={invitation} />
      ))}
    </section>
  );
}

function ReceivedRow({ invitation }: { invitation: ReceivedInvitationFragment }) {
  const { accept, decline, problem, isSending } = useReceivedAnswers(invitation);
  const { organization, invitedBy, role } = invitation;
  return (
    <div className={styles.invitation}>
      <div className={styles.grow}>
        <strong dir="auto">{organization.name}</strong>
        <span className="dim">{texts.selectorPage.invitedBy(invitedBy?.name ?? null, texts.roles[role])}</span>
      </div>
      <div className={styles.answers}>
        <Button
          aria-label={texts.selectorPage.acceptFor(organization.name)}
          variant="main"
          isPending={isSending}
          onPress={accept}
        >
          {texts.accept}
        </Button>
        <Button aria-label={texts.selectorPage.declineFor(organization.name)} isPending={isSending} onPress={decline}>
          {texts.decline}
        </Button>
      </div>
      <Problem problem={problem} />
    </div>
  );
}

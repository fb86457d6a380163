import { useQuery } from "@apollo/client/react";
import { type ReceivedInvitationFragment, ReceivedInvitationsDocument } from "../../graph/generated/graphql";
import { Failed } from "../../parts/page-states";
import { Problem } from "../../parts/problem";
import { texts } from "../../texts/en";
import { AnswerButtons } from "../answer-buttons";
import { useReceivedAnswers } from "../use-received-answers";
import styles from "./selector.module.css";

/** The received invitations, which the person can answer without leaving the page. */
export function ReceivedInPlace() {
  const { data, error, refetch } = useQuery(ReceivedInvitationsDocument);
  const invitations = data?.viewer.receivedInvitations ?? [];
  if (error) return <Failed title={texts.selectorPage.invitationsFailed} error={error} onRetry={() => refetch()} />;
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
  const answers = useReceivedAnswers(invitation);
  const { organization, invitedBy, role } = invitation;
  return (
    <div className={styles.invitation}>
      <div className={styles.grow}>
        <strong dir="auto">{organization.name}</strong>
        <span className="dim">{texts.selectorPage.invitedBy(invitedBy?.name ?? null, texts.roles[role])}</span>
      </div>
      <div className={styles.answers}>
        <AnswerButtons organizationName={organization.name} answers={answers} />
      </div>
      <Problem problem={answers.problem} />
    </div>
  );
}

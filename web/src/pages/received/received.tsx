import { useQuery } from "@apollo/client/react";
import {
  type ReceivedInvitationFragment,
  ReceivedInvitationsDocument,
  ViewerDocument,
} from "../../graph/generated/graphql";
import { Loading } from "../../parts/loading";
import { PageHead } from "../../parts/page-head";
import { Failed } from "../../parts/page-states";
import { Problem } from "../../parts/problem";
import { RoleBadge } from "../../parts/role-badge";
import { TimeAgo } from "../../parts/time";
import { AnswerButtons } from "../../shell/answer-buttons";
import { useReceivedAnswers } from "../../shell/use-received-answers";
import { texts } from "../../texts/en";
import styles from "./received.module.css";

/** The invitations to the viewer's address. They are updated live. */
export function ReceivedInvitations() {
  const { data, error, refetch } = useQuery(ReceivedInvitationsDocument, { fetchPolicy: "cache-and-network" });
  const invitations = data?.viewer.receivedInvitations;
  return (
    <>
      <PageHead title={texts.receivedPage.title} text={texts.receivedPage.text} />
      <UnverifiedNotice />
      {error && <Failed error={error} onRetry={() => void refetch()} />}
      {!invitations && !error && <Loading panels={[140]} />}
      {invitations?.length === 0 && !error && (
        <section className="notice">
          <p>
            <strong>{texts.receivedPage.empty}</strong>
          </p>
          <p className="dim">{texts.receivedPage.emptyNext}</p>
        </section>
      )}
      <ul className={styles.cards}>
        {invitations?.map((invitation) => (
          <InvitationCard key={invitation.id} invitation={invitation} />
        ))}
      </ul>
    </>
  );
}

function InvitationCard({ invitation }: { invitation: ReceivedInvitationFragment }) {
  const answers = useReceivedAnswers(invitation);
  const { organization, role, workspaceGrants, invitedBy, expiresAt } = invitation;
  const workspaces = workspaceGrants.map(({ workspaceName }) => workspaceName);
  const { receivedPage } = texts;
  const none = role === "ADMIN" ? receivedPage.allWorkspaces : receivedPage.noWorkspaces;
  return (
    <li className={styles.card}>
      <header className={styles.head}>
        <h2 dir="auto">{organization.name}</h2>
        <RoleBadge role={role} />
      </header>
      <p>{workspaces.length > 0 ? receivedPage.workspaces(workspaces) : none}</p>
      <p className="dim">
        {invitedBy && `${receivedPage.invitedBy(invitedBy.name)} · `}
        {receivedPage.expires} <TimeAgo at={expiresAt} />
      </p>
      <Problem problem={answers.problem} />
      <div className={styles.answers}>
        <AnswerButtons organizationName={organization.name} answers={answers} />
      </div>
    </li>
  );
}

/** Explains an empty list: invitations reach verified addresses only. */
function UnverifiedNotice() {
  const { data } = useQuery(ViewerDocument);
  const viewer = data?.viewer;
  if (viewer?.emailVerified !== false) return null;
  return (
    <p role="status" className="notice problem">
      {viewer.email ? texts.receivedPage.notVerified(viewer.email) : texts.receivedPage.noAddress}
    </p>
  );
}

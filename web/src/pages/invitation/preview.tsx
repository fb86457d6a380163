import { useQuery } from "@apollo/client/react";
import type { ReactNode } from "react";
import { type InvitationOfLinkQuery, InvitationViewerDocument } from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { Failed } from "../../parts/page-states";
import { Day } from "../../parts/time";
import { useSession } from "../../session/session-context";
import { texts } from "../../texts/en";
import { invitationPage } from "../../texts/en/invitation";
import { Answer } from "./answer";
import styles from "./invitation.module.css";
import { OpenOrganization } from "./open-organization";
import { RequestNew } from "./request-new";
import { type Invitation, type LinkState, stateOf } from "./state";
import { SwitchAccount } from "./switch-account";

const t = invitationPage;

interface Props {
  token: string;
  invitation: Invitation;
  roles: InvitationOfLinkQuery["roles"];
  isSignedIn: boolean;
  onChanged(): void;
}

/** The invitation, and the next step for the person who looks at it. */
export function Preview({ token, invitation, roles, isSignedIn, onChanged }: Props) {
  const state = stateOf(invitation, isSignedIn);
  const { data, error, refetch } = useQuery(InvitationViewerDocument, { skip: !isSignedIn });
  const { organizationName, invitedByName, role } = invitation;
  return (
    <>
      <h1>{texts.invitedTo(organizationName, invitedByName ?? null)}</h1>
      <Details invitation={invitation} sentence={roles.find((each) => each.role === role)?.description ?? ""} />
      {error && <Failed error={error} onRetry={() => refetch()} />}
      {data && <p className="dim">{t.signedInAs(data.viewer.name, data.viewer.email ?? "")}</p>}
      <div className={styles.state}>
        <p role="status">{wordsFor(state, invitation)}</p>
        <NextStep state={state} token={token} invitation={invitation} isSignedIn={isSignedIn} onChanged={onChanged} />
      </div>
    </>
  );
}

function Details({ invitation, sentence }: { invitation: Invitation; sentence: string }) {
  const { email, role, workspaceNames, expiresAt } = invitation;
  return (
    <dl className={styles.details}>
      <dt>{t.address}</dt>
      <dd>{email}</dd>
      <dt>{t.role}</dt>
      <dd>
        <strong>{texts.roles[role]}</strong> <span className="dim">{sentence}</span>
      </dd>
      {workspaceNames.length > 0 && (
        <>
          <dt>{t.workspaces}</dt>
          <dd dir="auto">{t.names(workspaceNames)}</dd>
        </>
      )}
      <dt>{t.expires}</dt>
      <dd>
        <Day at={expiresAt} />
      </dd>
    </dl>
  );
}

function wordsFor(state: LinkState, { organizationName, email, refusal }: Invitation): string {
  if (state === "wrong-account") return t.states["wrong-account"](email);
  if (state === "void" || state === "no-seat") return refusal?.message ?? "";
  return t.states[state](organizationName);
}

function NextStep({ state, token, invitation, isSignedIn, onChanged }: Omit<Props, "roles"> & { state: LinkState }) {
  const steps: Partial<Record<LinkState, ReactNode>> = {
    "signed-out": <SignIn />,
    open: <Answer token={token} onChanged={onChanged} />,
    "wrong-account": <SwitchAccount isMain />,
    "not-verified": <SwitchAccount label={t.verifiedNow} isMain />,
    "no-seat": <Button onPress={onChanged}>{texts.tryAgain}</Button>,
    expired: <RequestNew token={token} isSignedIn={isSignedIn} />,
    canceled: <RequestNew token={token} isSignedIn={isSignedIn} />,
    void: <RequestNew token={token} isSignedIn={isSignedIn} />,
    member: <OpenOrganization name={invitation.organizationName} />,
    accepted: <OpenOrganization name={invitation.organizationName} />,
  };
  return steps[state] ?? null;
}

function SignIn() {
  const session = useSession();
  return (
    <Button variant="main" onPress={() => void session.signIn()}>
      {t.signIn}
    </Button>
  );
}

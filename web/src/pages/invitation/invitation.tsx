import { useMutation, useQuery } from "@apollo/client/react";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { AcceptDocument, DeclineDocument, InvitationOfLinkDocument } from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { Failed, Loading } from "../../parts/page-states";
import { useTitle } from "../../parts/use-title";
import { useSession } from "../../session/session-context";
import { texts } from "../../texts/en";
import styles from "./invitation.module.css";

/** The page of an invitation's link. It shows the invitation before anybody has signed in. */
export function InvitationPage() {
  useTitle(texts.invitation);
  const { token } = useParams({ strict: false }) as { token: string };
  const { data, error, refetch } = useQuery(InvitationOfLinkDocument, {
    variables: { token },
    fetchPolicy: "no-cache",
  });
  if (error) return <Failed error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  const { invitation } = data;
  if (!invitation) {
    return (
      <main className="narrow">
        <h1>{texts.linkInvalid}</h1>
        <p>{texts.linkInvalidText}</p>
      </main>
    );
  }
  return (
    <main className="narrow">
      <h1>{texts.invitedTo(invitation.organizationName, invitation.invitedByName ?? null)}</h1>
      <p>{texts.invitedAs(invitation.email, texts.roles[invitation.role])}</p>
      {invitation.workspaceNames.length > 0 && <p>{texts.withWorkspaces(invitation.workspaceNames)}</p>}
      <Answer token={token} refusal={invitation.refusal ?? null} />
    </main>
  );
}

function Answer({ token, refusal }: { token: string; refusal: { message: string } | null }) {
  const session = useSession();
  const navigate = useNavigate();
  const [person, setPerson] = useState<string | null | undefined>(undefined);
  const [said, setSaid] = useState<string | null>(null);
  const [accept, accepting] = useMutation(AcceptDocument, {
    errorPolicy: "all",
    // The list of organizations is read again.
    update: (cache) => void cache.evict({ id: "ROOT_QUERY", fieldName: "viewer" }),
  });
  const [decline, declining] = useMutation(DeclineDocument, { errorPolicy: "all" });
  useEffect(() => {
    session.person().then((profile) => setPerson(profile?.name ?? null));
  }, [session]);
  const submitAccept = async () => {
    const { data, error } = await accept({ variables: { input: { token } } });
    const result = data?.acceptInvitation;
    if (result?.__typename !== "AcceptInvitationSuccess") return setSaid(result?.message ?? error?.message ?? null);
    const params = { organizationId: result.organization.id };
    await navigate({ to: "/organizations/$organizationId/members", params });
  };
  const submitDecline = async () => {
    const { data, error } = await decline({ variables: { input: { token } } });
    const result = data?.declineInvitation;
    const isDeclined = result?.__typename === "DeclineInvitationSuccess";
    setSaid(isDeclined ? texts.declined : (result?.message ?? error?.message ?? null));
  };
  const switchAccount = async () => {
    await session.signOut();
    await session.signIn();
  };
  if (person === undefined) return <Loading />;
  if (person === null) {
    return (
      <Button variant="main" onPress={() => void session.signIn()}>
        {texts.signIn}
      </Button>
    );
  }
  return (
    <>
      <p className="dim">{texts.signedInAs(person)}</p>
      <p role="status">{said ?? refusal?.message}</p>
      <div className={styles.actions}>
        {!refusal && (
          <>
            <Button variant="main" onPress={() => void submitAccept()} isPending={accepting.loading}>
              {texts.accept}
            </Button>
            <Button onPress={() => void submitDecline()} isPending={declining.loading}>
              {texts.decline}
            </Button>
          </>
        )}
        <Button onPress={() => void switchAccount()}>{texts.switchAccount}</Button>
      </div>
    </>
  );
}

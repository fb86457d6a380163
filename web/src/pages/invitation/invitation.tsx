import { useQuery, useSubscription } from "@apollo/client/react";
import { useParams } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { InvitationLiveDocument, InvitationOfLinkDocument } from "../../graph/generated/graphql";
import { FrontPage } from "../../parts/front-page";
import { Loading } from "../../parts/loading";
import { Failed } from "../../parts/page-states";
import { UNSHARED, useRefresh } from "../../parts/use-refresh";
import { useTitle } from "../../parts/use-title";
import { useSession } from "../../session/session-context";
import { texts } from "../../texts/en";
import { Preview } from "./preview";
import { UnknownLink } from "./unknown-link";

/** The page of an invitation's link. It shows the invitation before anybody has signed in. */
export function InvitationPage() {
  useTitle(texts.invitation);
  const { token } = useParams({ from: "/invitations/$token" });
  const isSignedIn = useIsSignedIn();
  const { data, error, refetch } = useQuery(InvitationOfLinkDocument, {
    variables: { token },
    fetchPolicy: "no-cache",
    context: UNSHARED,
  });
  const refresh = useRefresh({ refetch, error, mayMiss: true });
  useSubscription(InvitationLiveDocument, { skip: !isSignedIn, ignoreResults: true, onData: refresh });
  return (
    <FrontPage>
      {error && <Failed error={error} onRetry={refresh} />}
      {!error && (!data || isSignedIn === null) && <Loading panels={[190]} />}
      {data && isSignedIn !== null && !data.invitation && <UnknownLink token={token} isSignedIn={isSignedIn} />}
      {data?.invitation && isSignedIn !== null && (
        <Preview
          token={token}
          invitation={data.invitation}
          roles={data.roles}
          isSignedIn={isSignedIn}
          onChanged={refresh}
        />
      )}
    </FrontPage>
  );
}

/** Null until it is known. */
function useIsSignedIn(): boolean | null {
  const session = useSession();
  const [isSignedIn, setSignedIn] = useState<boolean | null>(null);
  useEffect(() => {
    session.current().then(
      (token) => setSignedIn(token !== null),
      () => setSignedIn(false),
    );
  }, [session]);
  return isSignedIn;
}

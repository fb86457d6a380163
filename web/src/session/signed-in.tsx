import { useQuery } from "@apollo/client/react";
import { type ReactNode, useSyncExternalStore } from "react";
import { ViewerDocument } from "../graph/generated/graphql";
import { Button } from "../parts/button";
import { FrontPage } from "../parts/front-page";
import { Loading } from "../parts/loading";
import { Failed } from "../parts/page-states";
import { useTitle } from "../parts/use-title";
import { texts } from "../texts/en";
import { useSession } from "./session-context";

/** Shows its children to signed-in people, and a sign-in button to everybody else. */
export function SignedIn({ children }: { children: ReactNode }) {
  const session = useSession();
  const state = useSyncExternalStore(session.subscribe, session.currentState);
  return state === "signed-out" ? <SignInPage /> : <WithViewer>{children}</WithViewer>;
}

function WithViewer({ children }: { children: ReactNode }) {
  const { data, previousData, error, refetch } = useQuery(ViewerDocument);
  if (data ?? previousData) return children;
  if (error) {
    return (
      <main>
        <Failed error={error} onRetry={() => void refetch()} />
      </main>
    );
  }
  return (
    <>
      <div className="opening" />
      <main>
        <Loading panels={[64, 420]} />
      </main>
    </>
  );
}

function SignInPage() {
  const session = useSession();
  useTitle(texts.signIn);
  return (
    <FrontPage>
      <h1>{session.wasSignedIn ? texts.session.signedOut : texts.product}</h1>
      <p>{session.wasSignedIn ? texts.session.signedOutText : texts.signInIntroduction}</p>
      <Button variant="main" onPress={() => void session.signIn()}>
        {texts.signIn}
      </Button>
    </FrontPage>
  );
}

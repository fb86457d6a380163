import { useQuery } from "@apollo/client/react";
import type { ReactNode } from "react";
import { useEffect, useState } from "react";
import { ViewerDocument } from "../graph/generated/graphql";
import { Button } from "../parts/button";
import { Failed, Loading } from "../parts/page-states";
import { texts } from "../texts/en";
import { useSession } from "./session-context";

/** Shows its children to people who are signed in, and offers everybody else to sign in. */
export function SignedIn({ children }: { children: ReactNode }) {
  const session = useSession();
  const [isKnown, setKnown] = useState<boolean | null>(null);
  useEffect(() => {
    session.current().then(
      (token) => setKnown(token !== null),
      () => setKnown(false),
    );
  }, [session]);
  if (isKnown === null) return <Loading />;
  return isKnown ? <WithViewer>{children}</WithViewer> : <SignInPage />;
}

function WithViewer({ children }: { children: ReactNode }) {
  const { data, error, refetch } = useQuery(ViewerDocument);
  if (data) return children;
  if (error) return <Failed error={error} onRetry={() => void refetch()} />;
  return <Loading />;
}

function SignInPage() {
  const session = useSession();
  return (
    <main className="narrow">
      <h1>{texts.product}</h1>
      <p>{texts.signInIntroduction}</p>
      <Button variant="main" onPress={() => void session.signIn()}>
        {texts.signIn}
      </Button>
    </main>
  );
}

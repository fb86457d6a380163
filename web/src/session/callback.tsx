import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { Button } from "../parts/button";
import { FrontPage } from "../parts/front-page";
import { useTitle } from "../parts/use-title";
import { texts } from "../texts/en";
import { useSession } from "./session-context";

/** The page to which the provider sends people back. */
export function Callback() {
  const session = useSession();
  const navigate = useNavigate();
  const [failure, setFailure] = useState<string | null>(null);
  const isStarted = useRef(false);
  useTitle(failure === null ? texts.signIn : texts.signInFailed);
  useEffect(() => {
    // A code can be used once, and React runs effects twice in development.
    if (isStarted.current) return;
    isStarted.current = true;
    session
      .completeSignIn()
      .then((path) => navigate({ to: path, replace: true }))
      .catch((error: unknown) => setFailure(error instanceof Error ? error.message : String(error)));
  }, [session, navigate]);
  return (
    <FrontPage>{failure === null ? <p role="status">{texts.signingIn}</p> : <Failure message={failure} />}</FrontPage>
  );
}

function Failure({ message }: { message: string }) {
  const session = useSession();
  return (
    <>
      <h1>{texts.signInFailed}</h1>
      <p>{texts.session.failedText}</p>
      <p className="notice">{message}</p>
      <Button variant="main" onPress={() => session.signIn("/")}>
        {texts.tryAgain}
      </Button>
    </>
  );
}

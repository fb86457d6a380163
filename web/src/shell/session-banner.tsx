import { useSyncExternalStore } from "react";
import { useSession } from "../session/session-context";
import { texts } from "../texts/en";
import styles from "./layout.module.css";

/** Says that the session has ended, and how to continue without losing the page's content. */
export function SessionBanner() {
  const session = useSession();
  const state = useSyncExternalStore(session.subscribe, session.currentState);
  return (
    <div role="status">
      {state === "ended" && (
        <p className={styles.banner}>
          {texts.session.ended}{" "}
          <a href="/account" target="_blank" rel="noopener">
            {texts.session.signInAgain}
          </a>
        </p>
      )}
    </div>
  );
}

import { texts } from "../../texts/en";
import styles from "./invitation.module.css";
import { RequestNew } from "./request-new";
import { SwitchAccount } from "./switch-account";

/** A link that is unknown, or that a newer one replaced: the graph does not say which. */
export function UnknownLink({ token, isSignedIn }: { token: string; isSignedIn: boolean }) {
  return (
    <>
      <h1>{texts.linkInvalid}</h1>
      <p role="status">{texts.linkInvalidText}</p>
      <div className={styles.actions}>
        <RequestNew token={token} isSignedIn={isSignedIn} />
        {isSignedIn && <SwitchAccount />}
      </div>
    </>
  );
}

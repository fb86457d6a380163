import { texts } from "../../texts/en";
import styles from "./invitation.module.css";
import { RequestNew } from "./request-new";
import { SwitchAccount } from "./switch-account";

/** A link that is unknown or was replaced by a newer one. The graph does not tell them apart. */
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

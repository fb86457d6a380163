import { useSyncExternalStore } from "react";
import { connection } from "../graph/connection";
import { texts } from "../texts/en";
import styles from "./layout.module.css";

const TIME = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });

/** Says how old the page is while live updates are interrupted. */
export function ConnectionBanner() {
  const state = useSyncExternalStore(connection.subscribe, connection.current);
  return (
    <div role="status">
      {state.is === "lost" && <p className={styles.banner}>{texts.connection.lost(TIME.format(state.at))}</p>}
    </div>
  );
}

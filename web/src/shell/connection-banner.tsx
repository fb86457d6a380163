import { useSyncExternalStore } from "react";
import { connection } from "../graph/connection";
import { texts } from "../texts/en";
import styles from "./layout.module.css";

/** Says that live updates are interrupted, as long as they are. */
export function ConnectionBanner() {
  const state = useSyncExternalStore(connection.subscribe, connection.current);
  return (
    <div role="status">{state.is === "waiting" && <p className={styles.banner}>{texts.connection.waiting}</p>}</div>
  );
}

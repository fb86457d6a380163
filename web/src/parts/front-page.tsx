import { CloudCog } from "lucide-react";
import type { ReactNode } from "react";
import { texts } from "../texts/en";
import styles from "./front-page.module.css";

/** A page without the header, for people who may not be signed in. */
export function FrontPage({ children }: { children: ReactNode }) {
  return (
    <main className={styles.page}>
      <p className={styles.brand}>
        <CloudCog size={24} aria-hidden />
        {texts.brand}
      </p>
      <section className={styles.card}>{children}</section>
    </main>
  );
}

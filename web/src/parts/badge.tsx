import type { ReactNode } from "react";
import styles from "./badge.module.css";

interface Props {
  tone?: "neutral" | "good" | "warn" | "bad";
  children: ReactNode;
}

/** A short state or role. Its words carry the meaning, not only its colour. */
export function Badge({ tone = "neutral", children }: Props) {
  return <span className={`${styles.badge} ${styles[tone] ?? ""}`}>{children}</span>;
}

import type { CloudProvider } from "../graph/generated/graphql";
import { texts } from "../texts/en";
import styles from "./provider-mark.module.css";

const SHAPES: Record<CloudProvider, string> = {
  AWS: "M3 15c6 4 12 4 18 0M18 14l3.2.8-.8 3.2M4 11l2-6h1l2 6M5 9h3M10 5l1.5 6L13 6l1.5 5L16 5",
  GCP: "M8 5h8l4 7-4 7H8l-4-7zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z",
  AZURE: "M10 4 4 18h5l6-14zM15 8l-2 5 4 4-6 1h10z",
};

/** The mark of a cloud provider with its name. */
export function ProviderMark({ provider }: { provider: CloudProvider }) {
  return (
    <span className={`${styles.mark} ${styles[provider] ?? ""}`}>
      <svg viewBox="0 0 24 24" aria-hidden>
        <path d={SHAPES[provider]} />
      </svg>
      {texts.providers[provider]}
    </span>
  );
}

import { colourOf } from "../../../charts/palette";
import { subscriptionPage } from "../../../texts/en/subscription";
import type { UsageSeries } from "./series";
import styles from "./usage.module.css";

const page = subscriptionPage;

/** The series of the chart in the order of their bars, with the usage of each. */
export function Legend({ series }: { series: readonly UsageSeries[] }) {
  return (
    <ul className={styles.legend}>
      {series.map(({ key, name, total }, index) => (
        <li key={key}>
          <svg width="12" height="12" className={colourOf(index)} aria-hidden>
            <rect width="12" height="12" rx="3" fill="currentColor" />
          </svg>
          <span dir="auto">{name}</span>
          <strong>{page.number(total)}</strong>
        </li>
      ))}
    </ul>
  );
}

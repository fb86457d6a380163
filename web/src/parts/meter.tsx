import { Meter as AriaMeter, Label } from "react-aria-components";
import { texts } from "../texts/en";
import styles from "./meter.module.css";

interface Segment {
  label: string;
  value: number;
  tone?: "accent" | "soft" | "warn";
}

interface Props {
  label: string;
  segments: readonly Segment[];
  /** Null: unlimited. */
  limit: number | null;
}

/** How much of a limit is used, in segments and in words. Without a limit the bar stays empty. */
export function Meter({ label, segments, limit }: Props) {
  const used = segments.reduce((sum, { value }) => sum + value, 0);
  const whole = Math.max(limit ?? used, used, 1);
  const isFull = limit !== null && used >= limit;
  return (
    <AriaMeter
      minValue={0}
      maxValue={whole}
      value={used}
      valueLabel={texts.limit(used, limit)}
      className={styles.meter}
    >
      <div className={styles.words}>
        <Label>{label}</Label>
        <strong className={isFull ? styles.full : undefined}>{texts.limit(used, limit)}</strong>
      </div>
      <svg className={styles.bar} viewBox={`0 0 ${whole} 1`} preserveAspectRatio="none" aria-hidden>
        {(limit === null ? [] : segments).map(({ label: name, value, tone = "accent" }, index) => {
          const before = segments.slice(0, index).reduce((sum, each) => sum + each.value, 0);
          return <rect key={name} x={before} width={value} height={1} className={styles[isFull ? "warn" : tone]} />;
        })}
      </svg>
    </AriaMeter>
  );
}

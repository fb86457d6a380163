import { type CSSProperties, useEffect, useState } from "react";
import { texts } from "../texts/en";
import styles from "./loading.module.css";

/** The size of the expected content, in pixels. `card` is the height of a row if the table becomes cards. */
type Shape =
  | { panels: readonly number[] }
  | { rows: number; height?: number; card?: number }
  | { cards: number; height: number };

const DELAY_MS = 150;
const HANDOVER_MS = 100;

/** The time that people have been waiting, over several loading states in a row. */
const wait = { since: 0, mounted: 0, ended: Number.NEGATIVE_INFINITY };

/** Reserves the space of loading content. It becomes visible after 150 ms, because most responses come sooner. */
export function Loading(shape: Shape) {
  const waited = useWaited();
  return (
    <div className={styles.loading} style={property("--wait", `${DELAY_MS - waited}ms`)}>
      <span role="status" className="unseen">
        {texts.loading}
      </span>
      <Blocks shape={shape} />
    </div>
  );
}

function Blocks({ shape }: { shape: Shape }) {
  if ("panels" in shape)
    return times(shape.panels.length, (index) => <Block key={index} height={shape.panels[index] ?? 0} />);
  if ("cards" in shape) {
    return (
      <div className={styles.cards}>
        {times(shape.cards, (key) => (
          <Block key={key} height={shape.height} />
        ))}
      </div>
    );
  }
  const { rows, height = 57, card = height } = shape;
  return (
    <div className={styles.frame}>
      <div
        className={styles.rows}
        style={{ ...property("--height", `${height}px`), ...property("--card", `${card}px`) }}
      >
        {times(rows, (key) => (
          <div key={key} className={styles.row} />
        ))}
      </div>
    </div>
  );
}

function Block({ height }: { height: number }) {
  return <div className={styles.block} style={property("--height", `${height}px`)} />;
}

/** The milliseconds of waiting before this loading state. A page follows its chunk, and a list its page. */
function useWaited(): number {
  const [waited] = useState(() => {
    const now = performance.now();
    if (wait.mounted === 0 && now - wait.ended > HANDOVER_MS) wait.since = now;
    return Math.round(now - wait.since);
  });
  useEffect(() => {
    wait.mounted++;
    return () => {
      wait.mounted--;
      wait.ended = performance.now();
    };
  }, []);
  return waited;
}

function times<Item>(number: number, make: (index: number) => Item): Item[] {
  return Array.from({ length: number }, (_, index) => make(index));
}

function property(name: `--${string}`, value: string): CSSProperties {
  return { [name]: value } as CSSProperties;
}

import table from "../../../parts/table.module.css";
import { subscriptionPage } from "../../../texts/en/subscription";
import type { Pool } from "./pool";
import styles from "./usage.module.css";

const page = subscriptionPage;
const words = page.usage;

/** The data of the chart of this period, a row per day. */
export function PoolTable({ pool: { days } }: { pool: Pool }) {
  const value = (credits: number | null) => (credits === null ? "" : page.credits(credits));
  return (
    <div className={`${table.frame} ${styles.scroll}`}>
      <table className={table.table} aria-label={words.poolChart}>
        <thead>
          <tr>
            <th>{words.when.day}</th>
            <th className={table.number}>{words.used}</th>
            <th className={table.number}>{words.forecast}</th>
          </tr>
        </thead>
        <tbody>
          {days.map(({ at, used, forecast }) => (
            <tr key={at}>
              <td data-label={words.when.day}>{page.day(at)}</td>
              <td data-label={words.used} className={table.number}>
                {value(used)}
              </td>
              <td data-label={words.forecast} className={table.number}>
                {value(forecast)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

import table from "../../../parts/table.module.css";
import { subscriptionPage } from "../../../texts/en/subscription";
import type { Grouping, Period } from "./period";
import type { UsageTable } from "./series";
import styles from "./usage.module.css";

const page = subscriptionPage;
const words = page.usage;

/** The data of the trend: a row per interval, a column per workspace. */
export function TrendTable({ usage, period }: { usage: UsageTable; period: Period }) {
  const { series, rows } = usage;
  return (
    <div className={`${table.frame} ${styles.scroll}`}>
      <table className={table.table} aria-label={words.table(period.from, period.to)}>
        <thead>
          <tr>
            {headOf(usage, period.by).map((name, index) => (
              <th key={`${name} ${series[index - 1]?.key ?? ""}`} className={index > 0 ? table.number : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ at, values, total, calls, ownKeyCalls }) => (
            <tr key={at}>
              <td data-label={words.when[period.by]}>{page.day(at)}</td>
              {series.map(({ key, name }) => (
                <Value key={key} name={name} value={page.credits(values[key] ?? 0)} />
              ))}
              <Value name={words.total} value={page.credits(total)} />
              <Value name={words.calls} value={page.number(calls)} />
              <Value name={words.ownKeyCalls} value={page.number(ownKeyCalls)} />
            </tr>
          ))}
        </tbody>
        <Totals usage={usage} />
      </table>
    </div>
  );
}

function Totals({ usage: { series, total, calls, ownKeyCalls } }: { usage: UsageTable }) {
  return (
    <tfoot>
      <tr>
        <td>{words.total}</td>
        {series.map((each) => (
          <Value key={each.key} name={each.name} value={page.credits(each.total)} />
        ))}
        <Value name={words.total} value={page.credits(total)} />
        <Value name={words.calls} value={page.number(calls)} />
        <Value name={words.ownKeyCalls} value={page.number(ownKeyCalls)} />
      </tr>
    </tfoot>
  );
}

function Value({ name, value }: { name: string; value: string }) {
  return (
    <td data-label={name} className={table.number}>
      {value}
    </td>
  );
}

function headOf({ series }: UsageTable, by: Grouping): string[] {
  return [words.when[by], ...series.map(({ name }) => name), words.total, words.calls, words.ownKeyCalls];
}

/** The same table with all decimals, for a file. */
export function rowsForCsv(usage: UsageTable, by: Grouping): Array<Array<string | number>> {
  const { series, rows } = usage;
  const lines = rows.map(({ at, values, total, calls, ownKeyCalls }) => [
    at.slice(0, 10),
    ...series.map(({ key }) => values[key] ?? 0),
    total,
    calls,
    ownKeyCalls,
  ]);
  return [headOf(usage, by), ...lines];
}

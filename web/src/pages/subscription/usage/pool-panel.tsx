import { lazy, Suspense } from "react";
import { subscriptionPage } from "../../../texts/en/subscription";
import { ChartOrTable } from "./chart-or-table";
import { dayLabel } from "./labels";
import type { Pool } from "./pool";
import { PoolTable } from "./pool-table";
import styles from "./usage.module.css";

const page = subscriptionPage;
const words = page.usage;

const PoolLine = lazy(async () => ({ default: (await import("../../../charts/usage-chart")).PoolLine }));

/** The credits of this period: their use so far, and how long they will last. */
export function PoolPanel({ pool, resetsAt }: { pool: Pool; resetsAt: string }) {
  const { days, limit, runsOut } = pool;
  return (
    <div className={styles.panel}>
      <ChartOrTable title={words.pool} text={outlookOf(pool, resetsAt)} table={<PoolTable pool={pool} />}>
        <Suspense fallback={<div className={styles.pending} />}>
          <PoolLine
            label={words.poolChart}
            days={days}
            limit={limit}
            limitLabel={limit === null ? "" : words.poolLimit(limit)}
            end={runsOut ? { at: runsOut, label: words.runsOutLabel(dayLabel(runsOut)) } : null}
            names={{ used: words.used, forecast: words.forecast }}
            formatDay={dayLabel}
            formatValue={page.number}
          />
        </Suspense>
      </ChartOrTable>
    </div>
  );
}

function outlookOf({ used, limit, runsOut, projected }: Pool, resetsAt: string): string {
  if (limit !== null && used >= limit) return words.exhausted;
  if (runsOut) return words.runsOut(runsOut);
  return projected === null ? words.noPace : words.lasts(projected, resetsAt);
}

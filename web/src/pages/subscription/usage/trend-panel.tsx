import { Link } from "@tanstack/react-router";
import { Download } from "lucide-react";
import { lazy, Suspense } from "react";
import { Button } from "../../../parts/button";
import { csvOf, saveFile } from "../../../parts/csv";
import { useOrganization } from "../../../shell/organization-context";
import { subscriptionPage } from "../../../texts/en/subscription";
import { ChartOrTable } from "./chart-or-table";
import { dayLabel } from "./labels";
import { Legend } from "./legend";
import type { Period } from "./period";
import { tableOf, type Usage, type UsageTable } from "./series";
import styles from "./usage.module.css";
import { rowsForCsv, TrendTable } from "./usage-table";

const page = subscriptionPage;
const words = page.usage;

const UsageBars = lazy(async () => ({ default: (await import("../../../charts/usage-chart")).UsageBars }));

interface Props {
  trends: Usage["trendByWorkspace"];
  period: Period;
}

/** Credits over time, stacked by workspace, and the calls on the organization's own key. */
export function TrendPanel({ trends, period }: Props) {
  const usage = tableOf(trends, words);
  if (usage.calls === 0 && usage.total === 0) return <Nothing />;
  const save = () => saveFile(words.csvName(period.from, period.to), csvOf(rowsForCsv(usage, period.by)));
  return (
    <ChartOrTable
      title={words.trend}
      actions={
        <Button onPress={save}>
          <Download size={16} aria-hidden />
          {words.csv}
        </Button>
      }
      table={<TrendTable usage={usage} period={period} />}
    >
      <Legend series={usage.series} />
      <Suspense fallback={<div className={styles.pending} />}>
        <UsageBars
          label={words.trendChart(period.by)}
          rows={usage.rows}
          series={usage.series}
          formatDay={dayLabel}
          formatValue={page.number}
        />
        {usage.ownKeyCalls > 0 && <OwnKeyCalls usage={usage} period={period} />}
      </Suspense>
    </ChartOrTable>
  );
}

/** Calls are not credits, so they have an axis of their own, over the same days. */
function OwnKeyCalls({ usage, period }: { usage: UsageTable; period: Period }) {
  return (
    <>
      <h4>{words.ownKey}</h4>
      <p className={styles.note}>{words.ownKeyText}</p>
      <UsageBars
        label={words.ownKeyChart(period.by)}
        rows={usage.rows.map(({ at, ownKeyCalls }) => ({ at, values: { calls: ownKeyCalls } }))}
        series={[{ key: "calls", name: words.calls }]}
        firstColour={6}
        isSmall
        formatDay={dayLabel}
        formatValue={page.number}
      />
    </>
  );
}

function Nothing() {
  const { organization } = useOrganization();
  return (
    <div className={styles.nothing}>
      <h3>{words.none}</h3>
      <p className="dim">{words.noneText}</p>
      <Link to="/organizations/$organizationId/workspaces" params={{ organizationId: organization.id }}>
        {words.toWorkspaces}
      </Link>
    </div>
  );
}

import { useQuery } from "@apollo/client/react";
import { useSearch } from "@tanstack/react-router";
import { SubscriptionUsageDocument } from "../../../graph/generated/graphql";
import { Loading } from "../../../parts/loading";
import { Failed } from "../../../parts/page-states";
import { UNSHARED, useRefresh } from "../../../parts/use-refresh";
import { useOrganizationChanges } from "../../../shell/organization-context";
import { subscriptionPage } from "../../../texts/en/subscription";
import { ByWorkspace } from "./by-workspace";
import { argumentsOf, dayOf, periodOf } from "./period";
import { PeriodPicker } from "./period-picker";
import { poolOf, poolStart } from "./pool";
import { PoolPanel } from "./pool-panel";
import type { Usage } from "./series";
import { TrendPanel } from "./trend-panel";
import styles from "./usage.module.css";
import { UsageMeters } from "./usage-meters";

const words = subscriptionPage.usage;
const POLL_MS = 30_000;

/** The organization's use of its plan, read every half minute while the page is visible. */
export function UsageSection({ organizationId }: { organizationId: string }) {
  const search = useSearch({ from: "/signed-in/organizations/$organizationId/subscription" });
  const today = dayOf(new Date());
  const period = periodOf(search, today);
  const pool = { poolFrom: `${poolStart(today)}T00:00:00.000Z`, poolTo: `${today}T00:00:00.000Z` };
  const { data, previousData, error, refetch } = useQuery(SubscriptionUsageDocument, {
    variables: { organizationId, ...argumentsOf(period), ...pool },
    fetchPolicy: "cache-and-network",
    pollInterval: POLL_MS,
    skipPollAttempt: () => document.hidden,
    context: UNSHARED,
  });
  const refresh = useRefresh({ refetch, error });
  useOrganizationChanges(({ type }) => {
    if (/^(subscription|credits|workspace)\./.test(type)) refresh();
  });
  const usage = (data ?? previousData)?.organization?.subscription?.usage;
  return (
    <section aria-labelledby="usage" className={styles.usage}>
      <div className={styles.head}>
        <h2 id="usage">{words.title}</h2>
        <span className="dim">{error && usage ? words.asOf : words.refreshed}</span>
      </div>
      {error && !usage && <Failed error={error} onRetry={() => void refetch()} />}
      {!error && !usage && <Loading panels={[136, 330, 560]} />}
      {usage && <Panels usage={usage} today={today} />}
    </section>
  );
}

function Panels({ usage, today }: { usage: Usage; today: string }) {
  const search = useSearch({ from: "/signed-in/organizations/$organizationId/subscription" });
  const period = periodOf(search, today);
  return (
    <>
      <UsageMeters usage={usage} />
      <PoolPanel pool={poolOf(usage, today)} resetsAt={usage.credits.resetsAt} />
      <div className={styles.panel}>
        <PeriodPicker period={period} today={today} />
        <TrendPanel trends={usage.trendByWorkspace} period={period} />
        <ByWorkspace usage={usage} />
      </div>
    </>
  );
}

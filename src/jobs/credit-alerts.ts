import type { Services } from "../commands/runner/unit-of-work";
import { recordCreditAlert } from "../commands/usage/credit-alerts";
import { ALERT_THRESHOLDS, creditBalance, creditPeriod, reachedThreshold } from "../domain/credits";
import { storedPlan } from "../domain/plan";
import { creditAlertsOf } from "../store/credit-alerts";
import { groupBy } from "../store/engine/group-by";
import { subscriptionsOf } from "../store/views/subscriptions";
import { spentByDay } from "../store/views/usage";
import { changeUnlessPurged } from "./change-unless-purged";
import { forEach } from "./for-each";

const BATCH = 500;
const LONGEST_PERIOD_MS = 32 * 24 * 60 * 60 * 1000;

/**
 * Mails the Owners of the organizations that have newly reached a threshold of their credits. One query per 500
 * organizations finds them, and only they are locked.
 */
export async function sendCreditAlerts(services: Services, organizationIds: readonly string[]): Promise<void> {
  for (let from = 0; from < organizationIds.length; from += BATCH) {
    const due = await dueAlerts(services, organizationIds.slice(from, from + BATCH));
    await forEach(due, (id) => changeUnlessPurged(services, id, recordCreditAlert));
  }
}

async function dueAlerts({ database, clock }: Services, ids: readonly string[]): Promise<string[]> {
  const now = clock.now();
  const periods = (await subscriptionsOf(database, ids)).map(({ organizationId, planCode, startedAt }) => ({
    ...{ organizationId, plan: storedPlan(planCode) },
    ...creditPeriod(startedAt, now),
  }));
  const spent = groupBy(await spentByDay(database, periods, now), ({ organizationId }) => organizationId);
  const alerts = groupBy(
    await creditAlertsOf(database, ids, new Date(now.getTime() - LONGEST_PERIOD_MS)),
    ({ organizationId }) => organizationId,
  );
  return periods
    .filter(({ organizationId, plan, start, end }) => {
      const reached = reachedThreshold(creditBalance(plan, spent.get(organizationId) ?? [], end, now)) ?? 0;
      const sent = (alerts.get(organizationId) ?? []).filter(
        ({ periodStart }) => periodStart.getTime() === start.getTime(),
      );
      return ALERT_THRESHOLDS.some((each) => each <= reached && !sent.some(({ threshold }) => threshold === each));
    })
    .map(({ organizationId }) => organizationId);
}

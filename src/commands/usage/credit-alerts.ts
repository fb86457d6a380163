import { ALERT_THRESHOLDS, creditBalance, creditPeriod, reachedThreshold } from "../../domain/credits";
import { storedPlan } from "../../domain/plan";
import { claimCreditAlerts } from "../../store/credit-alerts";
import { subscriptionOf } from "../../store/subscription";
import { spentByDay } from "../../store/views/usage";
import { notifyOwners } from "../organization/notify-owners";
import type { OrganizationUnitOfWork } from "../runner/unit-of-work";

/** Mails the Owners once per period and threshold that the period's credits run low or are used up. */
export async function recordCreditAlert(unit: OrganizationUnitOfWork): Promise<void> {
  const { transaction, organization, now, record } = unit;
  // Nobody would get the mail. After a restore, the alert is still due.
  if (organization.deletedAt) return;
  const subscription = await subscriptionOf(transaction, organization.id);
  const plan = storedPlan(subscription.planCode);
  const { start, end } = creditPeriod(subscription.startedAt, now);
  const days = await spentByDay(transaction, [{ organizationId: organization.id, start }], start);
  const balance = creditBalance(plan, days, end, now);
  const reached = reachedThreshold(balance);
  if (reached === null) return;
  const thresholds = ALERT_THRESHOLDS.filter((threshold) => threshold <= reached);
  const claimed = await claimCreditAlerts(transaction, organization.id, start, thresholds);
  if (claimed.length === 0) return;
  const threshold = Math.max(...claimed);
  const summary =
    threshold === 100
      ? `The ${plan.monthlyCredits} credits of this period are used up.`
      : `${threshold} % of this period's ${plan.monthlyCredits} credits are used.`;
  record({
    type: "credits.threshold_reached",
    subjectId: subscription.id,
    summary,
    data: { threshold, periodStart: start.toISOString(), used: balance.used },
  });
  const renewal = `New credits are granted on ${end.toISOString().slice(0, 10)}.`;
  const notice = {
    subject: threshold === 100 ? "Your CloudThinker credits are used up" : "Your CloudThinker credits are running low",
    paragraphs: [summary, `${renewal} An upgrade takes effect at once.`],
    page: `/organizations/${organization.id}/subscription`,
  };
  await notifyOwners(unit, notice);
}

import DataLoader from "dataloader";
import { type CreditBalance, creditBalance, creditPeriod, type DaySpent } from "../domain/credits";
import { storedPlan } from "../domain/plan";
import { groupBy } from "../store/engine/group-by";
import { type ByokConfigView, byokConfigsOf, visibleByokConfigs } from "../store/views/byok";
import {
  mailsOfOrganizations,
  type SubscriptionView,
  subscriptionsOf,
  useOfOrganizations,
  visibleSubscriptions,
} from "../store/views/subscriptions";
import { spentByDay } from "../store/views/usage";
import { byId, idOf, inBatch, type LoaderContext, organizationOf, type RowLoader } from "./batch";

/** The forecast extrapolates the spending of the last seven days. */
const FORECAST_BASIS_MS = 7 * 24 * 60 * 60 * 1000;

/** An organization's credits, and its recent spending by day. */
export interface Credits {
  balance: CreditBalance;
  days: DaySpent[];
}

/** Subscriptions by id. */
export function loadSubscription(context: LoaderContext): RowLoader<SubscriptionView> {
  return byId(
    context,
    "subscription",
    ({ reader, visibility }, ids) => visibleSubscriptions(reader, visibility, ids),
    idOf,
  );
}

/** Subscriptions by their organization's id. */
export function loadSubscriptionOfOrganization(context: LoaderContext): RowLoader<SubscriptionView> {
  return byId(context, "subscriptionOfOrganization", ({ reader }, ids) => subscriptionsOf(reader, ids), organizationOf);
}

/** Seats and workspaces in use, by organization. */
export function loadUse(context: LoaderContext): RowLoader<{ seats: number; workspaces: number }> {
  return byId(context, "use", ({ reader, now }, ids) => useOfOrganizations(reader, now, ids), organizationOf);
}

/** Invitation mails of the last hour, by organization. */
export function loadSentMails(context: LoaderContext): RowLoader<{ sent: number }> {
  return byId(context, "sentMails", ({ reader, now }, ids) => mailsOfOrganizations(reader, now, ids), organizationOf);
}

/** BYOK configurations by id. */
export function loadByokConfig(context: LoaderContext): RowLoader<ByokConfigView> {
  return byId(
    context,
    "byokConfig",
    ({ reader, visibility }, ids) => visibleByokConfigs(reader, visibility, ids),
    idOf,
  );
}

/** BYOK configurations by their organization's id. */
export function loadByokOfOrganization(context: LoaderContext): RowLoader<ByokConfigView> {
  return byId(context, "byokOfOrganization", ({ reader }, ids) => byokConfigsOf(reader, ids), organizationOf);
}

/** The credits of a subscription's current period. */
export function loadCredits(context: LoaderContext): DataLoader<SubscriptionView, Credits, string> {
  const read = (subscriptions: readonly SubscriptionView[]) =>
    inBatch(context, "credits", subscriptions, (batch) => readCredits(batch, subscriptions));
  return new DataLoader(read, { cacheKeyFn: idOf });
}

async function readCredits(
  { reader, now }: LoaderContext,
  subscriptions: readonly SubscriptionView[],
): Promise<Credits[]> {
  const periods = subscriptions.map((subscription) => ({
    ...subscription,
    ...creditPeriod(subscription.startedAt, now),
  }));
  const since = new Date(now.getTime() - FORECAST_BASIS_MS);
  const spent = groupBy(await spentByDay(reader, periods, since), organizationOf);
  return periods.map(({ organizationId, planCode, end }) => {
    const days = spent.get(organizationId) ?? [];
    return { balance: creditBalance(storedPlan(planCode), days, end, now), days };
  });
}

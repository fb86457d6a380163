import type { OrganizationSubscription } from "../../../entities/organization-subscription";
import type { ProviderSubscription } from "../../domain/billing";
import { notFound } from "../../domain/denial";
import { periodEnd } from "../../domain/plan";
import { type Billing, type ChargePreview, CustomerGone, type Order } from "../../integrations/stripe/billing";
import { amountOf } from "../../integrations/stripe/items";
import { databaseTime } from "../../store/billing-events";
import { isOrganizationDeleted } from "../../store/subscription";
import { subscriptionsOf } from "../../store/views/subscriptions";
import type { Preview } from "../runner/dry-run";
import type { Services } from "../runner/unit-of-work";
import {
  assertBillableNext,
  assertCollects,
  billedSubscription,
  orderToPay,
  type Payment,
  type PlanChange,
  refuseImpossible,
} from "./arrange-payment";
import { recordReplacement } from "./provider-customer";

/**
 * Makes the decisions of `arrangePayment` and reads the charge from the provider, by calls that change nothing there.
 * Without a provider there is no charge.
 */
export async function previewPayment(services: Services, change: PlanChange): Promise<Preview<Payment>> {
  const { billing } = services.integrations;
  if (!billing) return { prepared: { kind: "manual" }, charge: null };
  const due = await orderToPay(services, change);
  if (!due) return await previewUnpaid(services, billing, change);
  if (await isOrganizationDeleted(services.database, change.organizationId)) throw notFound("organization");
  const takesEffectAt = services.clock.now();
  const { order, subscription } = due;
  const requestedAt = await databaseTime(services.database);
  const { customerId, goneId, billed } = await readBilled(services, billing, subscription);
  if (!billed) {
    const preview = (await billing.previewCheckout(customerId, order)) ?? catalogueCharge(order, takesEffectAt);
    const prepared = { kind: "checkout" as const, url: "" };
    const charge = { ...preview, takesEffectAt };
    if (goneId === null) return { prepared, charge };
    const replacement = { id: subscription.id, goneId, newId: null, requestedAt };
    return { prepared, charge, earlier: (unit) => recordReplacement(unit, replacement) };
  }
  assertCollects(billed.isCollectionPaused);
  const preview = await billing.previewUpgrade(billed.id, order).catch(refuseImpossible);
  const prepared = { kind: "paid" as const, at: await databaseTime(services.database) };
  return { prepared, charge: { ...preview, takesEffectAt } };
}

/** The preview of a change that needs no payment now. A scheduled one may cost something when the period ends. */
async function previewUnpaid(services: Services, billing: Billing, change: PlanChange): Promise<Preview<Payment>> {
  await assertBillableNext(services, billing, change);
  const prepared = { kind: "none" as const };
  const [subscription] = await subscriptionsOf(services.database, [change.organizationId]);
  const { plan } = change;
  if (!subscription?.providerSubscriptionId || !plan.monthlyPriceCents) return { prepared, charge: null };
  const billingInterval = change.billingInterval ?? subscription.billingInterval;
  if (plan.code === subscription.planCode && billingInterval === subscription.billingInterval) {
    return { prepared, charge: null };
  }
  const preview = await billing.previewNext(subscription.providerSubscriptionId, { plan, billingInterval });
  return { prepared, charge: preview && { ...preview, takesEffectAt: subscription.currentPeriodEnd } };
}

/**
 * Reads the provider's subscription and creates nothing. A customer that is gone counts as none; its id is returned.
 */
async function readBilled(
  services: Services,
  billing: Billing,
  { organizationId, providerCustomerId: customerId }: OrganizationSubscription,
): Promise<{ customerId: string | null; goneId: string | null; billed: ProviderSubscription | undefined }> {
  const none = { customerId: null, goneId: customerId, billed: undefined };
  if (!customerId) return none;
  const account = await billing.readAccount(customerId).catch((error: unknown) => {
    if (error instanceof CustomerGone) return null;
    throw error;
  });
  if (!account || account.isGone) return none;
  return { customerId, goneId: null, billed: await billedSubscription(services, organizationId, account) };
}

/** The catalogue's price, before the provider knows it. */
function catalogueCharge(order: Order, now: Date): ChargePreview {
  const cents = amountOf(order);
  return { dueNowCents: cents, nextAmountCents: cents, nextChargeAt: periodEnd(now, order.billingInterval, now) };
}

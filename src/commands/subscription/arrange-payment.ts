import type { OrganizationSubscription } from "../../../entities/organization-subscription";
import type { ProviderAccount, ProviderSubscription } from "../../domain/billing";
import { Denied, notFound } from "../../domain/denial";
import { type BillingInterval, isAtOnce, type Plan } from "../../domain/plan";
import { Refused } from "../../domain/refusal";
import {
  type Billing,
  BillingImpossible,
  CustomerGone,
  type Order,
  PaymentDeclined,
} from "../../integrations/stripe/billing";
import { databaseTime, oweProviderWord } from "../../store/billing-events";
import { aloneWithProvider, ProviderBusy } from "../../store/billing-lock";
import { refusedSubscriptions } from "../../store/refused-subscription";
import { isOrganizationDeleted } from "../../store/subscription";
import { subscriptionsOf } from "../../store/views/subscriptions";
import type { Services } from "../runner/unit-of-work";
import { type Payer, withCustomer } from "./provider-customer";

/** When a job looks what became of an upgrade; it waits for one that is still on its way. */
const UPGRADE_MS = 30_000;
const RETRY_SECONDS = 5;
const WRITE_TO_US = "write to us to change it.";

/** What was arranged before a plan changes: nothing, a page to pay on, or the payment itself, done at a moment. */
export type Payment = { kind: "none" } | { kind: "checkout"; url: string } | { kind: "paid"; at: Date };

/** What somebody wants to have, and to pay for. */
interface Wish {
  organizationId: string;
  plan: Plan;
  billingInterval: BillingInterval | null;
}

/**
 * Has an upgrade paid, outside any transaction: by the card on file, at once, or on a page of the provider where there
 * is none yet. Without a provider billing is manual and nothing is to be arranged. Refuses PAYMENT_REQUIRED, and throws
 * RATE_LIMITED where another change is still on its way.
 */
export async function arrangePayment(services: Services, payer: Payer, wish: Wish, attempt: string): Promise<Payment> {
  const { billing } = services.outside;
  if (!billing) return { kind: "none" };
  if (!(await toBePaid(services, wish))) {
    await assertBillableNext(services, billing, wish);
    return { kind: "none" };
  }
  const pay = () => payWish(services, billing, payer, wish, attempt);
  return await aloneWithProvider(services.database, wish.organizationId, pay).catch((error: unknown) => {
    if (!(error instanceof ProviderBusy)) throw error;
    throw new Denied("RATE_LIMITED", "Another change of the plan is on its way. Try again in a moment.", RETRY_SECONDS);
  });
}

async function payWish(
  services: Services,
  billing: Billing,
  payer: Payer,
  wish: Wish,
  attempt: string,
): Promise<Payment> {
  const { organizationId } = wish;
  // Asked again once nobody else changes anything at the provider: a deletion closes what is open there, once.
  if (await isOrganizationDeleted(services.database, organizationId)) throw notFound("organization");
  const found = await toBePaid(services, wish);
  if (!found) return { kind: "none" };
  const { subscription, order } = found;
  return await withCustomer(services, billing, subscription, payer, async (customerId) => {
    // A first payment that no event has told of yet must not lead to a second one, nor an end to a failure.
    const account = await billing.readAccount(customerId);
    if (account.isGone) throw new CustomerGone(customerId);
    const billed = await billedSubscription(services, organizationId, account);
    if (billed) return await payOnFile(services, billing, billed, { organizationId, order }, attempt);
    const page = `${services.outside.appUrl}/organizations/${organizationId}/subscription`;
    return { kind: "checkout", url: await billing.openCheckout(customerId, order, page) };
  });
}

/** What the provider bills now; what is refused, because it was paid for while the organization was deleted, does not count. */
async function billedSubscription({ database }: Services, organizationId: string, { subscriptions }: ProviderAccount) {
  const refused = await refusedSubscriptions(database, organizationId);
  return subscriptions.find(({ id }) => !refused.some((each) => each.providerSubscriptionId === id));
}

async function payOnFile(
  { database }: Services,
  billing: Billing,
  { id, isCollectionPaused }: ProviderSubscription,
  { organizationId, order }: { organizationId: string; order: Order },
  attempt: string,
): Promise<Payment> {
  // The invoice of an upgrade would not be collected either.
  if (isCollectionPaused) throw new Refused("PAYMENT_REQUIRED", `Payments are not collected for now: ${WRITE_TO_US}`);
  // An upgrade lets go of what was scheduled. Noted before, or whoever looks in between takes it for called off; and if
  // this process does not live to see the upgrade fail, what was scheduled is told again.
  await oweProviderWord(database, organizationId, UPGRADE_MS);
  // From here on money may have moved, whatever becomes of the rest.
  database.commits();
  await upgrade(billing, id, order, attempt).catch(async (error: unknown) => {
    await oweProviderWord(database, organizationId);
    throw error;
  });
  return { kind: "paid", at: await databaseTime(database) };
}

/** The order that has to be paid for a wish, with what there is now; null where there is nothing to pay. */
async function toBePaid({ database }: Services, { organizationId, plan, billingInterval }: Wish) {
  const [subscription] = await subscriptionsOf(database, [organizationId]);
  if (!subscription) return null;
  const order = { plan, billingInterval: billingInterval ?? subscription.billingInterval };
  return isToBePaid(subscription, order) ? { subscription, order } : null;
}

function isToBePaid(subscription: OrganizationSubscription, { plan, billingInterval }: Order): boolean {
  const { planCode, providerSubscriptionId } = subscription;
  if (plan.code === planCode && billingInterval === subscription.billingInterval) return false;
  if (plan.monthlyPriceCents === 0) return false;
  const atOnce = isAtOnce(subscription, { planCode: plan.code, billingInterval });
  if (plan.monthlyPriceCents === null || (!atOnce && !providerSubscriptionId)) {
    const what = plan.monthlyPriceCents === null ? plan.name : "A plan that was arranged";
    throw new Refused("PAYMENT_REQUIRED", `${what} is by arrangement: ${WRITE_TO_US}`);
  }
  return atOnce;
}

/** Refuses what the provider could not bill when its time comes. */
async function assertBillableNext({ database }: Services, billing: Billing, wish: Wish): Promise<void> {
  const [subscription] = await subscriptionsOf(database, [wish.organizationId]);
  const { plan, billingInterval } = wish;
  if (!subscription?.providerSubscriptionId || !plan.monthlyPriceCents) return;
  if (!billingInterval || billingInterval === subscription.billingInterval) return;
  await billing.assertBillable(subscription.providerSubscriptionId, { plan, billingInterval }).catch(refuseImpossible);
}

function refuseImpossible(error: unknown): never {
  if (error instanceof BillingImpossible) throw new Refused("PAYMENT_REQUIRED", error.message);
  throw error;
}

async function upgrade(billing: Billing, id: string, order: Order, attempt: string) {
  try {
    await billing.upgrade(id, order, attempt).catch(refuseImpossible);
  } catch (error) {
    if (!(error instanceof PaymentDeclined)) throw error;
    const message = `The card on file was declined: ${error.message} Change it in the billing portal and try again.`;
    throw new Refused("PAYMENT_REQUIRED", message);
  }
}

import type { OrganizationSubscription } from "../../entities/organization-subscription";
import { Denied } from "../domain/denial";
import { type BillingInterval, isAtOnce, type Plan } from "../domain/plan";
import { Refused } from "../domain/refusal";
import { type Billing, type Order, PaymentDeclined } from "../gateways/billing";
import { databaseTime, oweProviderWord } from "../store/billing-events";
import { aloneWithProvider, ProviderBusy } from "../store/provider-lease";
import { keepCustomer } from "../store/subscription";
import { subscriptionsOf } from "../store/views/subscriptions";
import type { Services } from "./scope";

/** When a job looks what became of an upgrade; it waits for one that is still on its way. */
const UPGRADE_MS = 30_000;
const RETRY_SECONDS = 5;

/** What was arranged before a plan changes: nothing, a page to pay on, or the payment itself, done at a moment. */
export type Payment = { kind: "none" } | { kind: "checkout"; url: string } | { kind: "paid"; at: Date };

/** The organization's id at the payment provider, made when it is first needed. */
export async function customerOf(
  { database }: Services,
  billing: Billing,
  subscription: OrganizationSubscription,
  payer: { name: string; email: string | null },
): Promise<string> {
  const { organizationId, providerCustomerId } = subscription;
  if (providerCustomerId) return providerCustomerId;
  return await keepCustomer(database, organizationId, await billing.createCustomer({ organizationId, ...payer }));
}

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
export async function arrangePayment(
  services: Services,
  payer: { name: string; email: string | null },
  wish: Wish,
  attempt: string,
): Promise<Payment> {
  const { billing } = services.outside;
  if (!billing || !(await toBePaid(services, wish))) return { kind: "none" };
  const pay = () => payWish(services, billing, payer, wish, attempt);
  return await aloneWithProvider(services.database, wish.organizationId, pay).catch((error: unknown) => {
    if (!(error instanceof ProviderBusy)) throw error;
    throw new Denied("RATE_LIMITED", "Another change of the plan is on its way. Try again in a moment.", RETRY_SECONDS);
  });
}

async function payWish(
  services: Services,
  billing: Billing,
  payer: { name: string; email: string | null },
  wish: Wish,
  attempt: string,
): Promise<Payment> {
  const found = await toBePaid(services, wish);
  if (!found) return { kind: "none" };
  const { subscription, order } = found;
  const customerId = await customerOf(services, billing, subscription, payer);
  // A first payment that no event has told of yet must not lead to a second one.
  const billed = subscription.providerSubscriptionId ?? (await billing.readAccount(customerId)).subscription?.id;
  if (billed) {
    // An upgrade lets go of what was scheduled. Noted before, or whoever looks in between takes it for called off; and if
    // this process does not live to see the upgrade fail, what was scheduled is told again.
    await oweProviderWord(services.database, wish.organizationId, UPGRADE_MS);
    // From here on money may have moved, whatever becomes of the rest.
    services.database.commits();
    await upgrade(billing, billed, order, attempt).catch(async (error: unknown) => {
      await oweProviderWord(services.database, wish.organizationId);
      throw error;
    });
    return { kind: "paid", at: await databaseTime(services.database) };
  }
  const page = `${services.outside.appUrl}/organizations/${wish.organizationId}/subscription`;
  return { kind: "checkout", url: await billing.openCheckout(customerId, order, page) };
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
    throw new Refused("PAYMENT_REQUIRED", `${what} is by arrangement: write to us to change it.`);
  }
  return atOnce;
}

async function upgrade(billing: Billing, id: string, order: Order, attempt: string) {
  try {
    await billing.upgrade(id, order, attempt);
  } catch (error) {
    if (!(error instanceof PaymentDeclined)) throw error;
    const message = `The card on file was declined: ${error.message} Change it in the billing portal and try again.`;
    throw new Refused("PAYMENT_REQUIRED", message);
  }
}

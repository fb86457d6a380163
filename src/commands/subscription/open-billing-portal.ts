import { invalidInput } from "../../domain/refusal";
import { subscriptionsOf } from "../../store/views/subscriptions";
import { memberCommand } from "../runner/command";
import { withCustomer } from "./provider-customer";

export interface OpenBillingPortalInput {
  organizationId: string;
  returnUrl: string;
}

const LONGEST_URL = 2_048;

/** A page of the payment provider for payment methods and invoices. */
export const openBillingPortal = memberCommand<OpenBillingPortalInput, { url: string }, string>({
  permission: "MANAGE_BILLING",
  prepare: async (services, { userName, userEmail }, { organizationId, returnUrl }, idempotencyKey) => {
    const { billing } = services.integrations;
    if (!billing) throw invalidInput("Billing is manual here: there is no page for it. Write to us instead.");
    assertWebAddress(returnUrl);
    const [subscription] = await subscriptionsOf(services.database, [organizationId]);
    if (!subscription) throw new Error("An organization without a subscription.");
    const payer = { name: userName, email: userEmail };
    const open = (customer: string) => billing.openPortal(customer, returnUrl, idempotencyKey);
    return await withCustomer(services, billing, subscription, payer, open);
  },
  run: async (_unit, _input, url) => ({ url }),
});

function assertWebAddress(text: string): void {
  const isGood = text.length <= LONGEST_URL && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
  if (!isGood) throw invalidInput("'returnUrl' is an address that starts with https:// or http://.", "returnUrl");
}

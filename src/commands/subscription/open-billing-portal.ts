import { invalidInput } from "../../domain/refusal";
import { subscriptionsOf } from "../../store/views/subscriptions";
import { memberCommand } from "../runner/command";
import { withCustomer } from "./provider-customer";
import { reachProvider } from "./reach-provider";

export interface OpenBillingPortalInput {
  organizationId: string;
  returnUrl: string;
}

const MAX_URL_LENGTH = 2_048;

/** Opens the payment provider's page for payment methods and invoices. */
export const openBillingPortal = memberCommand<OpenBillingPortalInput, { url: string }, string>({
  permission: "MANAGE_BILLING",
  prepare: async (services, { userName, userEmail }, { organizationId, returnUrl }, idempotencyKey) => {
    const { billing } = services.integrations;
    if (!billing) throw invalidInput("Billing is manual here and has no portal. Please contact us instead.");
    assertWebAddress(returnUrl);
    const [subscription] = await subscriptionsOf(services.database, [organizationId]);
    if (!subscription) throw new Error("The organization has no subscription.");
    const payer = { name: userName, email: userEmail };
    const open = (customer: string) => billing.openPortal(customer, returnUrl, idempotencyKey);
    return await reachProvider(() => withCustomer(services, billing, subscription, payer, open));
  },
  run: async (_unit, _input, url) => ({ url }),
});

function assertWebAddress(text: string): void {
  const isValid = text.length <= MAX_URL_LENGTH && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
  if (!isValid) throw invalidInput("'returnUrl' must be an address that starts with https:// or http://.", "returnUrl");
}

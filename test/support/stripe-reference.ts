/**
 * The part of Stripe's API reference that the service uses: the paths, their parameters, and the values that the
 * reference lists. Anything else is refused, like Stripe does.
 */
const REFERENCE: Record<string, Record<string, RegExp>> = {
  "POST /v1/customers": { name: /./, email: /@/, "metadata[\\w+]": /^.*$/ },
  "GET /v1/customers": { "created[gte]": /^\d+$/, limit: /^([1-9]\d?|100)$/ },
  "GET /v1/customers/:id": { "expand[\\d]": /^invoice_settings\.default_payment_method$/ },
  "GET /v1/prices": { "lookup_keys[\\d]": /./, active: /^(true|false)$/, limit: /^\d+$/ },
  "POST /v1/prices": {
    currency: /^[a-z]{3}$/,
    unit_amount: /^\d+$/,
    "recurring[interval]": /^(day|week|month|year)$/,
    lookup_key: /^.{1,200}$/,
    "product_data[name]": /./,
  },
  "GET /v1/checkout/sessions": { customer: /^cus_/, limit: /^\d+$/, status: /^(open|complete|expired)$/ },
  "POST /v1/checkout/sessions": {
    mode: /^(payment|setup|subscription)$/,
    customer: /^cus_/,
    "line_items[\\d][price]": /^price_/,
    "line_items[\\d][quantity]": /^\d+$/,
    "metadata[\\w+]": /^.*$/,
    success_url: /^https?:/,
    cancel_url: /^https?:/,
  },
  "GET /v1/checkout/sessions/:id": {},
  "POST /v1/checkout/sessions/:id/expire": {},
  "POST /v1/billing_portal/sessions": { customer: /^cus_/, return_url: /^https?:/ },
  "GET /v1/subscriptions": {
    customer: /^cus_/,
    status: /^(active|all|canceled|ended|incomplete|incomplete_expired|past_due|paused|trialing|unpaid)$/,
    limit: /^([1-9]\d?|100)$/,
    "expand[\\d]": /^data\.default_payment_method$/,
  },
  "GET /v1/subscriptions/:id": {},
  "POST /v1/subscriptions/:id": {
    "items[\\d+][id]": /^si_/,
    "items[\\d+][price]": /^price_/,
    proration_behavior: /^(always_invoice|create_prorations|none)$/,
    payment_behavior: /^(allow_incomplete|default_incomplete|error_if_incomplete|pending_if_incomplete)$/,
    "items[\\d+][quantity]": /^\d+$/,
    cancel_at_period_end: /^(true|false)$/,
    cancel_at: /^(\d+|min_period_end|max_period_end|)$/,
  },
  "DELETE /v1/subscriptions/:id": {
    invoice_now: /^(true|false)$/,
    prorate: /^(true|false)$/,
    "cancellation_details[comment]": /./,
  },
  "GET /v1/subscription_items": { subscription: /^sub_/, limit: /^\d+$/, starting_after: /^si_/ },
  "GET /v1/invoices": {
    customer: /^cus_/,
    subscription: /^sub_/,
    limit: /^([1-9]\d?|100)$/,
    "created[gte]": /^\d+$/,
    starting_after: /^in_/,
  },
  "POST /v1/invoices/create_preview": {
    customer: /^cus_/,
    currency: /^[a-z]{3}$/,
    subscription: /^sub_/,
    preview_mode: /^(next|recurring)$/,
    "subscription_details[items][\\d+][id]": /^si_/,
    "subscription_details[items][\\d+][price]": /^price_/,
    "subscription_details[items][\\d+][price_data][currency]": /^[a-z]{3}$/,
    "subscription_details[items][\\d+][price_data][product]": /^prod_/,
    "subscription_details[items][\\d+][price_data][recurring][interval]": /^(day|week|month|year)$/,
    "subscription_details[items][\\d+][price_data][unit_amount]": /^\d+$/,
    "subscription_details[items][\\d+][quantity]": /^\d+$/,
    "subscription_details[proration_behavior]": /^(always_invoice|create_prorations|none)$/,
  },
  "POST /v1/invoices/:id": { auto_advance: /^(true|false)$/ },
  "POST /v1/invoices/:id/void": {},
  "POST /v1/credit_notes": {
    invoice: /^in_/,
    amount: /^[1-9]\d*$/,
    refund_amount: /^[1-9]\d*$/,
    credit_amount: /^[1-9]\d*$/,
    reason: /^(duplicate|fraudulent|order_change|product_unsatisfactory)$/,
    memo: /./,
  },
  "POST /v1/subscription_schedules": { from_subscription: /^sub_/ },
  "GET /v1/subscription_schedules/:id": { "expand[\\d]": /^phases\.items\.price$/ },
  "POST /v1/subscription_schedules/:id": {
    end_behavior: /^(cancel|release)$/,
    "phases[\\d][items][\\d+][price]": /^price_/,
    "phases[\\d][items][\\d+][quantity]": /^\d+$/,
    "phases[\\d][start_date]": /^\d+$/,
    "phases[\\d][trial_end]": /^\d+$/,
    "phases[\\d][end_date]": /^\d+$/,
    "phases[\\d][duration][interval]": /^(day|week|month|year)$/,
    "phases[\\d][duration][interval_count]": /^\d+$/,
    "phases[\\d][proration_behavior]": /^(always_invoice|create_prorations|none)$/,
  },
  "POST /v1/subscription_schedules/:id/release": {},
};

const CALLS = Object.entries(REFERENCE).map(([call, parameters]) => ({
  call,
  path: new RegExp(`^${call.replace(":id", "(\\w+)")}$`),
  parameters: Object.entries(parameters).map(([name, values]) => ({
    name: new RegExp(`^${name.replaceAll("[", "\\[").replaceAll("]", "\\]")}$`),
    values,
  })),
}));

/** The call of a request in the reference, and the id in its path; null if the reference has no such path. */
export function callOf(request: string): { call: string; id: string } | null {
  for (const { call, path } of CALLS) {
    const found = path.exec(request);
    if (found) return { call, id: found[1] ?? "" };
  }
  return null;
}

/** The first parameter that a call refuses, by its name or its value. */
export function strangeParameter(call: string, given: Record<string, string>): string | undefined {
  const known = CALLS.find((each) => each.call === call)?.parameters ?? [];
  return Object.keys(given).find(
    (name) => !known.some((each) => each.name.test(name) && each.values.test(given[name] ?? "")),
  );
}

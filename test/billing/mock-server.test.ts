import http from "node:http";
import type { AddressInfo } from "node:net";
import { sweepBilling } from "../../src/jobs/sync-billing";
import { RunningService } from "../support/service";
import { callOf } from "../support/stripe-reference";

const CUSTOMER = "cus_NZbFQAsc0ptasX";
const list = (item: object) => ({ object: "list", data: [item], has_more: false });
const price = { id: "price_1", object: "price", lookup_key: null, recurring: { interval: "month" } };
const subscription = {
  ...{ id: "sub_1", object: "subscription", customer: "cus_somebody", status: "active", created: 1234567890 },
  ...{ billing_cycle_anchor: 1234567890, cancel_at_period_end: false, schedule: null, default_payment_method: null },
  items: list({ id: "si_1", price, current_period_start: 1234567890, current_period_end: 1234567890 }),
};
const session = {
  id: "cs_1",
  object: "checkout.session",
  customer: null,
  status: "open",
  mode: "payment",
  metadata: {},
};

/** Responds like Stripe's mock server: always with the same fixtures, regardless of earlier requests. */
const FIXTURES: Record<string, object> = {
  "POST /v1/customers": { id: CUSTOMER, object: "customer", invoice_settings: { default_payment_method: null } },
  "GET /v1/customers/:id": { id: CUSTOMER, object: "customer", invoice_settings: { default_payment_method: null } },
  "GET /v1/prices": list(price),
  "GET /v1/subscriptions": list(subscription),
  "GET /v1/checkout/sessions": list({ ...session, url: "https://checkout.example/another" }),
  "POST /v1/checkout/sessions/:id/expire": { ...session, status: "expired", url: null },
  "POST /v1/checkout/sessions": { ...session, url: "https://checkout.example/fixture" },
  "POST /v1/billing_portal/sessions": { object: "billing_portal.session", url: "https://portal.example/fixture" },
};

test("responses unrelated to our state cause no failure and grant no plan", async () => {
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "", "http://stripe");
    const fixture = FIXTURES[callOf(`${request.method} ${pathname}`)?.call ?? ""];
    request.resume().on("end", () => {
      response
        .writeHead(fixture ? 200 : 404, { "content-type": "application/json" })
        .end(JSON.stringify(fixture ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const service = await RunningService.start({
    STRIPE_SECRET_KEY: "sk_test_123",
    STRIPE_WEBHOOK_SECRET: "whsec_123",
    STRIPE_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  });
  for (const name of ["Olga", "Olaf"]) {
    const owner = await service.person(name);
    const { data } = await owner.ask("{ viewer { memberships { organization { id } } } }");
    const { id } = data.viewer.memberships[0].organization;
    const change = `mutation { changePlan(input: { organizationId: "${id}", planCode: "STANDARD" }) {
      ... on ChangePlanSuccess { checkoutUrl } ... on Refusal { code } } }`;
    expect((await owner.ask(change)).data.changePlan).toEqual({ checkoutUrl: "https://checkout.example/fixture" });
    const portal = `mutation { openBillingPortal(input: { organizationId: "${id}", returnUrl: "https://app.example" }) {
      ... on OpenBillingPortalSuccess { url } } }`;
    expect((await owner.ask(portal)).data.openBillingPortal).toEqual({ url: "https://portal.example/fixture" });
    await sweepBilling(service.app.services);
    const read = await owner.ask(`{ organization(id: "${id}") { subscription { plan { code } status } } }`);
    expect(read.data.organization.subscription).toEqual({ plan: { code: "STARTER" }, status: "ACTIVE" });
  }
  await service.stop();
  server.closeAllConnections();
  server.close();
});

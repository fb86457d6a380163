import { type ConsoleOrganization, ConsoleWorld, run } from "./console-world";
import { StripeStandIn } from "./stripe-stand-in";

/** The console in front of a service with a payment provider. */
export class BilledConsole {
  private constructor(
    readonly world: ConsoleWorld,
    readonly stripe: StripeStandIn,
  ) {}

  static async start(): Promise<BilledConsole> {
    const stripe = await StripeStandIn.start();
    return new BilledConsole(await ConsoleWorld.start(stripe.environment), stripe);
  }

  async stop(): Promise<void> {
    await this.world.stop();
    await this.stripe.stop();
    expect(this.stripe.refusals).toEqual([]);
  }

  /** An organization with a paid plan. */
  async subscribed(name: string, planCode: string) {
    const organization = await this.world.organization(name, { plan: "STARTER" });
    const input = { organizationId: organization.id, planCode };
    const { checkoutUrl } = await run(organization.owner, "changePlan", input, "checkoutUrl");
    const paid = this.stripe.pay(checkoutUrl);
    await this.notify(paid.customer);
    while ((await this.planOf(organization)) !== planCode) await new Promise((resolve) => setImmediate(resolve));
    return { ...organization, ...paid };
  }

  async planOf({ id, owner }: ConsoleOrganization): Promise<string> {
    const { data } = await owner.ask(`{ organization(id: "${id}") { subscription { plan { code } } } }`);
    return data.organization.subscription.plan.code;
  }

  /** Sends the provider's event about a change of a customer. */
  async notify(customer: string): Promise<void> {
    const { body, signature } = this.stripe.event("checkout.session.completed", customer);
    const response = await fetch(`http://127.0.0.1:${this.world.service.app.port}/webhooks/stripe`, {
      method: "POST",
      headers: { "content-type": "application/json", "stripe-signature": signature },
      body,
    });
    await response.arrayBuffer();
  }
}

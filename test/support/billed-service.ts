import { type Person, RunningService } from "./service";
import { StripeStandIn } from "./stripe-stand-in";

export const ANNUALLY = ", billingInterval: ANNUAL";
export const MONTHLY = ", billingInterval: MONTHLY";
const PATIENCE_MS = 120_000;

/** Lets jobs that wait for a retry run now. */
const HURRY = `
  WITH later AS MATERIALIZED (SELECT array_agg(id) AS ids FROM graphile_worker.jobs WHERE run_at > now())
  SELECT pg_notify('jobs:insert', '{"r":"0","count":1}')
  FROM later, graphile_worker.reschedule_jobs(ids, run_at := now()) hurried WHERE ids IS NOT NULL`;

/** The service with a payment provider, and people who pay. */
export class BilledService {
  private constructor(
    readonly stripe: StripeStandIn,
    readonly service: RunningService,
  ) {}

  static async start(environment: Record<string, string> = {}): Promise<BilledService> {
    const stripe = await StripeStandIn.start();
    return new BilledService(stripe, await RunningService.start({ ...stripe.environment, ...environment }));
  }

  /** Stops both. Throws if Stripe got an unknown call. */
  async stop(): Promise<void> {
    await this.service.stop();
    await this.stripe.stop();
    expect(this.stripe.refusals).toEqual([]);
  }

  /** A person with an organization that can be deleted. */
  async account(): Promise<Account> {
    const owner = await this.service.person("Olga");
    const { data } = await owner.ask(
      `mutation { createOrganization(input: { name: "Acme" }) { ... on CreateOrganizationSuccess { organization { id } } } }`,
    );
    return new Account(this, owner, data.createOrganization.organization.id);
  }

  /** An account with a paid plan. */
  async subscribed(planCode = "STANDARD", rest = ""): Promise<Account & { customer: string; subscription: string }> {
    const account = await this.account();
    const { checkoutUrl } = await account.changePlan(planCode, rest);
    const paid = this.stripe.pay(checkoutUrl);
    await this.deliver(this.stripe.event("checkout.session.completed", paid.customer));
    await account.becomes({ plan: { code: planCode } });
    return Object.assign(account, paid);
  }

  /** An account with an open checkout for the plan Standard. */
  async checkout(): Promise<{ account: Account; checkoutUrl: string }> {
    const account = await this.account();
    const { checkoutUrl } = await account.changePlan("STANDARD");
    return { account, checkoutUrl };
  }

  /** Sends the provider's event about a changed subscription. */
  reportUpdate({ customer }: { customer: string }): Promise<number> {
    return this.deliver(this.stripe.event("customer.subscription.updated", customer));
  }

  /** Whether no billing job is due, running or repeated. The check of a payment in doubt runs half a minute later. */
  async isIdle(): Promise<boolean> {
    const text = `SELECT count(*)::int AS n FROM graphile_worker._private_jobs j
      JOIN graphile_worker._private_tasks t ON t.id = j.task_id WHERE t.identifier IN ('pull-billing', 'push-billing')
        AND (j.run_at <= now() OR j.attempts > 0)`;
    const [row] = await this.service.app.services.database.dataSource.query(text);
    return row.n === 0;
  }

  /** Runs the waiting jobs until none is left. */
  async finishJobs(): Promise<void> {
    const { dataSource } = this.service.app.services.database;
    await until(async () => {
      await dataSource.query(HURRY);
      return (await dataSource.query("SELECT FROM graphile_worker.jobs")).length === 0;
    });
  }

  async deliver({ body, signature }: { body: string; signature: string }): Promise<number> {
    const response = await fetch(`http://127.0.0.1:${this.service.app.port}/webhooks/stripe`, {
      method: "POST",
      headers: { "content-type": "application/json", "stripe-signature": signature },
      body,
    });
    await response.arrayBuffer();
    return response.status;
  }
}

/** An organization with its Owner. */
export class Account {
  constructor(
    private readonly billed: BilledService,
    readonly owner: Person,
    readonly id: string,
  ) {}

  get invoices(): number {
    const { subscription } = this as unknown as { subscription: string };
    return this.billed.stripe.invoices.filter((invoice) => invoice.subscription === subscription).length;
  }

  async changePlan(planCode: string, rest = "", headers: Record<string, string> = {}) {
    const { data, errors } = await this.owner.ask(
      `mutation { changePlan(input: { organizationId: "${this.id}", planCode: "${planCode}"${rest} }) {
        ... on ChangePlanSuccess { checkoutUrl subscription { plan { code } } } ... on Refusal { code } } }`,
      {},
      headers,
    );
    return data?.changePlan ?? errors;
  }

  async cancelScheduledPlan(): Promise<void> {
    await this.owner.ask(`mutation { cancelScheduledPlan(input: { organizationId: "${this.id}" }) { __typename } }`);
  }

  async delete(): Promise<void> {
    const input = `organizationId: "${this.id}", confirmName: "Acme"`;
    await this.owner.ask(`mutation { deleteOrganization(input: { ${input} }) { __typename } }`);
  }

  async restore(): Promise<void> {
    await this.owner.ask(`mutation { restoreOrganization(input: { organizationId: "${this.id}" }) { __typename } }`);
  }

  async read() {
    const { data } = await this.owner.ask(
      `{ organization(id: "${this.id}") { subscription { status plan { code } scheduledPlan { code } scheduledBillingInterval billingInterval
        isBilledManually paymentMethod { brand last4 expiryMonth expiryYear }
        planOptions { plan { code } isUpgrade blockers { code } } } } }`,
    );
    return data.organization.subscription;
  }

  /** Waits until the subscription has the expected state, because a job follows each event. */
  async becomes(expected: object): Promise<void> {
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      const now = await this.read();
      const isSo = Object.entries(expected).every(([key, value]) => JSON.stringify(now[key]) === JSON.stringify(value));
      if (isSo || Date.now() > until) return expect(now).toMatchObject(expected);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

/** Waits until a condition holds, such as the result of a job. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`Not within ${PATIENCE_MS} ms: ${isSo}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

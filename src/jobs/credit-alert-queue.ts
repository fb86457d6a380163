import type { Services } from "../commands/runner/unit-of-work";
import { sendCreditAlerts } from "./credit-alerts";

const DELAY_MS = 1_000;

/**
 * Who spent credits through this process lately: looked at a second later, all together, so that Owners hear at once.
 * What is forgotten with the process, the sweep of every minute finds.
 */
export class CreditAlertQueue {
  private readonly spendingOrganizations = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private looking = Promise.resolve();
  private services: Services | null = null;

  constructor(private readonly onError: (error: unknown) => void) {}

  /** From here on what is noted is looked at. */
  start(services: Services): void {
    this.services = services;
  }

  checkSoon(organizationIds: readonly string[]): void {
    const { services } = this;
    if (!services || organizationIds.length === 0) return;
    for (const id of organizationIds) this.spendingOrganizations.add(id);
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const ids = [...this.spendingOrganizations];
      this.spendingOrganizations.clear();
      this.looking = this.looking.then(() => sendCreditAlerts(services, ids)).catch(this.onError);
    }, DELAY_MS).unref();
  }

  async stop(): Promise<void> {
    this.services = null;
    clearTimeout(this.timer);
    await this.looking;
  }
}

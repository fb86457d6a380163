import type { Services } from "../commands/runner/unit-of-work";
import { sendCreditAlerts } from "./credit-alerts";

const DELAY_MS = 1_000;

/**
 * Collects organizations that spent credits through this process, and checks their thresholds a second later. If the
 * process ends first, the next sweep finds them within a minute.
 */
export class CreditAlertQueue {
  private readonly spendingOrganizations = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private running = Promise.resolve();
  private services: Services | null = null;

  constructor(private readonly onError: (error: unknown) => void) {}

  /** checkSoon does nothing until this is called. */
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
      this.running = this.running.then(() => sendCreditAlerts(services, ids)).catch(this.onError);
    }, DELAY_MS).unref();
  }

  async stop(): Promise<void> {
    this.services = null;
    clearTimeout(this.timer);
    await this.running;
  }
}

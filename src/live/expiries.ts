const LONGEST_TIMER_MS = 2 ** 31 - 1;

interface Expiring {
  expire(): void;
}

/** Calls `expire` at a given time. Tokens expire at full seconds, so tokens that expire together share one timer. */
export class Expiries {
  private readonly due = new Map<number, { timer: NodeJS.Timeout; expiring: Set<Expiring> }>();

  constructor(private readonly clock: { now(): Date }) {}

  add(expiresAt: Date, expiring: Expiring): void {
    const time = expiresAt.getTime();
    const entry = this.due.get(time) ?? { timer: this.startTimer(time), expiring: new Set() };
    this.due.set(time, entry);
    entry.expiring.add(expiring);
  }

  remove(expiresAt: Date, expiring: Expiring): void {
    const time = expiresAt.getTime();
    const entry = this.due.get(time);
    entry?.expiring.delete(expiring);
    if (entry?.expiring.size !== 0) return;
    clearTimeout(entry.timer);
    this.due.delete(time);
  }

  private startTimer(time: number): NodeJS.Timeout {
    const remaining = time - this.clock.now().getTime();
    return setTimeout(() => this.expireAll(time), Math.min(Math.max(remaining, 0), LONGEST_TIMER_MS)).unref();
  }

  private expireAll(time: number): void {
    const entry = this.due.get(time);
    if (!entry) return;
    // A timer lasts 24 days at most and can fire a moment early.
    if (time > this.clock.now().getTime()) entry.timer = this.startTimer(time);
    else for (const each of entry.expiring) each.expire();
  }
}

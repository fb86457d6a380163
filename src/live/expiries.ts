const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** What is told when its time is over. */
interface Expiring {
  expire(): void;
}

/** Ends what is good until some time. Tokens tell theirs in seconds: all that end in the same one share a timer. */
export class Expiries {
  private readonly due = new Map<number, { timer: NodeJS.Timeout; expiring: Set<Expiring> }>();

  constructor(private readonly clock: { now(): Date }) {}

  add(expiresAt: Date, expiring: Expiring): void {
    const time = expiresAt.getTime();
    const entry = this.due.get(time) ?? { timer: this.timer(time), expiring: new Set() };
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

  private timer(time: number): NodeJS.Timeout {
    const left = time - this.clock.now().getTime();
    return setTimeout(() => this.end(time), Math.min(Math.max(left, 0), LONGEST_TIMER_MS)).unref();
  }

  private end(time: number): void {
    const entry = this.due.get(time);
    if (!entry) return;
    // No timer lasts longer than 24 days, and some run out a moment early.
    if (time > this.clock.now().getTime()) entry.timer = this.timer(time);
    else for (const each of entry.expiring) each.expire();
  }
}

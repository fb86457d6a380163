import { LRUCache } from "lru-cache";
import { dayOf } from "../../domain/last-seen";
import type { Reader } from "../../store/engine/statement";
import { writeLastSeen } from "../../store/last-seen";

const DELAY_MS = 1_000;
const BATCH = 500;
/** How many people whose day is stored the process remembers. Forgetting one costs a statement that changes nothing. */
const REMEMBERED = 100_000;
/** How many people may wait during an outage of the database. Others are recorded at a later request. */
const MOST_WAITING = 100_000;
/** At shutdown, how often to try again for a membership that another transaction has locked. */
const LAST_ATTEMPTS = 20;
const LAST_DELAY_MS = 50;
/** At shutdown, how many database errors to accept: one may be a connection that broke while it was idle. */
const LAST_FAILURES = 2;

/**
 * Records the day on which people used the platform: once per person and day, in batches in the background. A request
 * only adds to a map. If several replicas write the same day, only the first changes the row.
 */
export class LastSeen {
  private readonly noted = new LRUCache<string, number>({ max: REMEMBERED });
  private waiting = new Map<string, Date>();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly reader: Reader,
    private readonly onError: (error: unknown) => void,
  ) {}

  note(userId: string, now: Date): void {
    const day = dayOf(now);
    if ((this.noted.get(userId) ?? 0) >= day.getTime()) return;
    if (this.waiting.size >= MOST_WAITING && !this.waiting.has(userId)) return;
    this.noted.set(userId, day.getTime());
    this.waiting.set(userId, day);
    this.writeSoon();
  }

  /** Writes the people who wait. Call it when no more requests run. */
  async stop(): Promise<void> {
    clearTimeout(this.timer);
    await this.running;
    let failures = 0;
    for (let attempt = 0; this.waiting.size > 0 && attempt < LAST_ATTEMPTS && failures < LAST_FAILURES; attempt += 1) {
      if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, LAST_DELAY_MS));
      if (!(await this.write())) failures += 1;
    }
    clearTimeout(this.timer);
  }

  private writeSoon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.running = this.write();
    }, DELAY_MS).unref();
  }

  /** Writes the people who wait, and keeps those whose write failed. Returns whether the database answered. */
  private async write(): Promise<boolean> {
    let isAnswered = true;
    const all = [...this.waiting].map(([userId, day]) => ({ userId, day }));
    this.waiting = new Map();
    for (let from = 0; from < all.length; from += BATCH) {
      const batch = all.slice(from, from + BATCH);
      try {
        const locked = await writeLastSeen(this.reader, batch);
        this.keep(batch.filter(({ userId }) => locked.has(userId)));
      } catch (error) {
        isAnswered = false;
        this.keep(batch);
        this.onError(error);
      }
    }
    if (this.waiting.size > 0) this.writeSoon();
    return isAnswered;
  }

  private keep(batch: ReadonlyArray<{ userId: string; day: Date }>): void {
    // A later day that was added in the meantime stays.
    for (const { userId, day } of batch) if (!this.waiting.has(userId)) this.waiting.set(userId, day);
  }
}

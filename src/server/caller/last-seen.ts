import { LRUCache } from "lru-cache";
import { dayOf } from "../../domain/last-seen";
import type { Reader } from "../../store/engine/statement";
import { writeLastSeen } from "../../store/last-seen";

const DELAY_MS = 1_000;
const BATCH = 500;
/** People whose day is known to be noted. One who drops out of it costs a statement that changes nothing. */
const REMEMBERED = 100_000;
/** During an outage of the database, people beyond these are noted at a later request. */
const MOST_WAITING = 100_000;
/** At the end, how often to try again for a membership that another transaction holds. */
const LAST_ATTEMPTS = 20;
const LAST_DELAY_MS = 50;
/** At the end, how many errors of the database to accept: one may be a connection that broke while it was idle. */
const LAST_FAILURES = 2;

/**
 * Notes on which day people used the platform: once per person and day, in batches in the background. Requests only add to
 * a map. Of several replicas, the first to write a day changes the row.
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

  /** Writes what is waiting. Call it when no more requests run. */
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

  /** Writes everybody who waits, and keeps those who could not be written. Returns whether the database answered. */
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
    // A later day that was noted meanwhile stays.
    for (const { userId, day } of batch) if (!this.waiting.has(userId)) this.waiting.set(userId, day);
  }
}

/**
 * Runs `read` one at a time. All calls during a run share one further run after it: its result is at least as new as
 * each of these calls.
 */
export class SingleFlight {
  private current: Promise<void> | null = null;
  private queued: Promise<void> | null = null;

  constructor(private readonly read: () => Promise<void>) {}

  run(): Promise<void> {
    if (!this.current) {
      this.current = this.read().finally(() => {
        this.current = null;
      });
      return this.current;
    }
    this.queued ??= this.current
      .catch(() => undefined)
      .then(() => {
        this.queued = null;
        return this.run();
      });
    return this.queued;
  }
}

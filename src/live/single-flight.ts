/**
 * Runs `look` one at a time. Whoever asks while one is under way gets the next, which all of them share: what it finds
 * is at least as new as the asking.
 */
export class SingleFlight {
  private current: Promise<void> | null = null;
  private following: Promise<void> | null = null;

  constructor(private readonly look: () => Promise<void>) {}

  run(): Promise<void> {
    if (!this.current) {
      this.current = this.look().finally(() => {
        this.current = null;
      });
      return this.current;
    }
    this.following ??= this.current
      .catch(() => undefined)
      .then(() => {
        this.following = null;
        return this.run();
      });
    return this.following;
  }
}

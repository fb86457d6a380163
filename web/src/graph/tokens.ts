/** The access tokens of the person who is signed in. */
export interface Tokens {
  /** The token to send. Null if nobody is signed in. */
  current(): string | null | Promise<string | null>;
  /**
   * Gets a token in place of one that the service refused. Null if the person has to sign in again. Rejects if the
   * provider cannot be reached.
   */
  renew(): Promise<string | null>;
}

/** Replaces refused tokens: once for all requests and streams that one token carried. */
export class Renewals {
  private running: Promise<string | null> | null = null;

  constructor(private readonly tokens: Tokens) {}

  /** Returns false if the person has to sign in again. */
  async replace(refused: string | null): Promise<boolean> {
    const current = await this.tokens.current();
    if (current !== null && current !== refused) return true;
    this.running ??= this.tokens.renew().finally(() => {
      this.running = null;
    });
    return (await this.running) !== null;
  }
}

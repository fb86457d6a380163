import { EventEmitter, once } from "node:events";
import type { Mailer, Message } from "../../src/integrations/mail/mailer";

/** Records mail instead of sending it, and throws `failure` if it is set. */
export class FakeMailer implements Mailer {
  readonly sent: Message[] = [];
  failure: Error | null = null;
  private readonly arrivals = new EventEmitter();
  private held = Promise.resolve();

  async send(message: Message): Promise<void> {
    await this.held;
    if (this.failure) throw this.failure;
    this.sent.push(message);
    this.arrivals.emit("mail");
  }

  /** Holds all mails back. Returns the function that sends them. */
  hold(): () => void {
    let release = () => {};
    this.held = new Promise((resolve) => {
      release = resolve;
    });
    return release;
  }

  /** Waits for the next mail. Rejects when the signal is aborted. */
  async next(signal: AbortSignal): Promise<void> {
    await once(this.arrivals, "mail", { signal });
  }

  async close(): Promise<void> {}

  /** The secret of the newest link to an address. */
  tokenFor(address: string): string {
    const mail = this.sent.findLast(({ to }) => to === address);
    return /\/invitations\/([\w-]+)/.exec(mail?.text ?? "")?.[1] ?? "";
  }
}

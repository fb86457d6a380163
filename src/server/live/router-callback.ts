import { setTimeout as pause } from "node:timers/promises";
import type { ExecutionResult } from "graphql";
import type { CallbackRequest } from "./callback-request";

/** The outcome of a message. "gone": the router no longer has the subscription. */
export type Delivery = "delivered" | "gone" | "failed";

type Message =
  | { action: "check" }
  | { action: "next"; payload: ExecutionResult }
  | { action: "complete"; errors?: ExecutionResult["errors"] };

/** The header that the protocol requires in every request and response. */
export const PROTOCOL = { "subscription-protocol": "callback/1.0" } as const;

const TIMEOUT_MS = 5_000;
const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 100;
const NEVER_CONNECTED = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"];

/** Sends one subscription's messages to its router: one at a time, and none after the end. */
export class RouterCallback {
  private last: Promise<unknown> = Promise.resolve();
  private hasEnded = false;

  constructor(private readonly request: CallbackRequest) {}

  /** Checks that the router still wants the subscription. */
  check(): Promise<Delivery> {
    return this.enqueue({ action: "check" });
  }

  next(payload: ExecutionResult): Promise<Delivery> {
    return this.enqueue({ action: "next", payload });
  }

  /** Ends the subscription, with the errors that ended it. */
  complete(errors: ExecutionResult["errors"]): Promise<Delivery> {
    return this.enqueue({ action: "complete", ...(errors && { errors }) });
  }

  /** Drops all messages that are not sent yet. */
  stop(): void {
    this.hasEnded = true;
  }

  private enqueue(message: Message): Promise<Delivery> {
    const delivery = this.last.then(async () => {
      if (this.hasEnded) return "gone";
      if (message.action === "complete") this.hasEnded = true;
      return await this.deliver(message);
    });
    this.last = delivery;
    return delivery;
  }

  private async deliver(message: Message): Promise<Delivery> {
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.post(message);
      if (outcome !== "retry") return outcome;
      if (attempt === ATTEMPTS) return "failed";
      await pause(FIRST_PAUSE_MS * 2 ** (attempt - 1), undefined, { ref: false });
    }
  }

  /** Sends a message once. A message that the router may have received is not repeated: each event arrives at most once. */
  private async post(message: Message): Promise<Delivery | "retry"> {
    const { url, id, verifier } = this.request;
    const isRepeatable = message.action === "check";
    try {
      const response = await fetch(url, {
        method: "POST",
        // A redirect could lead to a URL that is not allowed.
        redirect: "manual",
        headers: { "content-type": "application/json", ...PROTOCOL },
        body: JSON.stringify({ kind: "subscription", ...message, id, verifier }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      await response.body?.cancel();
      if (response.status === 404) return "gone";
      if (message.action === "check" ? response.status === 204 : response.ok) return "delivered";
      return response.status === 503 || (isRepeatable && response.status >= 500) ? "retry" : "failed";
    } catch (error) {
      const code = ((error as Error).cause as { code?: string } | undefined)?.code ?? "";
      return isRepeatable || NEVER_CONNECTED.includes(code) ? "retry" : "failed";
    }
  }
}

import { setTimeout as pause } from "node:timers/promises";
import type { ExecutionResult } from "graphql";
import type { CallbackRequest } from "./callback-request";

/** What became of a message: the router took it, has no such subscription any more, or could not be told. */
export type Delivery = "taken" | "gone" | "failed";

type Message =
  | { action: "check" }
  | { action: "next"; payload: ExecutionResult }
  | { action: "complete"; errors?: ExecutionResult["errors"] };

/** The version of the protocol, said in every message and answer. */
export const PROTOCOL = { "subscription-protocol": "callback/1.0" } as const;

const PATIENCE_MS = 5_000;
const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 100;
const NEVER_CONNECTED = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"];

/** One subscription's messages to its router: one after the other, and none after the last. */
export class RouterCallback {
  private last: Promise<unknown> = Promise.resolve();
  private isOver = false;

  constructor(private readonly asked: CallbackRequest) {}

  /** Asks whether the router still wants the subscription. */
  check(): Promise<Delivery> {
    return this.inTurn({ action: "check" });
  }

  /** Sends a result. */
  next(payload: ExecutionResult): Promise<Delivery> {
    return this.inTurn({ action: "next", payload });
  }

  /** Ends the subscription, with the errors that ended it. */
  complete(errors: ExecutionResult["errors"]): Promise<Delivery> {
    return this.inTurn({ action: "complete", ...(errors && { errors }) });
  }

  /** Has nothing more sent. */
  forget(): void {
    this.isOver = true;
  }

  private inTurn(message: Message): Promise<Delivery> {
    const sent = this.last.then(async () => {
      if (this.isOver) return "gone";
      if (message.action === "complete") this.isOver = true;
      return await this.deliver(message);
    });
    this.last = sent;
    return sent;
  }

  private async deliver(message: Message): Promise<Delivery> {
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.post(message);
      if (outcome !== "again") return outcome;
      if (attempt === ATTEMPTS) return "failed";
      await pause(FIRST_PAUSE_MS * 2 ** (attempt - 1), undefined, { ref: false });
    }
  }

  /** Sends a message once. One that the router may have taken is not sent again: an event comes once or not at all. */
  private async post(message: Message): Promise<Delivery | "again"> {
    const { url, id, verifier } = this.asked;
    const isRepeatable = message.action === "check";
    try {
      const response = await fetch(url, {
        method: "POST",
        // Where it leads to would be no address that was allowed.
        redirect: "manual",
        headers: { "content-type": "application/json", ...PROTOCOL },
        body: JSON.stringify({ kind: "subscription", ...message, id, verifier }),
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      await response.body?.cancel();
      if (response.status === 404) return "gone";
      if (message.action === "check" ? response.status === 204 : response.ok) return "taken";
      return response.status === 503 || (isRepeatable && response.status >= 500) ? "again" : "failed";
    } catch (error) {
      const code = ((error as Error).cause as { code?: string } | undefined)?.code ?? "";
      return isRepeatable || NEVER_CONNECTED.includes(code) ? "again" : "failed";
    }
  }
}

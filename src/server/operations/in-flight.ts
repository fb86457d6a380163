import type { Server, ServerResponse } from "node:http";

/** Counts requests that have no response yet. During a shutdown the process listens until there are none. */
export class InFlight {
  private count = 0;
  private onNone = () => {};

  /** Counts a request until its response is sent or its connection closes. */
  enter(response: ServerResponse): void {
    this.count += 1;
    response.once("close", () => {
      this.count -= 1;
      if (this.count === 0) this.onNone();
    });
  }

  /** Resolves when no request is left, or after the timeout. */
  async none(timeoutMs: number): Promise<void> {
    if (this.count === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.onNone = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Closes each connection after its next response, so that clients send their next request to another process. */
export function endKeepAlive(server: Server): void {
  server.prependListener("request", (_request, response) => response.setHeader("connection", "close"));
}

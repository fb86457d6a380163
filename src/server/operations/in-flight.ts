import type { ServerResponse } from "node:http";

/** The requests that are being answered: a process that is told to end goes on listening until there are none. */
export class InFlight {
  private count = 0;
  private onNone = () => {};

  /** Counts a request until its response is sent, or its connection is gone. */
  enter(response: ServerResponse): void {
    this.count += 1;
    response.once("close", () => {
      this.count -= 1;
      if (this.count === 0) this.onNone();
    });
  }

  /** Waits until there are none, so many milliseconds at most. */
  async none(milliseconds: number): Promise<void> {
    if (this.count === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.onNone = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

import type { ConnectionState } from "./live-link";

/** The state of the connection for live updates, for views that show it. */
class Connection {
  private state: ConnectionState = { is: "open" };
  private readonly listeners = new Set<() => void>();

  readonly current = () => this.state;

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly update = (state: ConnectionState) => {
    // The first connection is not worth a word, and a retry stays "waiting" until it succeeds.
    if (state.is === "connecting") return;
    this.state = state;
    for (const listener of this.listeners) listener();
  };
}

export const connection = new Connection();

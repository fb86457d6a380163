import type { ConnectionState } from "./live-link";

/** `at`: when the connection was lost, in milliseconds. The page shows the state of that time. */
export type Connectedness = { is: "open" } | { is: "lost"; at: number };

/** The state of the connection for live updates, for views that show it. */
class Connection {
  private state: Connectedness = { is: "open" };
  private readonly views = new Set<() => void>();
  private readonly reconnections = new Set<() => void>();
  private readonly restores = new Set<() => void>();

  readonly current = () => this.state;

  readonly subscribe = (view: () => void) => {
    this.views.add(view);
    return () => this.views.delete(view);
  };

  readonly update = ({ is }: ConnectionState) => {
    // The first connection is not reported, and a retry does not count as a connection until it succeeds.
    if (is === "connecting") return;
    if (is === "waiting" && this.state.is === "lost") return;
    this.state = is === "open" ? { is } : { is: "lost", at: Date.now() };
    for (const view of this.views) view();
  };

  /** Calls the follower each time the connection is back. For lists whose stream has no cursor, and reads that failed. */
  onReconnected(follower: () => void): () => void {
    this.reconnections.add(follower);
    return () => void this.reconnections.delete(follower);
  }

  /** Calls the follower when the service's database was restored: anything that is shown may be gone. */
  onRestored(follower: () => void): () => void {
    this.restores.add(follower);
    return () => void this.restores.delete(follower);
  }

  readonly reconnected = () => {
    for (const follower of this.reconnections) follower();
  };

  readonly restored = () => {
    for (const follower of this.restores) follower();
  };
}

export const connection = new Connection();

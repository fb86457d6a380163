import { actorLabel } from "../../domain/viewer";
import type { Client } from "./client-socket";
import { SOCKET_LIMITS } from "./socket-limits";

/** Counts the open sockets of each person, and of the anonymous clients at each address. */
export class SocketCounts {
  private readonly counts = new Map<string, number>();

  /** Counts a client's socket. Returns false if the client has reached the limit. */
  add(client: Client): boolean {
    const name = nameOf(client);
    const open = this.counts.get(name) ?? 0;
    if (open >= SOCKET_LIMITS.socketsEach) return false;
    this.counts.set(name, open + 1);
    client.countedAs = name;
    return true;
  }

  /** Call it when the socket has closed, whether or not it was counted. */
  remove({ countedAs }: Client): void {
    if (countedAs === null) return;
    const remaining = (this.counts.get(countedAs) ?? 1) - 1;
    if (remaining > 0) this.counts.set(countedAs, remaining);
    else this.counts.delete(countedAs);
  }
}

function nameOf({ session, address }: Client): string {
  const viewer = session?.viewer;
  if (viewer && viewer.kind !== "anonymous") return actorLabel(viewer);
  return `anonymous:${address}`;
}

import type { Server } from "node:http";
import type { Socket } from "node:net";

/**
 * Keeps count of the connections on which nobody has asked anything yet: browsers and load balancers open some ahead of
 * time. A server that closes waits a minute for their first request; what is returned ends them, and those to come.
 */
export function trackSilentConnections(server: Server): { end(): void } {
  const silent = new Set<Socket>();
  let isEnding = false;
  /** One for all: connections stay for long. */
  function forget(this: Socket): void {
    silent.delete(this);
  }
  server.on("connection", (socket: Socket) => {
    if (isEnding) return socket.destroy();
    silent.add(socket);
    socket.on("close", forget);
  });
  for (const event of ["request", "upgrade"] as const) {
    server.on(event, ({ socket }: { socket: Socket }) => silent.delete(socket));
  }
  return {
    end: () => {
      isEnding = true;
      for (const socket of silent) socket.destroy();
    },
  };
}

import type { Socket } from "node:net";
import fastifyPlugin from "fastify-plugin";

/**
 * Closes connections without a request yet when the server closes. Browsers and load balancers open some in advance,
 * and Node.js would wait a minute for their first request.
 */
export const silentConnections = fastifyPlugin(async (http) => {
  const silent = new Set<Socket>();
  let isClosing = false;
  /** One function for all sockets, because connections live long and a closure for each would cost memory. */
  function forget(this: Socket): void {
    silent.delete(this);
  }
  http.server.on("connection", (socket: Socket) => {
    if (isClosing) return socket.destroy();
    silent.add(socket);
    socket.on("close", forget);
  });
  for (const event of ["request", "upgrade"] as const) {
    http.server.on(event, ({ socket }: { socket: Socket }) => silent.delete(socket));
  }
  http.addHook("preClose", async () => {
    isClosing = true;
    for (const socket of silent) socket.destroy();
  });
});

import type { FastifyInstance } from "fastify";
import type { Subscriptions } from "../../live/subscriptions";
import { type Callbacks, serveCallbacks } from "./callbacks";
import { serveServerSentEvents } from "./server-sent-events";
import { serveWebSockets } from "./web-sockets";

type Dependencies = { live: Subscriptions } & Parameters<typeof serveWebSockets>[1] &
  Parameters<typeof serveServerSentEvents>[1] &
  Parameters<typeof serveCallbacks>[0];

/**
 * Serves the three live transports. Before the server closes, it delivers the last events, so that clients can resume,
 * and then ends every stream. Returns the handler for requests to /graphql that ask for callbacks.
 */
export function serveStreams(http: FastifyInstance, { live, ...dependencies }: Dependencies): Callbacks["respond"] {
  const sockets = serveWebSockets(http, dependencies);
  const events = serveServerSentEvents(http, dependencies);
  const callbacks = serveCallbacks(dependencies);
  http.addHook("preClose", async () => {
    await live.drain();
    events.close();
    await Promise.all([sockets.close(), callbacks.close()]);
    live.close();
  });
  return callbacks.respond;
}

import type { FastifyInstance } from "fastify";
import type { Subscriptions } from "../../live/subscriptions";
import { type Callbacks, serveCallbacks } from "./callbacks";
import { serveServerSentEvents } from "./server-sent-events";
import { serveWebSockets } from "./web-sockets";

type Dependencies = { live: Subscriptions } & Parameters<typeof serveWebSockets>[1] &
  Parameters<typeof serveServerSentEvents>[1] &
  Parameters<typeof serveCallbacks>[0];

/**
 * Serves what is live, and ends it before the server closes: after the last events, so that clients can resume. Returns
 * what answers those requests to /graphql that want their results sent to a router.
 */
export function serveStreams(http: FastifyInstance, { live, ...dependencies }: Dependencies): Callbacks["answer"] {
  const sockets = serveWebSockets(http, dependencies);
  const streams = serveServerSentEvents(http, dependencies);
  const callbacks = serveCallbacks(dependencies);
  http.addHook("preClose", async () => {
    await live.drain();
    streams.close();
    await Promise.all([sockets.close(), callbacks.close()]);
    live.close();
  });
  return callbacks.answer;
}

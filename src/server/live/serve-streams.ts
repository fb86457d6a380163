import type { FastifyInstance } from "fastify";
import type { Live } from "../../live/live";
import { serveEventStreams } from "./event-streams";
import { serveWebSockets } from "./web-sockets";

type Parts = { live: Live } & Parameters<typeof serveWebSockets>[1] & Parameters<typeof serveEventStreams>[1];

/** Serves what is live, and ends it before the server closes: after the last events, so that clients can resume. */
export function serveStreams(http: FastifyInstance, { live, ...parts }: Parts): void {
  const sockets = serveWebSockets(http, parts);
  const streams = serveEventStreams(http, parts);
  http.addHook("preClose", async () => {
    await live.drain();
    streams.close();
    await sockets.close();
    live.close();
  });
}

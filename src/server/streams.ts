import fastifyPlugin from "fastify-plugin";
import type { Log } from "../log";
import type { Tracing } from "../tracing/span";
import type { Authenticate } from "./caller/authenticate";
import { gatewayTrust } from "./caller/gateway-secret";
import { createOperate } from "./graphql/operate";
import type { GraphQLRuntime } from "./graphql/runtime";
import { serveStreams } from "./live/serve-streams";

declare module "fastify" {
  interface FastifyInstance {
    /** Responds to a request for results by callback. False if the request is none, or if callbacks are off. */
    respondByCallback(request: FastifyRequest, reply: FastifyReply): Promise<boolean>;
  }
}

interface Options {
  graphql: GraphQLRuntime;
  authenticate: Authenticate;
  tracing: Tracing | null;
  config: { gatewaySecrets: readonly string[]; callbackUrls: readonly string[] };
  log: Log;
}

/** Serves subscriptions over WebSockets, server-sent events and callbacks. Needs sessionPlugin and httpErrors. */
export const streams = fastifyPlugin<Options>(async (http, { graphql, authenticate, tracing, config, log }) => {
  const { apollo, admit, contextDependencies, share } = graphql;
  const { services, live } = contextDependencies;
  const respondByCallback = serveStreams(http, {
    live,
    operate: createOperate(apollo, admit, contextDependencies, share, log),
    authenticate,
    startSpan: (name, traceparent) => tracing?.start(name, "server", {}, traceparent) ?? null,
    trustOf: ({ headers }) => gatewayTrust(headers, config.gatewaySecrets),
    callerOf: (request) => request.caller,
    callbackUrls: config.callbackUrls,
    preHandler: (request, reply) => request.signIn().catch((error: unknown) => reply.sendEarlyError(error)),
    now: () => services.clock.now(),
    log,
  });
  http.decorate("respondByCallback", respondByCallback);
});

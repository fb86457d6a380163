import type { FastifyReply, FastifyRequest } from "fastify";
import fastifyPlugin from "fastify-plugin";
import type { Span, Tracing } from "../../tracing/span";
import { traceparentOf } from "./gateway-secret";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Whether requests of the route are traced. */
    isTraced?: true;
  }
  interface FastifyRequest {
    /** The request's span; null: it is not sampled. */
    span: Span | null;
  }
}

/** Starts the traces of requests. Needs the decorations of sessionPlugin. */
export const requestTraces = fastifyPlugin<{ tracing: Tracing | null }>(async (http, { tracing }) => {
  http.decorateRequest("span", null);
  if (!tracing) return;
  http.addHook("onRequest", (request, reply, done) => {
    if (request.routeOptions.config.isTraced) start(tracing, request, reply);
    done();
  });
});

function start(tracing: Tracing, request: FastifyRequest, reply: FastifyReply): void {
  const { method, routeOptions } = request;
  const { url: route = "" } = routeOptions;
  const attributes = { "http.request.method": method, "http.route": route, "request.id": request.id };
  const span = tracing.start(
    `${method} ${route}`,
    "server",
    attributes,
    traceparentOf(request.headers, request.gatewayTrust),
  );
  if (!span) return;
  request.span = span;
  reply.raw.once("close", () => {
    const { statusCode, writableFinished } = reply.raw;
    if (writableFinished) span.set({ "http.response.status_code": statusCode });
    span.end(statusCode >= 500 ? { code: `HTTP_${statusCode}` } : undefined);
  });
}

import { randomUUID } from "node:crypto";
import cors from "@fastify/cors";
import Fastify, { type FastifyInstance } from "fastify";
import type { Services } from "../commands/runner/unit-of-work";
import type { Config } from "../config/config";
import type { ReadReplica } from "../context";
import type { Subscriptions } from "../live/subscriptions";
import type { Log } from "../log";
import type { Tracing } from "../tracing/span";
import { accessReviewExport } from "./access-review-export";
import type { Authenticate } from "./caller/authenticate";
import { FairShare } from "./caller/fair-share";
import { requestTraces } from "./caller/request-traces";
import { sessionPlugin } from "./caller/session";
import { consoleRoutes, findConsole } from "./console";
import { graphqlRoute } from "./graphql/graphql-route";
import { httpErrors } from "./graphql/http-errors";
import { startGraphQL } from "./graphql/runtime";
import { connectionLimit } from "./operations/connection-limit";
import { healthRoutes } from "./operations/health";
import type { InFlight } from "./operations/in-flight";
import { createMetrics, metricsRoute } from "./operations/metrics";
import { REQUEST_TIMEOUTS, type RequestTimeouts, timeoutOptions } from "./operations/request-timeouts";
import { silentConnections } from "./operations/silent-connections";
import { streams } from "./streams";
import { stripeWebhook } from "./stripe-webhook";

export interface HttpDependencies {
  services: Services;
  live: Subscriptions;
  replica: ReadReplica | null;
  authenticate: Authenticate;
  /** Null: no traces. */
  tracing: Tracing | null;
  log: Log;
  config: Pick<
    Config,
    | "console"
    | "identityProvider"
    | "gatewaySecrets"
    | "corsOrigins"
    | "introspection"
    | "operationDeadlineMs"
    | "trustedDocuments"
    | "callbackUrls"
  >;
  /** Counts the operations over HTTP that have no response yet. */
  inFlight: InFlight;
  /** Tests set shorter ones. */
  requestTimeouts?: RequestTimeouts | undefined;
  /** While true, /readyz answers 503. */
  isDraining(): boolean;
}

const BODY_LIMIT = 1024 * 1024;
const PREFLIGHT_SECONDS = 600;

/** The HTTP server with one plugin per concern. More routes can be added before it listens. */
export async function createHttpServer(dependencies: HttpDependencies): Promise<FastifyInstance> {
  const { services, live, replica, authenticate, tracing, log, config, inFlight, isDraining } = dependencies;
  const share = new FairShare();
  const metrics = createMetrics(services.database, live, share, replica?.standby ?? null);
  const contextDependencies = { services, live, operationDeadlineMs: config.operationDeadlineMs, replica };
  const web = config.console && findConsole();
  const ownDocuments = web ? [web.documents] : [];
  const graphql = await startGraphQL({ contextDependencies, tracing, share, metrics, config, log, ownDocuments });
  const http = Fastify({
    bodyLimit: BODY_LIMIT,
    genReqId: () => randomUUID(),
    ...timeoutOptions(dependencies.requestTimeouts ?? REQUEST_TIMEOUTS),
  });
  await http.register(connectionLimit, { log });
  await http.register(silentConnections);
  await http.register(cors, { origin: config.corsOrigins, maxAge: PREFLIGHT_SECONDS, exposedHeaders: ["retry-after"] });
  await http.register(httpErrors, { log });
  await http.register(sessionPlugin, { authenticate, gatewaySecrets: config.gatewaySecrets });
  await http.register(requestTraces, { tracing });
  await http.register(streams, { graphql, authenticate, tracing, config, log });
  await http.register(graphqlRoute, { graphql, inFlight });
  await http.register(accessReviewExport, { contextDependencies, share, inFlight, log });
  await http.register(healthRoutes, { database: services.database, isDraining });
  await http.register(metricsRoute, { metrics });
  await http.register(stripeWebhook, { services, log });
  if (config.console && web) {
    await http.register(consoleRoutes, { ...web, settings: config.console, provider: config.identityProvider });
  }
  return http;
}

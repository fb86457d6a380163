import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import cors from "@fastify/cors";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Services } from "../commands/runner/unit-of-work";
import type { Config } from "../config/config";
import { Context } from "../context";
import type { Subscriptions } from "../live/subscriptions";
import type { Log } from "../log";
import type { Authenticate, Session } from "./caller/authenticate";
import { FairShare, startsWithSubscription } from "./caller/fair-share";
import { type GatewayTrust, gatewayTrust } from "./caller/gateway-secret";
import { documentChecker, operationOf, type RequestedOperation } from "./documents/check-document";
import { assertTrusted, persistedDocuments, readTrustedDocuments } from "./documents/trusted-documents";
import { createGraphQLServer, earlyError } from "./graphql/apollo";
import { graphqlHandler } from "./graphql/handle-graphql";
import { handleHttpErrors } from "./graphql/http-errors";
import { createOperate } from "./graphql/operate";
import { buildSubgraph } from "./graphql/schema";
import { serveStreams } from "./live/serve-streams";
import { limitConnections } from "./operations/connection-limit";
import type { InFlight } from "./operations/in-flight";
import { createMetrics } from "./operations/metrics";
import { REQUEST_TIMEOUTS, type RequestTimeouts, timeoutOptions } from "./operations/request-timeouts";
import { trackSilentConnections } from "./operations/silent-connections";

declare module "fastify" {
  interface FastifyRequest {
    session: Session | null;
  }
}

/** What the HTTP side is made of. */
export interface HttpDependencies {
  services: Services;
  live: Subscriptions;
  authenticate: Authenticate;
  log: Log;
  config: Pick<
    Config,
    "gatewaySecrets" | "corsOrigins" | "introspection" | "operationDeadlineMs" | "trustedDocuments" | "callbackUrls"
  >;
  /** Is told of every operation over HTTP. */
  inFlight: InFlight;
  /** How long requests may take to arrive; a test has less patience. */
  requestTimeouts?: RequestTimeouts | undefined;
  /** Why the process is not ready, or null. */
  notReady(): Promise<string | null>;
}

const ANONYMOUS: Session = { viewer: { kind: "anonymous" }, expiresAt: null, signedBy: null };
const BODY_LIMIT = 1024 * 1024;
const PREFLIGHT_SECONDS = 600;
const READY_PATIENCE_MS = 3_000;

/** The server of everything on one port; more routes can be added before it listens. */
export async function createHttpServer(dependencies: HttpDependencies): Promise<FastifyInstance> {
  const { services, authenticate, log, config } = dependencies;
  const http = Fastify({
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: "idle",
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 500 },
    ...timeoutOptions(dependencies.requestTimeouts ?? REQUEST_TIMEOUTS),
  });
  limitConnections(http.server, log);
  const silent = trackSilentConnections(http.server);
  http.addHook("preClose", async () => silent.end());
  const share = new FairShare();
  const metrics = createMetrics(services.database, dependencies.live, share);
  const schema = buildSubgraph().guarded;
  const trusted = config.trustedDocuments ? readTrustedDocuments(config.trustedDocuments) : null;
  const persisted = persistedDocuments(trusted);
  const graphql = createGraphQLServer({ schema, log, metrics, persisted, introspection: config.introspection });
  await graphql.start();
  await http.register(cors, { origin: config.corsOrigins, maxAge: PREFLIGHT_SECONDS, exposedHeaders: ["retry-after"] });
  const checkDocument = documentChecker(schema, persisted.textOf);
  const admit = (operation: RequestedOperation, { knowsSecret }: GatewayTrust) => {
    if (trusted && !knowsSecret) assertTrusted(trusted, operation.query);
    checkDocument(operation);
  };
  const trustOf = ({ headers }: { headers: IncomingHttpHeaders }) => gatewayTrust(headers, config.gatewaySecrets);
  const contextParts = { services, live: dependencies.live, operationDeadlineMs: config.operationDeadlineMs };
  const callerOf = (request: FastifyRequest) => {
    const { viewer, expiresAt, signedBy } = request.session ?? ANONYMOUS;
    return { requestId: request.id, viewer, expiresAt, signedBy, ...idempotencyOf(request), ...trustOf(request) };
  };
  const orEarlyError = async (request: FastifyRequest, reply: FastifyReply, work: () => Promise<unknown>) => {
    try {
      return await work();
    } catch (error) {
      const { accept = "" } = request.headers;
      const { status, headers, body } = earlyError(error, { accept, log, requestId: request.id });
      return reply.code(status).headers(headers).send(body);
    }
  };
  // A bad token is never anonymous: it ends here, before anything of the document is looked at.
  const signIn = async (request: FastifyRequest) => {
    request.session = await authenticate(request.headers.authorization);
  };
  http.decorateRequest("session", null);
  const answerByCallback = serveStreams(http, {
    live: dependencies.live,
    operate: createOperate(graphql, admit, contextParts, share, log),
    authenticate,
    trustOf,
    callerOf,
    callbackUrls: config.callbackUrls,
    preHandler: (request, reply) => orEarlyError(request, reply, () => signIn(request)),
    now: () => services.clock.now(),
    log,
  });
  const answer = graphqlHandler(
    graphql,
    (request) => new Context(contextParts, { ...callerOf(request), onStalled: null }),
  );
  http.route({
    url: "/graphql",
    method: ["GET", "POST"],
    onRequest: (_request, reply, done) => {
      dependencies.inFlight.enter(reply.raw);
      done();
    },
    preHandler: (request, reply) =>
      orEarlyError(request, reply, async () => {
        await signIn(request);
        admit(operationOf(request), trustOf(request));
      }),
    handler: async (request, reply) => {
      if (await answerByCallback(request, reply)) return reply;
      const { viewer } = request.session ?? ANONYMOUS;
      const { query } = operationOf(request);
      const isWanted = () => !reply.raw.destroyed;
      const turn = { viewer, startsStream: startsWithSubscription(query), isWanted };
      return await orEarlyError(request, reply, () => share.run(turn, () => answer(request, reply)));
    },
  });
  handleHttpErrors(http, log);
  http.get("/healthz", async () => ({ status: "ok" }));
  http.get("/readyz", async (_request, reply) => {
    const reason = await withTimeout(dependencies.notReady());
    return reply.code(reason ? 503 : 200).send(reason ? { status: "unavailable", reason } : { status: "ready" });
  });
  http.get("/metrics", async (_request, reply) => {
    const { contentType, body } = await metrics.text();
    return reply.type(contentType).send(body);
  });
  return http;
}

/** Node.js joins headers that come twice, so that there is one of each at the most. */
function idempotencyOf({ headers }: FastifyRequest) {
  const read = (name: string) => (typeof headers[name] === "string" ? headers[name] : null);
  const idempotentPlace = { operation: read("idempotency-operation"), field: read("idempotency-field") };
  return { idempotencyKey: read("idempotency-key"), idempotentPlace };
}

/** An answer that does not come is an answer too. */
async function withTimeout(asked: Promise<string | null>): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, READY_PATIENCE_MS, "the database does not answer");
  });
  return await Promise.race([asked, late]).finally(() => clearTimeout(timer));
}

import { createHash, randomUUID, timingSafeEqual } from "node:crypto";
import { fastifyApolloHandler } from "@as-integrations/fastify";
import cors from "@fastify/cors";
import Fastify, { type FastifyInstance, type FastifyRequest } from "fastify";
import type { Services } from "../commands/scope";
import type { Config } from "../config";
import { Context } from "../context";
import type { Viewer } from "../domain/viewer";
import type { Log } from "../log";
import { Deadline } from "../store/deadline";
import type { Authenticate } from "./authenticate";
import { documentChecker, operationOf } from "./check-document";
import { createGraphQLServer, earlyError } from "./graphql";
import { createMetrics } from "./metrics";
import { buildSubgraph } from "./schema";
import { assertTrusted, readTrustedDocuments } from "./trusted-documents";

declare module "fastify" {
  interface FastifyRequest {
    viewer: Viewer | null;
  }
}

/** What the HTTP side is made of. */
export interface HttpParts {
  services: Services;
  authenticate: Authenticate;
  log: Log;
  config: Pick<Config, "gatewaySecrets" | "corsOrigins" | "introspection" | "operationDeadlineMs" | "trustedDocuments">;
  /** Why the process is not ready, or null. */
  notReady(): Promise<string | null>;
}

const BODY_LIMIT = 1024 * 1024;
const PREFLIGHT_SECONDS = 600;
const READY_PATIENCE_MS = 3_000;

/** The server of everything on one port; more routes can be added before it listens. */
export async function createHttpServer(parts: HttpParts): Promise<FastifyInstance> {
  const { services, authenticate, log, config } = parts;
  const http = Fastify({
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: "idle",
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 500 },
  });
  const metrics = createMetrics(services.database);
  const schema = buildSubgraph().guarded;
  const trusted = config.trustedDocuments ? readTrustedDocuments(config.trustedDocuments) : null;
  const graphql = createGraphQLServer(http, { schema, log, metrics, trusted, introspection: config.introspection });
  await graphql.start();
  await http.register(cors, { origin: config.corsOrigins, maxAge: PREFLIGHT_SECONDS, exposedHeaders: ["retry-after"] });
  const checkDocument = documentChecker(schema);
  http.decorateRequest("viewer", null);
  http.route({
    url: "/graphql",
    method: ["GET", "POST"],
    // A bad token is never anonymous: it ends here, before anything of the document is looked at.
    preHandler: async (request, reply) => {
      try {
        request.viewer = await authenticate(request.headers.authorization);
        const operation = operationOf(request);
        if (trusted && !knowsSecret(request, config.gatewaySecrets)) assertTrusted(trusted, operation.query);
        checkDocument(operation);
      } catch (error) {
        const { status, body } = earlyError(error, log, request.id);
        return reply.code(status).type("application/json; charset=utf-8").send(body);
      }
    },
    handler: fastifyApolloHandler(graphql, {
      context: async (request) => {
        const viewer = request.viewer ?? { kind: "anonymous" as const };
        const deadline = new Deadline(config.operationDeadlineMs);
        return new Context(services, deadline, request.id, viewer, isFromGateway(request, config.gatewaySecrets));
      },
    }),
  });
  http.get("/healthz", async () => ({ status: "ok" }));
  http.get("/readyz", async (_request, reply) => {
    const reason = await soon(parts.notReady());
    return reply.code(reason ? 503 : 200).send(reason ? { status: "unavailable", reason } : { status: "ready" });
  });
  http.get("/metrics", async (_request, reply) => {
    const { contentType, body } = await metrics.text();
    return reply.type(contentType).send(body);
  });
  return http;
}

function isFromGateway(request: FastifyRequest, secrets: readonly string[]): boolean {
  return secrets.length === 0 || knowsSecret(request, secrets);
}

function knowsSecret({ headers }: FastifyRequest, secrets: readonly string[]): boolean {
  const told = headers["gateway-secret"];
  if (typeof told !== "string") return false;
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return secrets.some((secret) => timingSafeEqual(digest(secret), digest(told)));
}

/** An answer that does not come is an answer too. */
async function soon(asked: Promise<string | null>): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, READY_PATIENCE_MS, "the database does not answer");
  });
  return await Promise.race([asked, late]).finally(() => clearTimeout(timer));
}

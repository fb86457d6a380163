import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { createGatewayRuntime } from "@graphql-hive/gateway-runtime";
import { composeServices, compositionHasErrors } from "@theguild/federation-composition";
import { GraphQLError, parse } from "graphql";
import { agentsSdl, startAgents } from "../agents/start-agents";
import { useIdempotentPlaces } from "./idempotent-places";
import { useLiveExecutor } from "./live-executor";
import { serveWebSockets } from "./serve-web-sockets";

const organizationsSdl = readFileSync(path.join(__dirname, "../../schema/organizations.graphql"), "utf8");

/** Composes the two subgraphs. Throws the composition errors. */
export function composeSupergraph(urls: { organizations: string; agents: string }): string {
  const composed = composeServices([
    { name: "organizations", typeDefs: parse(organizationsSdl), url: urls.organizations },
    { name: "agents", typeDefs: parse(agentsSdl), url: urls.agents },
  ]);
  if (compositionHasErrors(composed)) throw new Error(composed.errors.map(({ message }) => message).join("\n"));
  return composed.supergraphSdl;
}

export interface GatewayOptions {
  port: number;
  organizationsUrl: string;
  /** One of the organizations service's GATEWAY_SECRETS, if it has any. */
  gatewaySecret: string | undefined;
  /**
   * A token of the agents with the scopes permissions:read and events:read; without it, they check permissions as the
   * viewer.
   */
  agentsToken?: (() => Promise<string>) | undefined;
}

/** Starts a gateway over the organizations service and the example agents. */
export async function startGateway(options: GatewayOptions): Promise<{ url: string; stop(): Promise<void> }> {
  const agentsSecret = randomUUID();
  const service = options.agentsToken && { token: options.agentsToken };
  const agents = await startAgents(options.organizationsUrl, agentsSecret, service);
  const live = useLiveExecutor({ url: options.organizationsUrl, headers: secretFor(options.gatewaySecret) });
  const gateway = createGatewayRuntime({
    supergraph: composeSupergraph({ organizations: options.organizationsUrl, agents: agents.url }),
    logging: false,
    // The service masks its own errors. Errors that prevent the start of a stream come as a list.
    maskedErrors: { maskError: (error) => withStatus(firstOf(error)) },
    plugins: () => [useIdempotentPlaces(), live.plugin],
    propagateHeaders: {
      // The names are those that the composition writes into the supergraph.
      fromClientToSubgraphs: ({ request, subgraphName }) => ({
        ...headersOf(request, "authorization", "idempotency-key"),
        ...secretFor(subgraphName.toLowerCase() === "agents" ? agentsSecret : options.gatewaySecret),
      }),
    },
  });
  await gateway.getSchema();
  const server = http.createServer(gateway);
  await new Promise<void>((resolve) => server.listen(options.port, "127.0.0.1", resolve));
  const sockets = serveWebSockets(server, gateway);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    stop: async () => {
      sockets.close();
      for (const socket of sockets.clients) socket.close(1001, "Going away");
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await live.stop();
      await gateway[Symbol.asyncDispose]();
      await agents.stop();
    },
  };
}

/** The error that clients get: the service's message, without internals of the gateway. */
function firstOf(error: unknown): Error {
  const [first] = (Array.isArray(error) ? error : [error]) as Array<Partial<GraphQLError> | undefined>;
  if (first instanceof GraphQLError) {
    if (Array.isArray(first.originalError)) return firstOf(first.originalError);
    // An error with a code is meant for clients; any other is a failure of the gateway.
    return first.originalError && !first.extensions.code ? firstOf(undefined) : first;
  }
  const { message = "The gateway failed.", extensions = { code: "INTERNAL_SERVER_ERROR" } } = first ?? {};
  return new GraphQLError(extensions.code === "INTERNAL_SERVER_ERROR" ? "The gateway failed." : message, {
    extensions,
  });
}

/** Retryable failures are HTTP 503 with Retry-After here too. Yoga takes both from the error. */
function withStatus(error: Error): Error {
  if (!(error instanceof GraphQLError)) return error;
  const { code, retryAfterSeconds } = error.extensions;
  if (code !== "UNAVAILABLE" && code !== "DEADLINE_EXCEEDED") return error;
  const headers: Record<string, string> = retryAfterSeconds ? { "retry-after": String(retryAfterSeconds) } : {};
  const { message, nodes = null, path = null } = error;
  const http = { status: 503, headers };
  return new GraphQLError(message, { nodes, path, extensions: { ...error.extensions, http } });
}

function headersOf({ headers }: Request, ...names: string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (headers.has(name) ? [[name, headers.get(name) ?? ""]] : [])));
}

function secretFor(secret: string | undefined): Record<string, string> {
  return secret ? { "gateway-secret": secret } : {};
}

import type { Server } from "node:http";
import type { createGatewayRuntime } from "@graphql-hive/gateway-runtime";
import type { ExecutionArgs } from "graphql";
import { useServer } from "graphql-ws/use/ws";
import { WebSocketServer } from "ws";

type Gateway = ReturnType<typeof createGatewayRuntime>;
type Enveloped = ReturnType<Gateway["getEnveloped"]>;

/** Serves the gateway's clients over graphql-transport-ws, beside the server-sent events that it has by itself. */
export function serveWebSockets(server: Server, gateway: Gateway): WebSocketServer {
  const sockets = new WebSocketServer({ server, path: "/graphql" });
  const envelopeOf = ({ rootValue }: ExecutionArgs) => rootValue as Enveloped;
  useServer(
    {
      execute: (args) => envelopeOf(args).execute(args),
      subscribe: (args) => envelopeOf(args).subscribe(args),
      onSubscribe: async ({ connectionParams }, _id, { query, variables, operationName }) => {
        // Browsers cannot set headers on a WebSocket, so the token comes in connection_init.
        const { authorization } = connectionParams ?? {};
        const headers: Record<string, string> = typeof authorization === "string" ? { authorization } : {};
        const request = new Request("http://gateway/graphql", { headers });
        const enveloped = gateway.getEnveloped({ request, headers, params: { query, variables, operationName } });
        const document = enveloped.parse(query);
        const errors = enveloped.validate(enveloped.schema, document);
        if (errors.length > 0) return errors;
        const contextValue = await enveloped.contextFactory();
        const args = { document, variableValues: variables ?? {}, operationName: operationName ?? null };
        return { schema: enveloped.schema, ...args, contextValue, rootValue: enveloped };
      },
    },
    sockets,
  );
  return sockets;
}

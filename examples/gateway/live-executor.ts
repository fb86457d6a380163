import type { GatewayPlugin } from "@graphql-hive/gateway-runtime";
import type { ExecutionRequest, Executor } from "@graphql-tools/utils";
import { type ExecutionResult, GraphQLError, print } from "graphql";
import { type Client, createClient } from "graphql-ws";
import WebSocket from "ws";

const RETRY_AFTER_SECONDS = 1;

interface LiveOptions {
  url: string;
  headers: Record<string, string>;
}

/**
 * Sends subscriptions to the organizations service, over one WebSocket per token. A broken socket is not reopened
 * silently, because events would be missing: the stream ends with UNAVAILABLE, and the client resubscribes after its last
 * cursor.
 */
export function useLiveExecutor(options: LiveOptions): { plugin: GatewayPlugin; stop(): Promise<void> } {
  const clients = new Map<string, Client>();

  function clientFor(authorization: string): Client {
    const known = clients.get(authorization);
    if (known) return known;
    const client = createClient({
      url: options.url.replace(/^http/, "ws"),
      webSocketImpl: class extends WebSocket {
        constructor(url: string, protocol: string) {
          super(url, protocol, { headers: options.headers });
        }
      },
      connectionParams: authorization === "" ? {} : { authorization },
      lazyCloseTimeout: 0,
      retryAttempts: 0,
      on: { closed: () => clients.delete(authorization) },
    });
    clients.set(authorization, client);
    return client;
  }

  const plugin: GatewayPlugin = {
    onSubgraphExecute: ({ executionRequest, subgraphName, setExecutor }) => {
      if (executionRequest.operationType !== "subscription" || subgraphName.toLowerCase() !== "organizations") return;
      const execute = ({ document, variables, operationName, context }: ExecutionRequest) => {
        const { headers } = context as { headers?: Record<string, string> };
        const client = clientFor(headers?.authorization ?? "");
        return resultsOf(client.iterate({ query: print(document), variables, operationName: operationName ?? null }));
      };
      setExecutor(execute as Executor);
    },
  };
  return {
    plugin,
    stop: async () => {
      for (const client of clients.values()) await client.dispose();
    },
  };
}

/** Yields the final error as the last result: thrown, it would lose its code in the gateway. */
function resultsOf(results: ReturnType<Client["iterate"]>): AsyncIterableIterator<ExecutionResult> {
  const end = async (): Promise<IteratorResult<ExecutionResult>> => ({ done: true, value: undefined });
  let isOver = false;
  return {
    next: async () => {
      if (isOver) return await end();
      try {
        return (await results.next()) as IteratorResult<ExecutionResult>;
      } catch (error) {
        isOver = true;
        return { done: false, value: { data: null, errors: errorsOf(error) } };
      }
    },
    return: async () => {
      isOver = true;
      await results.return?.();
      return await end();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** graphql-ws throws the service's errors as an array, and a failed connection as a close event. */
function errorsOf(error: unknown): GraphQLError[] {
  if (Array.isArray(error)) return error.map(({ message, extensions }) => new GraphQLError(message, { extensions }));
  const { code, reason } = error as { code?: number; reason?: string };
  if (code === 4401) return [failure("UNAUTHENTICATED", reason || "The token is invalid. Sign in again.")];
  if (code === 4429) return [failure("RATE_LIMITED", reason || "Too many connections.", 60)];
  if (code === 4500) return [failure("INTERNAL_SERVER_ERROR", "The organizations service failed.")];
  const message = "The stream was interrupted. Subscribe again, with the cursor of the last event as 'after'.";
  return [failure("UNAVAILABLE", message, RETRY_AFTER_SECONDS)];
}

function failure(code: string, message: string, retryAfterSeconds?: number): GraphQLError {
  return new GraphQLError(message, { extensions: { code, ...(retryAfterSeconds && { retryAfterSeconds }) } });
}

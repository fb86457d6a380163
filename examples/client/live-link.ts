import { ApolloLink, Observable } from "@apollo/client";
import { CombinedGraphQLErrors } from "@apollo/client/errors";
import { type GraphQLFormattedError, print } from "graphql";
import { createClient } from "graphql-ws";
import type { Token } from "./links";

const MAX_WAIT_MS = 10_000;

/** What subscriptions need. */
export interface LiveOptions {
  url: string;
  token: Token;
  /** For where there is none built in. */
  webSocket?: unknown;
  /** Called when the connection is there again: what happened before a subscription's first event was not told. */
  onReconnected(): void;
}

/**
 * Sends subscriptions over one WebSocket. Where it breaks, it is opened again, with the token of that moment, and each
 * subscription goes on after the last event that it saw: none is missed, and none comes twice.
 */
export function liveLink({ url, token, webSocket, onReconnected }: LiveOptions): ApolloLink {
  const socket = createClient({
    url: url.replace(/^http/, "ws"),
    webSocketImpl: webSocket,
    on: { connected: (_socket, _payload, wasRetry) => wasRetry && onReconnected() },
    connectionParams: async () => {
      const bearer = await token();
      return bearer ? { authorization: `Bearer ${bearer}` } : {};
    },
    keepAlive: 20_000,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: (retries) => pause(waitBefore(retries)),
  });
  return new ApolloLink(
    ({ query, operationName, variables: given }) =>
      new Observable((observer) => {
        // What is sent when the socket is opened again is this object as it is then.
        const variables: Record<string, unknown> = { ...given };
        const request = { query: print(query), operationName: operationName ?? null, variables };
        let retries = 0;
        let timer: ReturnType<typeof setTimeout> | undefined;
        let end = () => {};
        // A gateway keeps the socket while the service behind it restarts, and says that the stream is to be resumed.
        const resume = () => {
          end();
          clearTimeout(timer);
          timer = setTimeout(begin, waitBefore(retries++));
        };
        const begin = () => {
          let isInterrupted = false;
          const interrupt = () => {
            isInterrupted = true;
            resume();
          };
          end = socket.subscribe<Record<string, unknown>>(request, {
            next: (result) => {
              if (isInterrupted) return;
              if (isUnavailable(result.errors)) return interrupt();
              retries = 0;
              const cursor = cursorOf(result.data);
              if (cursor !== null) variables.after = cursor;
              observer.next(result as ApolloLink.Result);
            },
            error: (error) => {
              if (isInterrupted) return;
              if (Array.isArray(error) && isUnavailable(error)) return interrupt();
              observer.error(Array.isArray(error) ? new CombinedGraphQLErrors({ errors: error }) : error);
            },
            complete: () => {
              if (!isInterrupted) observer.complete();
            },
          });
        };
        begin();
        return () => {
          clearTimeout(timer);
          end();
        };
      }),
  );
}

function isUnavailable(errors: readonly GraphQLFormattedError[] | undefined): boolean {
  return errors?.[0]?.extensions?.code === "UNAVAILABLE";
}

function waitBefore(retries: number): number {
  return Math.min(MAX_WAIT_MS, 200 * 2 ** retries) * (0.5 + Math.random() / 2);
}

function cursorOf(data: Record<string, unknown> | null | undefined): string | null {
  const [event] = Object.values(data ?? {}) as Array<{ cursor?: string } | null>;
  return event?.cursor ?? null;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

import { ApolloLink, Observable } from "@apollo/client";
import { print } from "graphql";
import { type Client, createClient } from "graphql-ws";
import { LiveStream, waitBefore } from "./live-stream";
import { Renewals, type Tokens } from "./tokens";

/** The state of the connection for live updates. `waiting`: it failed and is opened again after `milliseconds`. */
export type ConnectionState = { is: "connecting" | "open" } | { is: "waiting"; milliseconds: number };

/** How often a connection is checked. One that does not answer within half of that is replaced. */
const CHECK_MS = 20_000;

/** The options of live subscriptions. */
export interface LiveOptions {
  url: string;
  tokens: Tokens;
  /** For platforms without a built-in WebSocket. */
  webSocket?: unknown;
  /** How often the connection is checked, in milliseconds. */
  checkMs?: number;
  /** Called when the connection is open again. Streams without a cursor may have missed changes. */
  onReconnected?(): void;
  onState?(state: ConnectionState): void;
}

interface Options extends LiveOptions {
  /** Gives a cursor of now, in place of one that the service refuses. Null without access. */
  freshCursor(variables: Record<string, unknown>): Promise<string | null>;
}

/**
 * Sends subscriptions over one WebSocket. If it breaks or its token ends, it is opened again with a current token, and each
 * subscription resumes after its last event: it misses none and gets none twice. A connection that no longer carries
 * anything, as after a computer slept, is replaced.
 */
export function liveLink(options: Options): ApolloLink {
  const { tokens, freshCursor } = options;
  const renewals = new Renewals(tokens);
  const connection: Connection = { token: null, acknowledged: 0 };
  const socket = openSocket(connection, options);

  /** Reopens the connection with a new token. Returns false if the person has to sign in again. */
  async function replaceToken(): Promise<boolean> {
    const refused = connection.token;
    if (!(await renewals.replace(refused))) return false;
    // The service keeps the socket of an ended token open, but runs nothing more on it.
    if (connection.token === refused) socket.terminate();
    return true;
  }

  return new ApolloLink(
    ({ query, operationName, variables }) =>
      new Observable((observer) => {
        const request = { query: print(query), operationName: operationName ?? null, variables: { ...variables } };
        const stream = new LiveStream({
          request,
          observer,
          replaceToken,
          freshCursor,
          subscribe: (sink) => socket.subscribe<Record<string, unknown>>(request, sink),
          connections: () => connection.acknowledged,
        });
        stream.begin();
        return () => stream.stop();
      }),
  );
}

interface Connection {
  /** The token with which the socket was opened. */
  token: string | null;
  /** How often the service has accepted the connection. */
  acknowledged: number;
}

function openSocket(
  connection: Connection,
  { url, tokens, webSocket, checkMs = CHECK_MS, onReconnected, onState }: LiveOptions,
): Client {
  let unanswered: ReturnType<typeof setTimeout> | undefined;
  const socket = createClient({
    url: url.replace(/^http/, "ws"),
    webSocketImpl: webSocket,
    on: {
      connecting: () => onState?.({ is: "connecting" }),
      connected: (_socket, _payload, wasRetry) => {
        connection.acknowledged += 1;
        onState?.({ is: "open" });
        if (wasRetry) onReconnected?.();
      },
      ping: (isReceived) => {
        if (!isReceived) unanswered = setTimeout(() => socket.terminate(), checkMs / 2);
      },
      pong: () => clearTimeout(unanswered),
      closed: () => clearTimeout(unanswered),
    },
    connectionParams: async () => {
      connection.token = await tokens.current();
      return connection.token ? { authorization: `Bearer ${connection.token}` } : {};
    },
    keepAlive: checkMs,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: (retries) => {
      const milliseconds = waitBefore(retries);
      onState?.({ is: "waiting", milliseconds });
      return new Promise((resolve) => setTimeout(resolve, milliseconds));
    },
  });
  return socket;
}

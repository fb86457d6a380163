import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { FastifyInstance } from "fastify";
import { type ExecutionArgs, GraphQLError, type GraphQLFormattedError, parse } from "graphql";
import { handleProtocols, makeServer, type Context as SocketContext } from "graphql-ws";
import { type WebSocket, WebSocketServer } from "ws";
import { Denied } from "../../domain/denial";
import { actorLabel } from "../../domain/viewer";
import type { Log } from "../../log";
import type { Authenticate, Session } from "../authenticate";
import type { GatewayTrust } from "../gateway-secret";
import { failed, type LiveRequest, type Operate, type Operated } from "./operate";

/** The limits of WebSockets; the README tells clients of them. */
export const SOCKET_LIMITS = {
  /** Of one person, or of the anonymous at one address, in one process. */
  socketsEach: 100,
  /** Running at a time on one socket. */
  operations: 100,
  messageBytes: 256 * 1024,
  connectionInitMs: 3_000,
} as const;

/** Close codes beside those of the protocol. */
export const CLOSE = {
  goingAway: 1001,
  unauthorized: 4401,
  tooSlow: 4413,
  tooManySockets: 4429,
  failed: 4500,
} as const;

const PING_EVERY_MS = 25_000;
const CLOSING_MS = 2_000;

interface Extra {
  socket: WebSocket;
  /** What is to be known of the request that opened it. The request itself, with its headers, would stay as long. */
  trust: GatewayTrust;
  address: string | undefined;
  session: Session | null;
}
type Connection = SocketContext<Record<string, unknown>, Extra>;
interface Parts {
  authenticate: Authenticate;
  operate: Operate;
  trustOf(request: IncomingMessage): GatewayTrust;
  now(): Date;
  log: Log;
}

// The document is read and checked by the pipeline; graphql-ws only has to be given one.
const PLACEHOLDER = parse("{ __typename }");

/** Serves graphql-transport-ws at /graphql. Returns what closes every socket, after their last events. */
export function serveWebSockets(http: FastifyInstance, parts: Parts): { close(): Promise<void> } {
  const { messageBytes } = SOCKET_LIMITS;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: messageBytes, handleProtocols });
  const server = protocolServer(parts);
  const alive = new WeakSet<WebSocket>();
  let isClosing = false;

  http.server.on("upgrade", (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on("error", destroyIt);
    if (isClosing) return refuseUpgrade(stream, "503 Service Unavailable");
    if (request.url?.split("?")[0] !== "/graphql") return refuseUpgrade(stream, "404 Not Found");
    sockets.handleUpgrade(request, stream, head, (socket) => open(socket, request));
  });

  function open(socket: WebSocket, request: IncomingMessage): void {
    alive.add(socket);
    socket.on("pong", () => alive.add(socket));
    // ws closes a broken or oversized connection by itself, with its proper code.
    socket.on("error", (error) => parts.log.debug({ err: error }, "a WebSocket failed"));
    const closed = server.opened(
      {
        protocol: socket.protocol,
        send: (data) => send(socket, data),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (receive) =>
          socket.on("message", (message) => {
            receive(String(message)).catch((error: unknown) => {
              parts.log.error({ err: error }, "a WebSocket message failed unexpectedly");
              socket.close(CLOSE.failed, "Internal server error");
            });
          }),
      },
      { socket, trust: parts.trustOf(request), address: request.socket.remoteAddress, session: null },
    );
    socket.once("close", (code, reason) => void closed(code, String(reason)));
  }

  const pinging = setInterval(() => {
    for (const socket of sockets.clients) {
      if (!alive.delete(socket)) socket.terminate();
      else socket.ping();
    }
  }, PING_EVERY_MS).unref();

  return {
    close: async () => {
      isClosing = true;
      clearInterval(pinging);
      for (const socket of sockets.clients) socket.close(CLOSE.goingAway, "Going away");
      const timer = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate();
      }, CLOSING_MS);
      await new Promise((resolve) => sockets.close(resolve));
      clearTimeout(timer);
    },
  };
}

/**
 * Whoever goes away during an upgrade must not take the process along: nobody else listens to the stream yet. No closure
 * of the upgrade: it would keep the request, with its headers, for as long as the socket.
 */
function destroyIt(this: Duplex): void {
  this.destroy();
}

function protocolServer({ authenticate, operate, now, log }: Parts) {
  const counts = new Map<string, number>();
  return makeServer<Record<string, unknown>, Extra>({
    connectionInitWaitTimeout: SOCKET_LIMITS.connectionInitMs,
    onConnect: async (connection) => {
      const { connectionParams, extra } = connection;
      const { socket } = extra;
      // The token is read once, and not kept for as long as the socket.
      Object.assign(connection, { connectionParams: undefined });
      try {
        extra.session = await authenticate(tokenOf(connectionParams));
      } catch (error) {
        if (!(error instanceof Denied)) throw error;
        socket.close(CLOSE.unauthorized, error.message.slice(0, 120));
        return false;
      }
      const who = nameOf(extra);
      const count = (counts.get(who) ?? 0) + 1;
      if (count > SOCKET_LIMITS.socketsEach) {
        socket.close(CLOSE.tooManySockets, `At most ${SOCKET_LIMITS.socketsEach} sockets at a time`);
        return false;
      }
      counts.set(who, count);
      socket.once("close", () => {
        const left = (counts.get(who) ?? 1) - 1;
        if (left > 0) counts.set(who, left);
        else counts.delete(who);
      });
      return true;
    },
    onSubscribe: async (connection, _id, payload) => {
      if (Object.keys(connection.subscriptions).length > SOCKET_LIMITS.operations) {
        const message = `At most ${SOCKET_LIMITS.operations} operations run at a time on one socket.`;
        return [new GraphQLError(message, { extensions: { code: "RATE_LIMITED", retryAfterSeconds: 60 } })];
      }
      const operated = await run(connection, payload as LiveRequest);
      // What did not begin is the protocol's message 'error', and not a result.
      const hasBegun = Symbol.asyncIterator in operated || "data" in operated;
      if (!hasBegun) return (operated.errors ?? []).map(asInstance);
      return { document: PLACEHOLDER, contextValue: operated } as unknown as ExecutionArgs;
    },
    execute: ({ contextValue }) => contextValue as unknown as Operated,
    // They are masked already, and no instances of GraphQLError any more.
    onNext: (_connection, _id, _payload, _args, result) => result,
  });

  async function run({ extra }: Connection, payload: LiveRequest): Promise<Operated> {
    const { session, socket, trust } = extra;
    // Kept as long as the stream: a UUID of Node's is a rope of thirty strings, a kilobyte in all.
    const requestId = randomBytes(16).toString("hex");
    const { viewer, expiresAt } = session ?? { viewer: { kind: "anonymous" as const }, expiresAt: null };
    if (expiresAt && expiresAt <= now()) {
      const expired = new Denied("UNAUTHENTICATED", "The token has expired. Connect again with a new one.");
      return failed(expired, log, requestId);
    }
    const onStalled = () => socket.close(CLOSE.tooSlow, "Too slow: resume from your last cursor");
    const caller = { requestId, viewer, expiresAt, idempotencyKey: null, ...trust };
    return await operate(payload, { ...caller, onStalled });
  }
}

/** graphql-ws takes instances alone for errors; what is sent is the masked error as it is. */
function asInstance(masked: GraphQLFormattedError): GraphQLError {
  return Object.assign(new GraphQLError(masked.message), { toJSON: () => masked });
}

function send(socket: WebSocket, data: string): Promise<void> {
  return new Promise((resolve) => {
    // Settled when the operating system has taken it; a socket that is gone ends its streams by its close.
    if (socket.readyState === socket.OPEN) socket.send(data, () => resolve());
    else resolve();
  });
}

function tokenOf(parameters: Record<string, unknown> | undefined): string | undefined {
  // Apollo Router, passing a WebSocket through, has a name of its own for the header that it was sent.
  const told = parameters?.authorization ?? parameters?.Authorization ?? parameters?.token;
  if (told === undefined || told === null) return undefined;
  return typeof told === "string" && told !== "" ? told : "malformed";
}

function nameOf({ session, address }: Extra): string {
  const viewer = session?.viewer;
  if (viewer && viewer.kind !== "anonymous") return actorLabel(viewer);
  return `anonymous:${address}`;
}

function refuseUpgrade(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

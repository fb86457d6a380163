import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { FastifyInstance } from "fastify";
import { handleProtocols } from "graphql-ws";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import type { Log } from "../../log";
import { type GatewayTrust, traceparentOf } from "../caller/gateway-secret";
import { Client, ClientSocket, clientOf } from "./client-socket";
import { CLOSE, SOCKET_LIMITS } from "./socket-limits";
import { type ProtocolDependencies, SocketProtocol } from "./socket-protocol";

const PING_EVERY_MS = 25_000;
const CLOSING_MS = 2_000;

type Sockets = InstanceType<typeof WebSocketServer<typeof ClientSocket>>;

interface Dependencies extends ProtocolDependencies {
  trustOf(request: IncomingMessage): GatewayTrust;
}

/**
 * Serves graphql-transport-ws at /graphql. `close` closes every socket; call it after `Subscriptions.drain`. Replaces
 * graphql-ws/use/ws, which needs one and a half times the memory per idle subscriber: docs/live.md, "Memory".
 */
export function serveWebSockets(http: FastifyInstance, dependencies: Dependencies): { close(): Promise<void> } {
  const maxPayload = SOCKET_LIMITS.messageBytes;
  const sockets = new WebSocketServer({ noServer: true, maxPayload, handleProtocols, WebSocket: ClientSocket });
  const protocol = new SocketProtocol(dependencies);
  let isClosing = false;

  http.server.on("upgrade", (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on("error", destroySelf);
    if (isClosing) return refuseUpgrade(stream, "503 Service Unavailable");
    if (request.url?.split("?")[0] !== "/graphql") return refuseUpgrade(stream, "404 Not Found");
    sockets.handleUpgrade(request, stream, head, (socket) => open(socket, request));
  });

  function open(socket: ClientSocket, request: IncomingMessage): void {
    const trust = dependencies.trustOf(request);
    socket.client = new Client(socket, trust, request.socket.remoteAddress, traceparentOf(request.headers, trust));
    socket.on("ping", endUnread).on("pong", onPong);
    socket.on("error", onError);
    socket.on("message", onMessage);
    socket.on("close", onClose);
    protocol.open(socket.client);
  }

  /** ws itself closes a broken connection, or one with an oversized message, with the right code. */
  function onError(error: Error): void {
    dependencies.log.debug({ err: error }, "a WebSocket failed");
  }

  function onMessage(this: WebSocket, data: RawData): void {
    const client = clientOf(this);
    // After a close, messages that the client had already sent still arrive.
    if (!client || this.readyState !== this.OPEN || endUnread.call(this)) return;
    protocol.receive(client, String(data)).catch((error: unknown) => fail(this, error, dependencies.log));
  }

  function onClose(this: WebSocket, code: number, reason: Buffer): void {
    const client = clientOf(this);
    if (client) void protocol.close(client, code, String(reason));
  }

  const pinging = setInterval(() => ping(sockets.clients), PING_EVERY_MS).unref();
  return {
    close: async () => {
      isClosing = true;
      clearInterval(pinging);
      await closeAll(sockets);
    },
  };
}

/** Ends the sockets that did not answer the last ping, and pings the others. */
function ping(sockets: Iterable<ClientSocket>): void {
  for (const socket of sockets) {
    const { client } = socket;
    if (!client?.isAlive) socket.terminate();
    else {
      client.isAlive = false;
      socket.ping();
    }
  }
}

/** Ends the sockets whose clients do not answer the close in time. */
async function closeAll(sockets: Sockets): Promise<void> {
  for (const socket of sockets.clients) socket.close(CLOSE.goingAway, "Going away");
  const timer = setTimeout(() => {
    for (const socket of sockets.clients) socket.terminate();
  }, CLOSING_MS);
  await new Promise((resolve) => sockets.close(resolve));
  clearTimeout(timer);
}

/** Ends the socket of a client that sends more without reading the answers. They would fill the memory. */
function endUnread(this: WebSocket): boolean {
  const isUnread = this.bufferedAmount > SOCKET_LIMITS.unreadBytes;
  if (isUnread) this.terminate();
  return isUnread;
}

function fail(socket: WebSocket, error: unknown, log: Log): void {
  log.error({ err: error }, "a WebSocket message failed unexpectedly");
  socket.close(CLOSE.failed, "Internal server error");
}

function onPong(this: WebSocket): void {
  const client = clientOf(this);
  if (client) client.isAlive = true;
}

/**
 * Without a listener, a client that disconnects during the upgrade would crash the process. A closure in the upgrade
 * handler would keep the request, with its headers, as long as the socket.
 */
function destroySelf(this: Duplex): void {
  this.destroy();
}

function refuseUpgrade(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

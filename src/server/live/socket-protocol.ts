import { randomBytes } from "node:crypto";
import { type ExecutionArgs, GraphQLError, type GraphQLFormattedError, parse } from "graphql";
import { CloseCode, makeServer, type Context as SocketContext } from "graphql-ws";
import { Denied, Unavailable } from "../../domain/denial";
import type { Viewer } from "../../domain/viewer";
import type { Log } from "../../log";
import { countRefusal } from "../../process-metrics";
import { inSpan, type Span } from "../../tracing/span";
import { ANONYMOUS, type Authenticate, type Session } from "../caller/authenticate";
import { errorResult, type LiveRequest, type Operate, type OperationResult } from "../graphql/operate";
import type { Client } from "./client-socket";
import { SocketCounts } from "./socket-counts";
import { CLOSE, SOCKET_LIMITS } from "./socket-limits";

export interface ProtocolDependencies {
  authenticate: Authenticate;
  operate: Operate;
  /** Starts the span of a message, in the gateway's trace; null: it is not sampled. */
  startSpan(name: string, traceparent: string | null): Span | null;
  now(): Date;
  log: Log;
}

/** The protocol has other message types, but only servers send them. */
const CLIENT_MESSAGES: readonly unknown[] = ["connection_init", "ping", "pong", "subscribe", "complete"];

type Connection = SocketContext<Record<string, unknown>, Client>;

// graphql-ws needs some document; `operate` parses and validates the real one.
const PLACEHOLDER = parse("{ __typename }");

/** The protocol graphql-transport-ws: authenticates clients, limits them and executes their operations. */
export class SocketProtocol {
  private readonly counts = new SocketCounts();
  private readonly server = makeServer<Record<string, unknown>, Client>({
    // graphql-ws's timer would live as long as the socket; `open` starts a shorter one.
    connectionInitWaitTimeout: 0,
    onConnect: (connection) => this.connect(connection),
    onSubscribe: (connection, id, payload) => this.subscribe(connection, id, payload as LiveRequest),
    execute: ({ contextValue }) => contextValue as unknown as OperationResult,
    // Errors are already masked. They are no longer instances of GraphQLError, which graphql-ws would format.
    onNext: (_connection, _id, _payload, _args, result) => result,
  });

  constructor(private readonly dependencies: ProtocolDependencies) {}

  /** Starts the protocol on a new socket. */
  open(client: Client): void {
    client.initTimer = setTimeout(closeLate, SOCKET_LIMITS.connectionInitMs, client);
    client.leave = this.server.opened(client, client) as Client["leave"];
  }

  /** Handles a message from the client. Closes the socket if the message violates the protocol. */
  async receive(client: Client, text: string): Promise<void> {
    const message = parseMessage(text);
    if (message === null || !CLIENT_MESSAGES.includes(message.type)) {
      return client.close(CloseCode.BadRequest, "Invalid message received");
    }
    const incoming = client.operations.incoming(message);
    if (incoming === null) return;
    if ("forward" in incoming) return await client.receive(incoming.forward);
    client.close(CloseCode.SubscriberAlreadyExists, `Subscriber for ${incoming.duplicate} already exists`);
  }

  /** Ends all operations of a socket that has closed. */
  async close(client: Client, code: number, reason: string): Promise<void> {
    stopInitTimer(client);
    this.counts.remove(client);
    await client.leave(code, reason);
  }

  /** Returns false if it closes the socket. */
  private async connect(connection: Connection): Promise<boolean> {
    const { connectionParams, extra: client } = connection;
    const { authenticate, startSpan } = this.dependencies;
    stopInitTimer(client);
    // graphql-ws would hold the token as long as the socket.
    Object.assign(connection, { connectionParams: undefined });
    try {
      const token = tokenOf(connectionParams);
      const span = startSpan("websocket connection", client.traceparent);
      client.session = await (span ? inSpan(span, () => authenticate(token, span)) : authenticate(token));
    } catch (error) {
      if (!(error instanceof Denied)) throw error;
      // Clients give up after 4401, but an outage does not mean that the token is bad.
      const code = error instanceof Unavailable ? CLOSE.tryAgainLater : CLOSE.unauthorized;
      client.close(code, error.message.slice(0, 120));
      return false;
    }
    // `close` has already run for a client that left during its authentication, so nothing would remove it.
    if (!client.isOpen) return false;
    if (this.counts.add(client)) return true;
    countRefusal("sockets");
    client.close(CLOSE.tooManySockets, `At most ${SOCKET_LIMITS.socketsEach} sockets at a time`);
    return false;
  }

  private async subscribe(connection: Connection, id: string, payload: LiveRequest) {
    if (Object.keys(connection.subscriptions).length > SOCKET_LIMITS.operations) {
      countRefusal("socket_operations");
      const message = `At most ${SOCKET_LIMITS.operations} operations run at a time on one socket.`;
      return [new GraphQLError(message, { extensions: { code: "RATE_LIMITED", retryAfterSeconds: 60 } })];
    }
    const result = await this.run(connection, payload, () => id in connection.subscriptions);
    // graphql-ws holds the message as long as the operation runs; its contents are no longer needed.
    Object.assign(payload, { query: "", variables: null });
    // If an operation did not start, the protocol sends the message 'error' instead of a result.
    const hasStarted = Symbol.asyncIterator in result || "data" in result;
    if (!hasStarted) return (result.errors ?? []).map(asInstance);
    return { document: PLACEHOLDER, contextValue: result } as unknown as ExecutionArgs;
  }

  private async run(
    { extra: client }: Connection,
    payload: LiveRequest,
    isWanted: () => boolean,
  ): Promise<OperationResult> {
    const { operate, startSpan, log } = this.dependencies;
    // Node builds a UUID from thirty strings, a kilobyte in all, and the stream would keep it.
    const requestId = randomBytes(16).toString("hex");
    const session = client.session ?? ANONYMOUS;
    const viewer = await this.viewerOf(session).catch((error: unknown) => errorResult(error, log, requestId));
    if (!("kind" in viewer)) return viewer;
    const { expiresAt, signedBy } = session;
    const onStalled = () => client.close(CLOSE.tooSlow, "Too slow: resume from your last cursor");
    const { fromGateway, knowsSecret } = client.trust;
    // An object made by spreading would get a hidden class of its own, which is larger than the object.
    const caller = {
      requestId,
      viewer,
      expiresAt,
      signedBy,
      idempotencyKey: null,
      fromGateway,
      knowsSecret,
      onStalled,
    };
    return await operate(payload, caller, { isWanted, span: startSpan("websocket operation", client.traceparent) });
  }

  /** The viewer of the next operation. Throws UNAUTHENTICATED if the token is no longer valid. */
  private async viewerOf(session: Session): Promise<Viewer> {
    const { authenticate, now } = this.dependencies;
    const { expiresAt } = session;
    if (expiresAt && expiresAt <= now()) {
      throw new Denied("UNAUTHENTICATED", "The token has expired. Connect again with a new one.");
    }
    if (!authenticate.trusts(session)) {
      const message = "The key that signed the token was withdrawn. Connect again with a new token.";
      throw new Denied("UNAUTHENTICATED", message);
    }
    return await authenticate.currentViewer(session);
  }
}

/**
 * Returns a client's message, or null if it is not a JSON object. This file parses messages, because graphql-ws keeps a
 * message as long as its operation runs, and the parsed message is smaller without its text.
 */
function parseMessage(text: string): { type?: unknown; id?: unknown } | null {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === "object" && message !== null && !Array.isArray(message) ? message : null;
  } catch {
    return null;
  }
}

function closeLate(client: Client): void {
  client.close(CloseCode.ConnectionInitialisationTimeout, "Connection initialisation timeout");
}

function stopInitTimer(client: Client): void {
  if (client.initTimer) clearTimeout(client.initTimer);
  client.initTimer = null;
}

/** graphql-ws accepts only instances of GraphQLError; this one serializes to the masked error unchanged. */
function asInstance(masked: GraphQLFormattedError): GraphQLError {
  return Object.assign(new GraphQLError(masked.message), { toJSON: () => masked });
}

function tokenOf(parameters: Record<string, unknown> | undefined): string | undefined {
  // Apollo Router sends the token as 'token' when it passes a WebSocket through.
  const token = parameters?.authorization ?? parameters?.Authorization ?? parameters?.token;
  if (token === undefined || token === null) return undefined;
  return typeof token === "string" && token !== "" ? token : "malformed";
}

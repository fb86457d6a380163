import { randomBytes } from "node:crypto";
import { type ExecutionArgs, GraphQLError, type GraphQLFormattedError, parse } from "graphql";
import { CloseCode, makeServer, type Context as SocketContext } from "graphql-ws";
import { Denied, Unavailable } from "../../domain/denial";
import { actorLabel } from "../../domain/viewer";
import type { Log } from "../../log";
import type { Authenticate, Session } from "../caller/authenticate";
import { errorResult, type LiveRequest, type Operate, type OperationResult } from "../graphql/operate";
import type { Client } from "./client-socket";

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
  tryAgainLater: 1013,
  unauthorized: 4401,
  tooSlow: 4413,
  tooManySockets: 4429,
  failed: 4500,
} as const;

export interface ProtocolDependencies {
  authenticate: Authenticate;
  operate: Operate;
  now(): Date;
  log: Log;
}
/** The messages that a client may send. The others of the protocol are for servers alone. */
const FROM_CLIENTS: readonly unknown[] = ["connection_init", "ping", "pong", "subscribe", "complete"];

type Connection = SocketContext<Record<string, unknown>, Client>;

const ANONYMOUS: Session = { viewer: { kind: "anonymous" }, expiresAt: null, signedBy: null };

// The document is read and checked by the pipeline; graphql-ws only has to be given one.
const PLACEHOLDER = parse("{ __typename }");

/** graphql-transport-ws: who connects, what they ask, and how much of both. */
export function createProtocol({ authenticate, operate, now, log }: ProtocolDependencies) {
  const counts = new Map<string, number>();
  const server = makeServer<Record<string, unknown>, Client>({
    // Its timer would stay for as long as the socket.
    connectionInitWaitTimeout: 0,
    onConnect: async (connection) => {
      const { connectionParams, extra: client } = connection;
      stopWaiting(client);
      // The token is read once, and not kept for as long as the socket.
      Object.assign(connection, { connectionParams: undefined });
      try {
        client.session = await authenticate(tokenOf(connectionParams));
      } catch (error) {
        if (!(error instanceof Denied)) throw error;
        // Clients give up after 4401: an outage says nothing about the token.
        const code = error instanceof Unavailable ? CLOSE.tryAgainLater : CLOSE.unauthorized;
        client.close(code, error.message.slice(0, 120));
        return false;
      }
      if (count(client)) return true;
      client.close(CLOSE.tooManySockets, `At most ${SOCKET_LIMITS.socketsEach} sockets at a time`);
      return false;
    },
    onSubscribe: async (connection, id, payload) => {
      if (Object.keys(connection.subscriptions).length > SOCKET_LIMITS.operations) {
        const message = `At most ${SOCKET_LIMITS.operations} operations run at a time on one socket.`;
        return [new GraphQLError(message, { extensions: { code: "RATE_LIMITED", retryAfterSeconds: 60 } })];
      }
      const operated = await run(connection, payload as LiveRequest, () => id in connection.subscriptions);
      // graphql-ws keeps the message for as long as the operation runs; what it asked has been read.
      Object.assign(payload, { query: "", variables: null });
      // What did not begin is the protocol's message 'error', and not a result.
      const hasBegun = Symbol.asyncIterator in operated || "data" in operated;
      if (!hasBegun) return (operated.errors ?? []).map(asInstance);
      return { document: PLACEHOLDER, contextValue: operated } as unknown as ExecutionArgs;
    },
    execute: ({ contextValue }) => contextValue as unknown as OperationResult,
    // They are masked already, and no instances of GraphQLError any more.
    onNext: (_connection, _id, _payload, _args, result) => result,
  });

  /** Whether somebody may have one more socket. */
  function count(client: Client): boolean {
    const name = nameOf(client);
    const open = counts.get(name) ?? 0;
    if (open >= SOCKET_LIMITS.socketsEach) return false;
    counts.set(name, open + 1);
    client.countedAs = name;
    return true;
  }

  function discount({ countedAs }: Client): void {
    if (countedAs === null) return;
    const left = (counts.get(countedAs) ?? 1) - 1;
    if (left > 0) counts.set(countedAs, left);
    else counts.delete(countedAs);
  }

  async function run(
    { extra: client }: Connection,
    payload: LiveRequest,
    isWanted: () => boolean,
  ): Promise<OperationResult> {
    // Kept as long as the stream: a UUID of Node's is a rope of thirty strings, a kilobyte in all.
    const requestId = randomBytes(16).toString("hex");
    const { viewer, expiresAt, signedBy } = client.session ?? ANONYMOUS;
    if (expiresAt && expiresAt <= now()) {
      const expired = new Denied("UNAUTHENTICATED", "The token has expired. Connect again with a new one.");
      return errorResult(expired, log, requestId);
    }
    if (!authenticate.trusts({ signedBy })) {
      const message = "The key that the token is signed with was withdrawn. Connect again with a new token.";
      return errorResult(new Denied("UNAUTHENTICATED", message), log, requestId);
    }
    const onStalled = () => client.close(CLOSE.tooSlow, "Too slow: resume from your last cursor");
    const { fromGateway, knowsSecret } = client.trust;
    // Kept as well. An object that is spread from another has a hidden class of its own, larger than itself.
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
    return await operate(payload, caller, isWanted);
  }

  return {
    /** Has a client talked to from now on. */
    open: (client: Client): void => {
      client.impatience = setTimeout(closeLate, SOCKET_LIMITS.connectionInitMs, client);
      client.leave = server.opened(client, client) as Client["leave"];
    },
    /** Takes a message of the client. Closes the socket where it breaks the protocol. */
    receive: async (client: Client, text: string): Promise<void> => {
      const message = parsed(text);
      if (message === null || !FROM_CLIENTS.includes(message.type)) {
        return client.close(CloseCode.BadRequest, "Invalid message received");
      }
      const incoming = client.operations.incoming(message);
      if (incoming === null) return;
      if ("forward" in incoming) return await client.receive(incoming.forward);
      client.close(CloseCode.SubscriberAlreadyExists, `Subscriber for ${incoming.duplicate} already exists`);
    },
    /** Ends all that it runs: its socket is closed. */
    close: async (client: Client, code: number, reason: string): Promise<void> => {
      stopWaiting(client);
      discount(client);
      await client.leave(code, reason);
    },
  };
}

/**
 * A message that is parsed already: graphql-ws keeps it for as long as the operation runs, better without its text. Null
 * for what is no message at all.
 */
function parsed(text: string): { type?: unknown; id?: unknown } | null {
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

function stopWaiting(client: Client): void {
  if (client.impatience) clearTimeout(client.impatience);
  client.impatience = null;
}

/** graphql-ws takes instances alone for errors; what is sent is the masked error as it is. */
function asInstance(masked: GraphQLFormattedError): GraphQLError {
  return Object.assign(new GraphQLError(masked.message), { toJSON: () => masked });
}

function tokenOf(parameters: Record<string, unknown> | undefined): string | undefined {
  // Apollo Router, passing a WebSocket through, has a name of its own for the header that it was sent.
  const told = parameters?.authorization ?? parameters?.Authorization ?? parameters?.token;
  if (told === undefined || told === null) return undefined;
  return typeof told === "string" && told !== "" ? told : "malformed";
}

function nameOf({ session, address }: Client): string {
  const viewer = session?.viewer;
  if (viewer && viewer.kind !== "anonymous") return actorLabel(viewer);
  return `anonymous:${address}`;
}

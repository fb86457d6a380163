import { CloseCode, MessageType } from "graphql-ws";
import { WebSocket } from "ws";
import type { Session } from "../caller/authenticate";
import type { GatewayTrust } from "../caller/gateway-secret";
import { OperationIds } from "./operation-ids";

/** The longest reason of a close frame, in bytes; ws throws for a longer one. */
const LONGEST_REASON = 123;

/** A client's socket with its state, so that all sockets share their listeners: docs/live.md, "Memory". */
export class ClientSocket extends WebSocket {
  client: Client | null = null;
}

/** Returns the client of a socket; null if this server did not open it. */
export function clientOf(socket: WebSocket): Client | null {
  return socket instanceof ClientSocket ? socket.client : null;
}

/** The state of one socket, and the socket as graphql-ws sees it. */
export class Client {
  /** Whether the client has answered the last ping. */
  isAlive = true;
  session: Session | null = null;
  /** The name under which SocketCounts counts the socket; null if it is not counted. */
  countedAs: string | null = null;
  readonly operations = new OperationIds();
  /** Closes the socket if connection_init does not arrive in time. */
  initTimer: NodeJS.Timeout | null = null;
  /** Passes a message to graphql-ws. */
  receive: (message: object) => Promise<void> = async () => undefined;
  /** Reports to graphql-ws that the socket is closed. */
  leave: (code: number, reason: string) => Promise<void> = async () => undefined;

  /**
   * Takes single values of the upgrade request, because a reference would keep the whole request as long as the socket.
   */
  constructor(
    private readonly socket: WebSocket,
    readonly trust: GatewayTrust,
    readonly address: string | undefined,
    /** The `traceparent` of the gateway's upgrade request. */
    readonly traceparent: string | null,
  ) {}

  get protocol(): string {
    return this.socket.protocol;
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /** Resolves when the operating system has accepted the data, or at once if the socket is not open. */
  send(data: string): Promise<void> {
    const text = this.operations.outgoing(data);
    return new Promise((resolve) => {
      if (text !== null && this.isOpen) this.socket.send(text, () => resolve());
      else resolve();
    });
  }

  /** Answers a ping. Its payload can be nested too deeply to be written. */
  async onPing(payload?: object | null): Promise<void> {
    let pong: string;
    try {
      pong = JSON.stringify({ type: MessageType.Pong, payload: payload ?? undefined });
    } catch {
      return this.close(CloseCode.BadRequest, "Invalid message received");
    }
    await this.send(pong);
  }

  close(code?: number, reason = ""): void {
    this.socket.close(code, shortened(reason));
  }

  onMessage(receive: (message: string) => Promise<void>): void {
    // graphql-ws also accepts a parsed message, though its type does not say so.
    this.receive = receive as unknown as Client["receive"];
  }
}

/** Reasons quote what the client sent, which can be of any length. */
function shortened(reason: string): string {
  const bytes = Buffer.from(reason);
  if (bytes.length <= LONGEST_REASON) return reason;
  // `stream` drops half a character at the end, which would make the frame invalid.
  return new TextDecoder().decode(bytes.subarray(0, LONGEST_REASON - 3), { stream: true });
}

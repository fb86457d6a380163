import { WebSocket } from "ws";
import type { Session } from "../caller/authenticate";
import type { GatewayTrust } from "../caller/gateway-secret";
import { OperationIds } from "./operation-ids";

/** The longest reason that a close frame takes, in bytes; ws throws for a longer one. */
const LONGEST_REASON = 123;

/**
 * The socket of a client, with what belongs to it: listeners are the same functions for all sockets, and find here
 * whose turn it is. Thousands are open at a time, and closures for each would be a good part of what they take.
 */
export class ClientSocket extends WebSocket {
  client: Client | null = null;
}

/** The client of a socket that was opened here. */
export function clientOf(socket: WebSocket): Client | null {
  return socket instanceof ClientSocket ? socket.client : null;
}

/** A client as graphql-ws talks to it, and as it is known here. */
export class Client {
  /** Whether it has answered the last ping. */
  isAlive = true;
  session: Session | null = null;
  /** By which name its sockets are counted; null as long as it is not. */
  countedAs: string | null = null;
  readonly operations = new OperationIds();
  /** What ends the wait for its connection_init. */
  impatience: NodeJS.Timeout | null = null;
  /** Gives a message to graphql-ws. */
  receive: (message: object) => Promise<void> = async () => undefined;
  /** Tells graphql-ws that the socket is closed. */
  leave: (code: number, reason: string) => Promise<void> = async () => undefined;

  /** Of the request that opened it, only what has to be known: with its headers, it would stay as long as the socket. */
  constructor(
    private readonly socket: WebSocket,
    readonly trust: GatewayTrust,
    readonly address: string | undefined,
  ) {}

  get protocol(): string {
    return this.socket.protocol;
  }

  /** Resolves when the operating system has taken it; a socket that is gone ends its streams by its close. */
  send(data: string): Promise<void> {
    const text = this.operations.outgoing(data);
    return new Promise((resolve) => {
      if (text !== null && this.socket.readyState === WebSocket.OPEN) this.socket.send(text, () => resolve());
      else resolve();
    });
  }

  /** What comes after it is not listened to: the client may send on until the close arrives. */
  close(code?: number, reason = ""): void {
    this.socket.close(code, shortened(reason));
  }

  onMessage(receive: (message: string) => Promise<void>): void {
    // It takes a message that is parsed already, though its type does not say so.
    this.receive = receive as unknown as Client["receive"];
  }
}

/** Reasons quote what the client sent, which may be of any length. */
function shortened(reason: string): string {
  const bytes = Buffer.from(reason);
  if (bytes.length <= LONGEST_REASON) return reason;
  // Half a character at the end would make the frame invalid.
  return new TextDecoder().decode(bytes.subarray(0, LONGEST_REASON - 3), { stream: true });
}

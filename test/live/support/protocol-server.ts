import Fastify from "fastify";
import { createLog } from "../../../src/log";
import { ANONYMOUS, type Session } from "../../../src/server/caller/authenticate";
import type { LiveRequest } from "../../../src/server/graphql/operate";
import { serveWebSockets } from "../../../src/server/live/web-sockets";
import { Operation } from "./protocol-client";

/** WebSockets whose operations a test controls. */
export class ProtocolServer {
  operations: Operation[] = [];
  /** The result of authentication. */
  session: Promise<Session> = Promise.resolve(ANONYMOUS);
  /** What was logged as a failure. */
  readonly failures: string[] = [];
  private onOperation: () => void = () => undefined;
  private readonly http = Fastify();
  private readonly sockets = serveWebSockets(this.http, {
    authenticate: Object.assign(() => this.session, {
      currentViewer: async ({ viewer }: Session) => viewer,
      trusts: () => true,
      forget: () => undefined,
    }),
    operate: (request: LiveRequest) => {
      const operation = new Operation(request.query);
      this.operations.push(operation);
      this.onOperation();
      return operation.started;
    },
    startSpan: () => null,
    trustOf: () => ({ fromGateway: true, knowsSecret: false }),
    now: () => new Date(),
    log: createLog("error", { write: (line) => this.failures.push(line) }),
  });

  async start(): Promise<void> {
    await this.http.listen({ port: 0, host: "127.0.0.1" });
  }

  get port(): number {
    return (this.http.server.address() as { port: number }).port;
  }

  /** Closes all sockets, while the server still listens. */
  closeSockets(): Promise<void> {
    return this.sockets.close();
  }

  /** Resolves when the server has noticed that all clients have disconnected. */
  async disconnected(): Promise<void> {
    const count = () => new Promise<number>((resolve) => this.http.server.getConnections((_, open) => resolve(open)));
    do {
      // The server counts a connection until just before its 'close' event.
      await new Promise((resolve) => setImmediate(resolve));
    } while ((await count()) > 0);
    await new Promise((resolve) => setImmediate(resolve));
  }

  async stop(): Promise<void> {
    await this.closeSockets();
    await this.http.close();
  }

  reset(): void {
    this.operations = [];
    this.session = Promise.resolve(ANONYMOUS);
  }

  /** Waits until the server has received this many operations. */
  async received(count: number): Promise<Operation[]> {
    while (this.operations.length < count) {
      await new Promise<void>((resolve) => {
        this.onOperation = resolve;
      });
    }
    return this.operations;
  }
}

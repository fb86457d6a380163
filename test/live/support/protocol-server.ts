import Fastify from "fastify";
import { ANONYMOUS, type Session } from "../../../src/server/caller/authenticate";
import type { LiveRequest } from "../../../src/server/graphql/operate";
import { serveWebSockets } from "../../../src/server/live/web-sockets";
import { silentLog } from "../../support/world";
import { Operation } from "./protocol-client";

/** WebSockets whose operations a test controls. */
export class ProtocolServer {
  operations: Operation[] = [];
  /** The result of authentication. */
  session: Promise<Session> = Promise.resolve(ANONYMOUS);
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
    log: silentLog,
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

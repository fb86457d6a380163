import { Client, type ClientConfig, Connection } from "pg";
import type { Span } from "../../tracing/span";
import { traceStatement } from "./trace-statement";

/** How long opening a connection may take; for a pool, also the wait for a free one. */
export const CONNECT_TIMEOUT_MS = 10_000;
/** How long a cancel or a disconnect may have no effect before the connection is cut. */
export const CUT_AFTER_MS = 2_000;
/** The limit of a statement without an operation's deadline. The longest one purges a batch of a large table. */
export const BACKGROUND_STATEMENT_MS = 600_000;
/** When the operating system begins to probe a silent connection. It gives up ten seconds later. */
const KEEP_ALIVE_AFTER_MS = 10_000;
/** How long a transaction may wait for its client before the server ends it and frees its locks. */
const IDLE_IN_TRANSACTION_MS = 10_000;

/** Knows the open connections. */
export interface ConnectionRegistry {
  add(connection: DatabaseClient): void;
  delete(connection: DatabaseClient): void;
}

export interface ConnectionOptions extends ClientConfig {
  /** How long one statement may run before the server ends it. */
  statementMs: number;
  /**
   * Whether the connection goes through a pooler. A pooler refuses settings of a session, so each transaction gets
   * them.
   */
  isPooled?: boolean;
  /** False: the server parses statements each time. */
  namedStatements?: boolean;
  /** Whether the server is the coordinator of a Citus cluster. */
  isDistributed?: boolean;
  onStatement?(): void;
  registry?: ConnectionRegistry;
}

/** Parts of pg's client and connection that have no types. */
interface ClientInternals {
  processID: number | null;
  secretKey: number;
  sslNegotiation: string;
}
interface ConnectionInternals {
  connect(portOrPath: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processId: number, secretKey: number): void;
}

/** How TypeORM begins a transaction. */
const START = "START TRANSACTION";

/** The settings of a session, sent at its start. A pooler refuses them. */
function sessionLimits({ isPooled, statementMs, lock_timeout }: ConnectionOptions): ClientConfig {
  if (isPooled) return { statement_timeout: undefined, lock_timeout: undefined };
  return {
    statement_timeout: statementMs,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    lock_timeout,
  };
}

/** A connection to PostgreSQL whose waits all have a limit. The service uses no other kind. */
export class DatabaseClient extends Client {
  /**
   * When the oldest unanswered request was sent, or when the newest of several responses arrived; 0 while no request is
   * open.
   */
  waitingSince = 0;
  lastAnswerAt = performance.now();
  /** The span of the statements that are sent now. */
  private span: Span | null = null;
  private unanswered = 0;

  constructor(private readonly options: ConnectionOptions = { statementMs: BACKGROUND_STATEMENT_MS }) {
    super({
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      ...options,
      application_name: options.application_name ?? "organizations",
      ...sessionLimits(options),
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    });
    // If a connection breaks, the running statement or the next one fails. The error event still needs a listener: a
    // pool does not listen while a connection is checked out, and an unhandled error event ends the process.
    this.on("error", () => undefined);
    this.connection.on("readyForQuery", () => this.noteAnswer());
    this.once("end", () => options.registry?.delete(this));
  }

  override connect = ((...parameters: unknown[]) => {
    this.waitingSince = performance.now();
    this.options.registry?.add(this);
    return Reflect.apply(super.connect, this, parameters);
  }) as Client["connect"];

  override query = ((...parameters: unknown[]) => {
    this.options.onStatement?.();
    if (this.unanswered === 0) this.waitingSince = performance.now();
    this.unanswered += 1;
    if (this.options.isPooled && parameters[0] === START) parameters[0] = `${START}; ${this.transactionLimits}`;
    const sent = Reflect.apply(super.query, this, parameters);
    if (this.span) traceStatement(this.span, parameters[0], sent);
    return sent;
  }) as Client["query"];

  /**
   * Runs `work` and assigns its statements to the span. On a shared connection, `work` must send them synchronously.
   */
  within<Result>(span: Span | null, work: () => Result): Result {
    const { span: before } = this;
    this.span = span;
    try {
      return work();
    } finally {
      this.span = before;
    }
  }

  /** Sets the span of all statements until the next call. Only for a connection that one transaction has for itself. */
  traceAs(span: Span | null): void {
    this.span = span;
  }

  /** Closes the connection politely, and cuts it if the server does not react. */
  override end = ((...parameters: unknown[]) => {
    const timer = setTimeout(() => this.cut(), CUT_AFTER_MS).unref();
    this.once("end", () => clearTimeout(timer));
    return Reflect.apply(super.end, this, parameters);
  }) as Client["end"];

  get namesStatements(): boolean {
    return this.options.namedStatements ?? true;
  }

  get isDistributed(): boolean {
    return this.options.isDistributed ?? false;
  }

  get statementMs(): number {
    return this.options.statementMs;
  }

  /** The server's process id; null while the connection is being opened. */
  get processId(): number | null {
    return (this as unknown as ClientInternals).processID;
  }

  /**
   * Cancels the running statement with the protocol's cancel request: on a new connection, with the secret of this one.
   * This works through a pooler too. Afterwards the connection must be retired, because the request may arrive late and
   * would cancel the next statement. Resolves when the request is delivered or given up.
   */
  async cancel(): Promise<void> {
    const { processID, secretKey, sslNegotiation } = this as unknown as ClientInternals;
    const { ssl, host, port } = this;
    if (processID === null) return;
    const connection = new Connection({ ssl, sslNegotiation } as ClientConfig);
    const internals = connection as unknown as ConnectionInternals;
    const close = () => connection.stream.destroy();
    const timer = setTimeout(close, CUT_AFTER_MS).unref();
    if (ssl && sslNegotiation !== "direct") connection.once("connect", () => internals.requestSsl());
    connection.once(ssl ? "sslconnect" : "connect", () => internals.cancel(processID, secretKey));
    connection.on("error", close);
    const closed = new Promise<void>((resolve) => connection.once("end", resolve));
    if (host.startsWith("/")) internals.connect(`${host}/.s.PGSQL.${port}`);
    else internals.connect(port, host);
    await closed;
    clearTimeout(timer);
  }

  /** Breaks the connection at once. The running statement fails. */
  cut(): void {
    this.connection.stream.destroy();
  }

  /** Ends the connection at once. A pool does not take it back. */
  retire(): void {
    // `end` marks the client as ending at once, and the pool checks that mark.
    void Promise.resolve(this.end()).catch(() => undefined);
    this.cut();
  }

  private get transactionLimits(): string {
    const { statementMs, lock_timeout = 0 } = this.options;
    return `SET LOCAL statement_timeout = ${statementMs}; SET LOCAL lock_timeout = ${lock_timeout};
      SET LOCAL idle_in_transaction_session_timeout = ${IDLE_IN_TRANSACTION_MS}`;
  }

  private noteAnswer(): void {
    this.lastAnswerAt = performance.now();
    if (this.unanswered > 0) this.unanswered -= 1;
    this.waitingSince = this.unanswered > 0 ? this.lastAnswerAt : 0;
  }
}

import type { ExecutionResult } from "graphql";
import { commandName } from "./commands";
import type { Command } from "./commands/runner/command";
import type { DryRun } from "./commands/runner/dry-run";
import { dryRunCommand, runCommand } from "./commands/runner/run";
import { tracedServices } from "./commands/runner/traced-services";
import type { Services } from "./commands/runner/unit-of-work";
import { Refused } from "./domain/refusal";
import type { Viewer } from "./domain/viewer";
import type { Subscriptions } from "./live/subscriptions";
import { Loaders } from "./loaders/loaders";
import { Deadline } from "./store/engine/deadline";
import type { Standby } from "./store/engine/standby";
import type { TracedReader } from "./store/engine/statement";
import type { Epochs } from "./store/events/epochs";
import type { IdempotentCall, IdempotentRequest } from "./store/idempotency";
import type { ReadPositions } from "./store/read-positions";
import { StandbyReader } from "./store/standby-reader";
import { type Span, traced } from "./tracing/span";

/** Who sent the operation, and the proofs in its request. */
export interface Caller {
  requestId: string;
  viewer: Viewer;
  /** When their token expires; null for anonymous callers. */
  expiresAt: Date | null;
  /** The name of the key that signed their token (see provider-keys.ts). */
  signedBy?: string | null;
  /** Whether the request may use the fields reserved for the gateway; true if no secret is configured. */
  fromGateway: boolean;
  /** Whether the request has the gateway's secret, which allows documents that are not on the trusted list. */
  knowsSecret: boolean;
  /** The request's Idempotency-Key; null without one, or if the transport has no headers. */
  idempotencyKey: string | null;
  /** The gateway's headers about the one mutation that it sends (see idempotency.ts). */
  idempotentPlace?: { operation: string | null; field: string | null };
  /** Called when the caller does not read their stream; null if the transport cannot stream. */
  onStalled: (() => void) | null;
}

/** A request's Idempotency-Key. `isReused` is set when the key turns out to belong to another request. */
export interface ClaimedKey extends IdempotentRequest {
  /** Identifies the operation (see IdempotentCall); "its fields": only by the fields in the document. */
  operation: string | null | "its fields";
  isReused: boolean;
  /** True once a mutation has returned a secret that is shown only once. The response is then not stored. */
  hasSecret: boolean;
}

/** Shared by all operations of the process. */
export interface ContextDependencies {
  services: Services;
  live: Subscriptions;
  operationDeadlineMs: number;
  /** Runs some of the reads of people's queries. Absent or null: the primary runs all reads. */
  replica?: ReadReplica | null;
}

/** A standby, and the positions that it must have reached for an operation. */
export interface ReadReplica {
  standby: Standby;
  positions: ReadPositions;
}

/**
 * The resolvers' context: the viewer, services and loaders. One per operation, and one per event of a subscription. A
 * class, because Apollo Server copies its context: methods find the copy by `this`, but closures would keep the
 * original.
 */
export class Context {
  /** Set for mutations with an Idempotency-Key, once the document is parsed. */
  idempotency: ClaimedKey | null = null;
  /** The executor puts a subscription's stream here for the transport. */
  readonly started: { stream: AsyncGenerator<ExecutionResult> | null } = { stream: null };
  readonly requestId: string;
  readonly viewer: Viewer;
  readonly fromGateway: boolean;
  readonly live: Subscriptions;
  readonly deadline: Deadline;
  private readonly turn: { last: Promise<unknown> } = { last: Promise.resolve() };
  /** Created at the first use, because most events of a subscription need none of them. */
  private made: { services: Services; reader: TracedReader; loaders: Loaders } | null = null;
  private isQuery = false;

  constructor(
    readonly dependencies: ContextDependencies,
    readonly caller: Caller,
    private span: Span | null = null,
  ) {
    this.requestId = caller.requestId;
    this.viewer = caller.viewer;
    this.fromGateway = caller.fromGateway;
    this.live = dependencies.live;
    this.deadline = new Deadline(dependencies.operationDeadlineMs);
  }

  /** The span of the running work; null outside a trace. */
  get currentSpan(): Span | null {
    return this.span;
  }

  /** Assigns all further work to a span. */
  continueIn(span: Span): void {
    this.span = span;
    this.made = null;
  }

  /** The services, with a database whose statements end at the operation's deadline. */
  get services(): Services {
    return this.tools.services;
  }

  /** The reader for lists and figures that a standby may read. */
  get reader(): TracedReader {
    return this.tools.reader;
  }

  /** Does not create the rest, because many events of a subscription need only a cursor. */
  get epochs(): Epochs {
    return this.dependencies.services.epochs;
  }

  get loaders(): Loaders {
    return this.tools.loaders;
  }

  /** Allows the standby for the operation, because it is a query. Call it before the first read. */
  beginQuery(): void {
    if (!this.dependencies.replica) return;
    this.isQuery = true;
    this.made = null;
  }

  /** Runs a command as the viewer, under the request's Idempotency-Key if it has one. */
  async run<Input, Outcome>(command: Command<Input, Outcome>, input: Input, call?: IdempotentCall): Promise<Outcome> {
    if (this.idempotency && command.storedForRepeat) this.idempotency.hasSecret = true;
    try {
      return await traced(this.span, [`command ${commandName(command)}`], (span) =>
        runCommand(tracedServices(this.services, span), this.viewer, command, input, call),
      );
    } catch (error) {
      if (this.idempotency && isKeyReused(error)) this.idempotency.isReused = true;
      throw error;
    } finally {
      // The loaders have cached rows from before the change.
      const before = this.made?.loaders;
      this.made = this.make(this.services);
      if (before) await this.made.loaders.markAgain(before);
    }
  }

  /**
   * Runs a command as the viewer and rolls it back. Dry runs of one operation run one after another, as mutations do,
   * and each holds one connection.
   */
  dryRun<Input>(command: Command<Input, unknown>, input: Input, options: { counts: boolean }): Promise<DryRun> {
    const { turn } = this;
    const run = turn.last.then(() =>
      traced(this.span, [`dry run ${commandName(command)}`], (span) =>
        dryRunCommand(tracedServices(this.services, span), this.viewer, command, input, options),
      ),
    );
    turn.last = run.catch(() => undefined);
    return run;
  }

  private get tools() {
    const { services } = this.dependencies;
    this.made ??= this.make(
      tracedServices({ ...services, database: services.database.withDeadline(this.deadline) }, this.span),
    );
    return this.made;
  }

  private make(services: Services) {
    const reader = this.readerOf(services);
    return { services, reader, loaders: new Loaders(reader, this.viewer, services.clock.now()) };
  }

  private readerOf({ database }: Services): TracedReader {
    const { replica } = this.dependencies;
    if (!replica || !this.isQuery || this.viewer.kind !== "person") return database;
    return new StandbyReader(database, replica.standby, replica.positions, this.viewer.id);
  }
}

function isKeyReused(error: unknown): boolean {
  return error instanceof Refused && error.refusal.code === "IDEMPOTENCY_KEY_REUSED";
}

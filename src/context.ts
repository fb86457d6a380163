import type { ExecutionResult } from "graphql";
import type { Command } from "./commands/runner/command";
import { runCommand } from "./commands/runner/run";
import type { Services } from "./commands/runner/unit-of-work";
import { Refused } from "./domain/refusal";
import type { Viewer } from "./domain/viewer";
import type { Subscriptions } from "./live/subscriptions";
import { Loaders } from "./loaders/loaders";
import { Deadline } from "./store/engine/deadline";
import type { IdempotentCall, IdempotentRequest } from "./store/idempotency";

/** Who asks, and how they came here. */
export interface Caller {
  requestId: string;
  viewer: Viewer;
  /** When their token ends; null for the anonymous. */
  expiresAt: Date | null;
  /** The name of the key that their token is signed with. */
  signedBy?: string | null;
  /** Whether the request proved to come from the gateway; true where no secret is configured. */
  fromGateway: boolean;
  /** Whether it did prove it, and may send documents of its own. */
  knowsSecret: boolean;
  /** The request's Idempotency-Key; null where it has none, or where its transport has no headers. */
  idempotencyKey: string | null;
  /** What a gateway says of the one mutation that it sends; absent where it says nothing. */
  idempotentPlace?: { operation: string | null; field: string | null };
  /** Set where the caller can be sent a stream; called when they do not read it. */
  onStalled: (() => void) | null;
}

/** The key of a request. It is `isReused` once it turned out to belong to another one. */
export interface ClaimedKey extends IdempotentRequest {
  /** What tells the operation from others, where it is known by more than its fields (see IdempotentCall). */
  operation: string | null | "its fields";
  isReused: boolean;
}

/** What all operations of the process share. */
export interface ContextDependencies {
  services: Services;
  live: Subscriptions;
  operationDeadlineMs: number;
}

/**
 * What a resolver receives: who asks, how to act, and every edge. One per operation, and per event of a subscription. A class, because Apollo Server
 * copies the context it is given: methods find the copy by `this`, closures would keep the original.
 */
export class Context {
  /** What the Idempotency-Key of this request claims; set once the document is known to be a mutation. */
  idempotency: ClaimedKey | null = null;
  /** Where the executor leaves the stream of a subscription, for the transport to send. */
  readonly started: { stream: AsyncGenerator<ExecutionResult> | null } = { stream: null };
  readonly requestId: string;
  readonly viewer: Viewer;
  readonly fromGateway: boolean;
  readonly live: Subscriptions;
  readonly deadline: Deadline;
  /** Made when they are first asked for: most events of a subscription need neither. */
  private made: { services: Services; loaders: Loaders } | null = null;

  constructor(
    readonly dependencies: ContextDependencies,
    readonly caller: Caller,
  ) {
    this.requestId = caller.requestId;
    this.viewer = caller.viewer;
    this.fromGateway = caller.fromGateway;
    this.live = dependencies.live;
    this.deadline = new Deadline(dependencies.operationDeadlineMs);
  }

  /** What the operation acts with; its statements end with its deadline. */
  get services(): Services {
    return this.tools.services;
  }

  get loaders(): Loaders {
    return this.tools.loaders;
  }

  /** Runs a command as the viewer, under the request's Idempotency-Key where it has one. */
  async run<Input, Outcome>(command: Command<Input, Outcome>, input: Input, call?: IdempotentCall): Promise<Outcome> {
    try {
      return await runCommand(this.services, this.viewer, command, input, call);
    } catch (error) {
      if (this.idempotency && isKeyReused(error)) this.idempotency.isReused = true;
      throw error;
    } finally {
      // What was loaded before the change must not answer for the world after it.
      this.made = this.make(this.services);
    }
  }

  private get tools() {
    const { services } = this.dependencies;
    this.made ??= this.make({ ...services, database: services.database.withDeadline(this.deadline) });
    return this.made;
  }

  private make(services: Services) {
    return { services, loaders: new Loaders(services.database, this.viewer, services.clock.now()) };
  }
}

function isKeyReused(error: unknown): boolean {
  return error instanceof Refused && error.refusal.code === "IDEMPOTENCY_KEY_REUSED";
}

import type { Command } from "./commands/command";
import { runCommand } from "./commands/run";
import type { Services } from "./commands/scope";
import type { Viewer } from "./domain/viewer";
import { createLoaders, type Loaders } from "./loaders";
import type { Deadline } from "./store/deadline";
import type { IdempotentRequest } from "./store/idempotency";

/**
 * What a resolver receives: who asks, how to act, and every edge. One per operation. A class, because Apollo Server
 * copies the context it is given: methods find the copy by `this`, closures would keep the original.
 */
export class Context {
  /** The Idempotency-Key of this request; set once the document is known to be a mutation. */
  idempotency: IdempotentRequest | null = null;
  loaders: Loaders;
  /** What the operation acts with; its statements end with its deadline. */
  readonly services: Services;

  constructor(
    services: Services,
    readonly deadline: Deadline,
    readonly requestId: string,
    readonly viewer: Viewer,
    /** Whether the request proved to come from the gateway; true where no secret is configured. */
    readonly fromGateway: boolean,
  ) {
    this.services = { ...services, database: services.database.until(deadline) };
    this.loaders = this.freshLoaders();
  }

  /** Runs a command as the viewer. `field` is the mutation's response key. */
  async run<Input, Outcome>(command: Command<Input, Outcome>, input: Input, field: string): Promise<Outcome> {
    const call = this.idempotency ? { ...this.idempotency, field } : undefined;
    try {
      return await runCommand(this.services, this.viewer, command, input, call);
    } finally {
      // What was loaded before the change must not answer for the world after it.
      this.loaders = this.freshLoaders();
    }
  }

  private freshLoaders(): Loaders {
    return createLoaders(this.services.database, this.viewer, this.services.clock.now());
  }
}

import type { Command } from "./commands/command";
import { type IdempotentCall, runCommand } from "./commands/run";
import type { Services } from "./commands/scope";
import type { Viewer } from "./domain/viewer";
import { createLoaders, type Loaders } from "./loaders";
import type { IdempotentRequest } from "./store/idempotency";

/** What a resolver receives: who asks, how to act, and every edge. One per operation. */
export interface Context {
  requestId: string;
  viewer: Viewer;
  services: Services;
  loaders: Loaders;
  /** Whether the request proved to come from the gateway; true where no secret is configured. */
  fromGateway: boolean;
  /** The Idempotency-Key of this request; the document is not known before it is parsed. */
  idempotency: IdempotentRequest | null;
  /** Runs a command as the viewer. `field` is the mutation's response key. */
  run<Input, Outcome>(command: Command<Input, Outcome>, input: Input, field: string): Promise<Outcome>;
}

/** Makes the context of one operation. */
export function createContext(
  services: Services,
  request: { requestId: string; viewer: Viewer; fromGateway: boolean },
): Context {
  const fresh = () => createLoaders(services.database, request.viewer, services.clock.now());
  const context: Context = {
    ...request,
    services,
    loaders: fresh(),
    idempotency: null,
    run: async (command, input, field) => {
      const { idempotency } = context;
      const call: IdempotentCall | undefined = idempotency ? { ...idempotency, field } : undefined;
      try {
        return await runCommand(services, request.viewer, command, input, call);
      } finally {
        // What was loaded before the change must not answer for the world after it.
        context.loaders = fresh();
      }
    },
  };
  return context;
}

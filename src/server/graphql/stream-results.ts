import { createSourceEventStream, type ExecutionArgs, type ExecutionResult, type GraphQLSchema } from "graphql";
import { Context } from "../../context";
import { EventStream, type Sink } from "../../live/event-stream";
import type { Log } from "../../log";
import { formatError } from "./format-error";
import type { Operation } from "./operation";
import { createSharedResults } from "./shared-results";

/** A subscription that was validated. */
export type SubscriptionRequest = Required<Operation> & { options: NonNullable<ExecutionArgs["options"]> };

/** What is kept of a subscription for as long as it runs: no context, which holds far more than this. */
type Kept = Omit<Operation, "context"> & Pick<Context, "dependencies" | "caller">;

interface ResultRenderer {
  render(kept: Kept, event: unknown): Promise<ExecutionResult>;
  show(kept: Kept, error: unknown): ExecutionResult;
}

/**
 * Makes what starts a subscription: its stream of results, or the errors that kept it from starting. Each event is an
 * operation of its own, with a context of its own: nothing that was read or timed before counts for it. An error that
 * ends the stream is its last result. Results here pass no plugin, so errors are masked at once.
 */
export function createStreamer(
  schema: GraphQLSchema,
  log: Log,
  answer: (operation: Operation, event: unknown) => Promise<ExecutionResult>,
) {
  const share = createSharedResults(schema);
  const mask = (error: unknown, { caller: { requestId } }: Kept, formatted = { message: "" }) =>
    formatError(formatted, error, log, requestId);

  async function run(kept: Kept, event: unknown): Promise<ExecutionResult> {
    const { document, operationName, variables, dependencies, caller } = kept;
    const context = new Context(dependencies, caller);
    try {
      const result = await answer({ document, operationName, variables, context }, event);
      if (!result.errors) return result;
      const errors = result.errors.map((error) => mask(error.originalError ?? error, kept, error.toJSON()));
      return { ...result, errors: errors as unknown as ExecutionResult["errors"] };
    } finally {
      context.deadline.clear();
    }
  }

  const streamer: ResultRenderer = {
    render: (kept, event) => {
      const render = () => run(kept, event);
      return typeof event === "object" && event ? share(event, kept.document, render) : render();
    },
    show: (kept, error) => ({ errors: [mask(error, kept)] as unknown as ExecutionResult["errors"] }),
  };

  return async (asked: SubscriptionRequest): Promise<ExecutionResult | AsyncGenerator<ExecutionResult, void, void>> => {
    const { document, operationName, variables, context, options } = asked;
    const args = { schema, document, operationName, variableValues: variables, contextValue: context, options };
    const events = await createSourceEventStream(args);
    if (!(Symbol.asyncIterator in events)) return events;
    if (!(events instanceof EventStream)) throw new Error("What is subscribed to is watched.");
    const { dependencies, caller } = context;
    const kept = { document, operationName, variables, dependencies: dependencies, caller };
    return new ResultStream(events, kept, streamer);
  };
}

/**
 * Not a generator function: returning one that waits would itself have to wait. Nor does it await anything: thousands
 * wait at a time, and each would hold half a kilobyte for it.
 */
class ResultStream implements AsyncGenerator<ExecutionResult, void, void>, Sink<unknown> {
  private resolve: (result: IteratorResult<ExecutionResult, void>) => void = () => undefined;
  private hasFailed = false;

  constructor(
    private readonly events: EventStream<unknown>,
    private readonly kept: Kept,
    private readonly streamer: ResultRenderer,
  ) {}

  next(): Promise<IteratorResult<ExecutionResult, void>> {
    return new Promise((resolve) => {
      this.resolve = resolve;
      if (this.hasFailed) this.end(null);
      else this.events.readInto(this);
    });
  }

  deliver(event: unknown): void {
    this.streamer.render(this.kept, event).then(
      (value) => this.resolve({ value, done: false }),
      (error: unknown) => {
        void this.events.return();
        this.fail(error);
      },
    );
  }

  end(error: Error | null): void {
    if (error) this.fail(error);
    else this.resolve({ value: undefined, done: true });
  }

  private fail(error: unknown): void {
    this.hasFailed = true;
    this.resolve({ value: this.streamer.show(this.kept, error), done: false });
  }

  async return(): Promise<IteratorResult<ExecutionResult, void>> {
    await this.events.return();
    return { value: undefined, done: true };
  }

  async throw(error: unknown): Promise<IteratorResult<ExecutionResult, void>> {
    await this.events.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.events.return();
  }
}

import { createSourceEventStream, type ExecutionArgs, type ExecutionResult, type GraphQLSchema } from "graphql";
import { Context } from "../../context";
import { EventStream, type Sink } from "../../live/event-stream";
import type { Log } from "../../log";
import { inSpan, type Span, type Tracing } from "../../tracing/span";
import { EVENT_SHARE, FairShare } from "../caller/fair-share";
import { formatError } from "./format-error";
import type { Operation } from "./operation";
import { createSharedResults } from "./shared-results";

/** A validated subscription. */
export type SubscriptionRequest = Required<Operation> & { options: NonNullable<ExecutionArgs["options"]> };

/** The data that a running subscription retains, without its context, which is far larger. */
type RunningSubscription = Omit<Operation, "context"> & Pick<Context, "dependencies" | "caller">;

type Execute = (operation: Operation, event: unknown) => Promise<ExecutionResult>;
type ResultGenerator = AsyncGenerator<ExecutionResult, void, void>;

interface StreamerDependencies {
  schema: GraphQLSchema;
  log: Log;
  tracing: Tracing | null;
}

/**
 * Makes the function that starts a subscription. It returns the stream of results, or the errors that prevented the
 * start. An error that ends the stream becomes its last result.
 */
export function createStreamer(dependencies: StreamerDependencies, execute: Execute) {
  const { schema } = dependencies;
  const renderer = new ResultRenderer(dependencies, execute);
  return async (request: SubscriptionRequest): Promise<ExecutionResult | ResultGenerator> => {
    const { document, operationName, variables, context, options } = request;
    const args = { schema, document, operationName, variableValues: variables, contextValue: context, options };
    const events = await createSourceEventStream(args);
    if (!(Symbol.asyncIterator in events)) return events;
    if (!(events instanceof EventStream)) throw new Error("Every field of Subscription must return an EventStream.");
    const { dependencies, caller } = context;
    return new ResultStream(events, { document, operationName, variables, dependencies, caller }, renderer);
  };
}

/** Turns events and errors into results. No Apollo plugin sees these results, so it masks their errors itself. */
class ResultRenderer {
  private readonly share;
  /** A person with many streams takes turns with themselves, like with many requests. Shared results wait for nobody. */
  private readonly turns = new FairShare(EVENT_SHARE);

  constructor(
    private readonly dependencies: StreamerDependencies,
    private readonly execute: Execute,
  ) {
    this.share = createSharedResults(dependencies.schema);
  }

  render(subscription: RunningSubscription, event: unknown): Promise<ExecutionResult> {
    const { document, caller } = subscription;
    const run = () => this.run(subscription, event);
    const turn = { viewer: caller.viewer, startsStream: false, isWanted: () => true };
    const runInTurn = () => this.turns.run(turn, run);
    return typeof event === "object" && event ? this.share(event, document, run, runInTurn) : runInTurn();
  }

  renderError(subscription: RunningSubscription, error: unknown): ExecutionResult {
    return { errors: [this.mask(error, subscription)] as unknown as ExecutionResult["errors"] };
  }

  /** Each event gets a context of its own: cached reads and the deadline of an earlier event must not apply to it. */
  private async run(subscription: RunningSubscription, event: unknown): Promise<ExecutionResult> {
    const span = this.dependencies.tracing?.start("live event", "internal", {
      "viewer.kind": subscription.caller.viewer.kind,
    });
    return await (span
      ? inSpan(span, () => this.runOnce(subscription, event, span))
      : this.runOnce(subscription, event, null));
  }

  private async runOnce(
    subscription: RunningSubscription,
    event: unknown,
    span: Span | null,
  ): Promise<ExecutionResult> {
    const { document, operationName, variables, dependencies, caller } = subscription;
    const context = new Context(dependencies, caller, span);
    try {
      const result = await this.execute({ document, operationName, variables, context }, event);
      if (!result.errors) return result;
      const errors = result.errors.map((error) =>
        this.mask(error.originalError ?? error, subscription, error.toJSON()),
      );
      return { ...result, errors: errors as unknown as ExecutionResult["errors"] };
    } finally {
      context.deadline.clear();
    }
  }

  private mask(error: unknown, { caller: { requestId } }: RunningSubscription, formatted = { message: "" }) {
    return formatError(formatted, error, this.dependencies.log, requestId);
  }
}

/**
 * The results of one subscription: the sink of its event stream. Uses no generator and no async functions: `return`
 * must end a stream that waits, and a suspended function costs memory (docs/live.md, "Memory").
 */
class ResultStream implements ResultGenerator, Sink<unknown> {
  private resolve: (result: IteratorResult<ExecutionResult, void>) => void = () => undefined;
  private hasFailed = false;

  constructor(
    private readonly events: EventStream<unknown>,
    private readonly subscription: RunningSubscription,
    private readonly renderer: ResultRenderer,
  ) {}

  next(): Promise<IteratorResult<ExecutionResult, void>> {
    return new Promise((resolve) => {
      this.resolve = resolve;
      if (this.hasFailed) this.end(null);
      else this.events.readInto(this);
    });
  }

  deliver(event: unknown): void {
    this.renderer.render(this.subscription, event).then(
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
    this.resolve({ value: this.renderer.renderError(this.subscription, error), done: false });
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

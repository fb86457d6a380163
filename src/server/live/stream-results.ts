import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type GraphQLSchema,
} from "graphql";
import type { Context } from "../../context";
import type { Log } from "../../log";
import { formatError } from "../format-error";
import { createSharedResults } from "./shared-results";

/** A subscription that was validated. */
export interface AskedStream {
  document: DocumentNode;
  operationName: string | null;
  variableValues: Record<string, unknown>;
  contextValue: Context;
  options: NonNullable<ExecutionArgs["options"]>;
}

/**
 * Makes what starts a subscription: its stream of results, or the errors that kept it from starting. An error that
 * ends the stream is its last result. Results here pass no plugin, so errors are masked at once.
 */
export function createStreamer(schema: GraphQLSchema, log: Log) {
  const share = createSharedResults(schema);
  return async (asked: AskedStream): Promise<ExecutionResult | AsyncGenerator<ExecutionResult, void, void>> => {
    const args: ExecutionArgs = { schema, ...asked };
    const events = await createSourceEventStream(args);
    if (!(Symbol.asyncIterator in events)) return events;
    const { requestId } = asked.contextValue;
    const mask = (error: unknown, formatted = { message: "" }) => formatError(formatted, error, log, requestId);
    const render = async (event: unknown): Promise<ExecutionResult> => {
      const run = async () => masked(await execute({ ...args, rootValue: event }), mask);
      try {
        return await (typeof event === "object" && event ? share(event, asked.document, run) : run());
      } finally {
        asked.contextValue.deadline.forget();
      }
    };
    return new ResultStream(events as AsyncGenerator<unknown, undefined>, render, (error) => ({
      errors: [mask(error)] as unknown as ExecutionResult["errors"],
    }));
  };
}

type Mask = (error: unknown, formatted: ReturnType<NonNullable<ExecutionResult["errors"]>[number]["toJSON"]>) => object;

function masked(result: ExecutionResult, mask: Mask): ExecutionResult {
  if (!result.errors) return result;
  const errors = result.errors.map((error) => mask(error.originalError ?? error, error.toJSON()));
  return { ...result, errors: errors as unknown as ExecutionResult["errors"] };
}

/** Not a generator function: returning one that waits would itself have to wait. */
class ResultStream implements AsyncGenerator<ExecutionResult, void, void> {
  private hasFailed = false;

  constructor(
    private readonly events: AsyncGenerator<unknown, undefined>,
    private readonly render: (event: unknown) => Promise<ExecutionResult>,
    private readonly show: (error: unknown) => ExecutionResult,
  ) {}

  async next(): Promise<IteratorResult<ExecutionResult, void>> {
    if (this.hasFailed) return { value: undefined, done: true };
    try {
      const { value, done } = await this.events.next();
      return done ? { value: undefined, done: true } : { value: await this.render(value), done: false };
    } catch (error) {
      this.hasFailed = true;
      await this.events.return(undefined);
      return { value: this.show(error), done: false };
    }
  }

  async return(): Promise<IteratorResult<ExecutionResult, void>> {
    await this.events.return(undefined);
    return { value: undefined, done: true };
  }

  async throw(error: unknown): Promise<IteratorResult<ExecutionResult, void>> {
    await this.events.return(undefined);
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.events.return(undefined);
  }
}

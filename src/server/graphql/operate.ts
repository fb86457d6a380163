import type { ApolloServer } from "@apollo/server";
import type { ExecutionResult } from "graphql";
import { type Caller, Context, type ContextDependencies } from "../../context";
import type { Log } from "../../log";
import type { Span } from "../../tracing/span";
import { type FairShare, startsWithSubscription } from "../caller/fair-share";
import type { RequestedOperation } from "../documents/check-document";
import { formatError } from "./format-error";

/** The body of a request over a WebSocket, an event stream or with callbacks; not validated. */
export interface LiveRequest extends RequestedOperation {
  operationName?: unknown;
  extensions?: unknown;
}

/**
 * Executes a request. Never throws: a failure is a result with errors. `isWanted` says whether the client still waits;
 * an operation that had to wait in the queue starts only then.
 */
export type Operate = (request: LiveRequest, caller: Caller, options?: OperateOptions) => Promise<OperationResult>;

export interface OperateOptions {
  isWanted?(): boolean;
  /** The span of the request; null: it is not sampled. It ends when a stream starts, not with the stream. */
  span?: Span | null;
}

/** One result, or the stream of results of a subscription. */
export type OperationResult = ExecutionResult | AsyncGenerator<ExecutionResult, void, void>;

/**
 * Makes the function with which the live transports execute requests. It uses the request handling of plain HTTP, so
 * the same limits, validation, guards, error masking and logging apply.
 */
export function createOperate(
  apollo: ApolloServer<Context>,
  admit: (operation: RequestedOperation, caller: Caller) => void,
  dependencies: ContextDependencies,
  share: FairShare,
  log: Log,
): Operate {
  async function run(request: LiveRequest, caller: Caller, span: Span | null): Promise<OperationResult> {
    const contextValue = new Context(dependencies, caller, span);
    try {
      const { body } = await apollo.executeOperation(graphqlRequest(request), { contextValue });
      const { stream } = contextValue.started;
      if (stream) return stream;
      if (body.kind !== "single") throw new Error("Incremental delivery is not supported.");
      return body.singleResult as ExecutionResult;
    } finally {
      // Nothing else stops the timer of an operation that ends before its execution.
      contextValue.deadline.clear();
    }
  }

  return async (request, caller, { isWanted = () => true, span = null } = {}) => {
    try {
      admit(request, caller);
      const turn = { viewer: caller.viewer, startsStream: startsWithSubscription(request.query), isWanted };
      return await share.run(turn, () => run(request, caller, span));
    } catch (error) {
      return errorResult(error, log, caller.requestId);
    } finally {
      span?.end();
    }
  };
}

/** The result of an operation that an error prevented from starting. */
export function errorResult(error: unknown, log: Log, requestId: string): ExecutionResult {
  return { errors: [formatError({ message: "" }, error, log, requestId)] } as unknown as ExecutionResult;
}

function graphqlRequest({ query, variables, operationName, extensions }: LiveRequest) {
  return {
    ...(typeof query === "string" && { query }),
    ...(typeof operationName === "string" && { operationName }),
    ...(isRecord(variables) && { variables }),
    ...(isRecord(extensions) && { extensions }),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

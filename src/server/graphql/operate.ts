import type { ApolloServer } from "@apollo/server";
import type { ExecutionResult } from "graphql";
import { type Caller, Context, type ContextDependencies } from "../../context";
import type { Log } from "../../log";
import { type FairShare, startsWithSubscription } from "../caller/fair-share";
import type { RequestedOperation } from "../documents/check-document";
import { formatError } from "./format-error";

/** A request as a WebSocket or an event stream brings it. */
export interface LiveRequest extends RequestedOperation {
  operationName?: unknown;
  extensions?: unknown;
}

/**
 * Runs a request for somebody. Never throws: what goes wrong is a result with errors. An operation that had to wait does
 * not begin unless `isWanted` says that the client still waits for it.
 */
export type Operate = (request: LiveRequest, caller: Caller, isWanted?: () => boolean) => Promise<Operated>;

/** What is sent back: one result, or a stream of them. */
export type Operated = ExecutionResult | AsyncGenerator<ExecutionResult, void, void>;

/**
 * Makes what runs a request of a streaming transport: through the very pipeline that serves HTTP, so that documents
 * are limited and validated, fields guarded, errors masked and operations logged as there.
 */
export function createOperate(
  apollo: ApolloServer<Context>,
  admit: (operation: RequestedOperation, caller: Caller) => void,
  dependencies: ContextDependencies,
  share: FairShare,
  log: Log,
): Operate {
  async function run(request: LiveRequest, caller: Caller): Promise<Operated> {
    const contextValue = new Context(dependencies, caller);
    const { body } = await apollo.executeOperation(graphqlRequest(request), { contextValue });
    const { stream } = contextValue.started;
    if (stream) return stream;
    if (body.kind !== "single") throw new Error("Results are never incremental here.");
    return body.singleResult as ExecutionResult;
  }

  return async (request, caller, isWanted = () => true) => {
    try {
      admit(request, caller);
      const turn = { viewer: caller.viewer, startsStream: startsWithSubscription(request.query), isWanted };
      return await share.run(turn, () => run(request, caller));
    } catch (error) {
      return failed(error, log, caller.requestId);
    }
  };
}

/** An error as the one result of an operation that did not begin. */
export function failed(error: unknown, log: Log, requestId: string): ExecutionResult {
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

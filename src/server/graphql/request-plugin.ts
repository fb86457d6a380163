import type {
  ApolloServerPlugin,
  GraphQLRequestContextDidResolveOperation,
  GraphQLRequestContextResponseForOperation,
  GraphQLRequestContextWillSendResponse,
  GraphQLResponse,
} from "@apollo/server";
import type { Context } from "../../context";

type MaybePromise<Value> = Value | Promise<Value>;

/** One concern of every request. An error that it throws before the execution becomes the response. */
export interface RequestPart {
  didResolveOperation?(request: GraphQLRequestContextDidResolveOperation<Context>): MaybePromise<void>;
  /** Returns a response instead of the execution; null to execute. */
  responseForOperation?(
    request: GraphQLRequestContextResponseForOperation<Context>,
  ): MaybePromise<GraphQLResponse | null>;
  /** `startedAt` is the time of `performance.now()` at the start. */
  willSendResponse?(request: GraphQLRequestContextWillSendResponse<Context>, startedAt: number): MaybePromise<void>;
}

/**
 * Combines all parts into one plugin. Apollo Server creates promises for each hook of each plugin: six plugins made up
 * a fifth of the allocations of a permission check.
 */
export function requestPlugin(parts: readonly RequestPart[]): ApolloServerPlugin<Context> {
  return {
    requestDidStart: async () => {
      const startedAt = performance.now();
      return {
        didResolveOperation: async (request) => {
          for (const part of parts) {
            const checked = part.didResolveOperation?.(request);
            if (checked) await checked;
          }
        },
        responseForOperation: async (request) => {
          for (const part of parts) {
            const response = part.responseForOperation && (await part.responseForOperation(request));
            if (response) return response;
          }
          return null;
        },
        // All parts start at once, so the response is complete before the first one waits.
        willSendResponse: async (request) => {
          await Promise.all(parts.map((part) => part.willSendResponse?.(request, startedAt)));
        },
      };
    },
  };
}

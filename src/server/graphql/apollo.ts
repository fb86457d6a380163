import { ApolloServer, type ApolloServerOptionsWithGateway, type ApolloServerPlugin } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from "@apollo/server/plugin/disabled";
import type { GraphQLSchema } from "graphql";
import type { Context } from "../../context";
import { Denied } from "../../domain/denial";
import { actorLabel } from "../../domain/viewer";
import type { Log } from "../../log";
import { LIMITS } from "../documents/limits";
import type { persistedDocuments } from "../documents/trusted-documents";
import type { Metrics } from "../operations/metrics";
import { afterChange, isUnavailable, retryAfter } from "./error-status";
import { createExecutor } from "./execute";
import { formatError } from "./format-error";
import { idempotencyPlugin } from "./idempotency-plugin";
import { legacyStatusPlugin } from "./legacy-status-plugin";

/** So many mistakes of a document are told at once. */
const MOST_ERRORS = 10;

/** The GraphQL server of the subgraph, not started yet. */
export function createGraphQLServer(dependencies: {
  schema: GraphQLSchema;
  log: Log;
  metrics: Metrics;
  introspection: boolean;
  persisted: ReturnType<typeof persistedDocuments>;
}) {
  const { schema, log, metrics, introspection, persisted } = dependencies;
  return new ApolloServer<Context>({
    gateway: executedBy(schema, log),
    persistedQueries: { cache: persisted.cache },
    parseOptions: { maxTokens: LIMITS.tokens },
    // Each looks through all the names of the schema for one that was meant.
    validationOptions: { maxErrors: MOST_ERRORS },
    introspection,
    hideSchemaDetailsFromClientErrors: !introspection,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    csrfPrevention: true,
    logger: log.child({ part: "apollo" }),
    plugins: [
      // It would wrap every field, for a header that nothing here may cache by.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      resolvable,
      streamsOnly,
      idempotencyPlugin,
      legacyStatusPlugin,
      observe(log, metrics),
    ],
  });
}

/** Apollo Server takes another executor than graphql-js only where it takes a gateway. */
function executedBy(schema: GraphQLSchema, log: Log): ApolloServerOptionsWithGateway<Context>["gateway"] {
  const run = createExecutor(schema, log);
  return {
    load: async () => ({
      executor: ({ document, operationName, request, context }) =>
        run({ document, operationName, variables: request.variables, context: context as Context }),
    }),
    onSchemaLoadOrUpdate: (use) => {
      use({ apiSchema: schema, coreSupergraphSdl: "" });
      return () => undefined;
    },
    stop: async () => undefined,
  };
}

/** Which of a document's operations to run has to be clear. */
const resolvable: ApolloServerPlugin<Context> = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ operation, request: { operationName } }) => {
      if (operation) return;
      const message = operationName
        ? "The document has no operation of the name in 'operationName'."
        : "The document has several operations: say which by 'operationName'.";
      throw new Denied("BAD_USER_INPUT", message);
    },
  }),
};

/** Over plain HTTP, Apollo Server would run a subscription as if it were a query. */
const streamsOnly: ApolloServerPlugin<Context> = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ operation, contextValue: { caller } }) => {
      if (operation?.operation !== "subscription" || caller.onStalled) return;
      throw new Denied(
        "BAD_USER_INPUT",
        "Subscribe over a WebSocket at /graphql (graphql-transport-ws) or over server-sent events at /graphql/stream.",
      );
    },
  }),
};

/** Masks errors with the request's own id, and leaves one line and one measurement per operation. */
function observe(log: Log, metrics: Metrics): ApolloServerPlugin<Context> {
  return {
    requestDidStart: async ({ contextValue }) => {
      const startedAt = performance.now();
      return {
        willSendResponse: async ({ response, operation, operationName, errors }) => {
          const { body } = response;
          // What a plugin denies is the caller's to mend; Apollo Server would call it our failure.
          if (response.http.status === 500 && errors?.every(({ originalError }) => originalError instanceof Denied)) {
            response.http.status = 400;
          }
          if (body.kind === "single" && errors && body.singleResult.errors) {
            body.singleResult.errors = body.singleResult.errors.map((formatted, index) =>
              formatError(formatted, errors[index]?.originalError ?? errors[index], log, contextValue.requestId),
            );
            if (contextValue.deadline.mayHaveChanged) body.singleResult.errors = afterChange(body.singleResult.errors);
            if (isUnavailable(body.singleResult)) response.http.status = 503;
            const wait = retryAfter(body.singleResult.errors);
            if (wait) response.http.headers.set("retry-after", wait);
          }
          const seconds = (performance.now() - startedAt) / 1000;
          const outcome = errors ? String(errors[0]?.extensions?.code ?? "ERROR") : "ok";
          const kind = operation?.operation ?? "none";
          metrics.operations.observe({ kind, outcome: errors ? "error" : "ok" }, seconds);
          if (!log.isLevelEnabled("info")) return;
          const { requestId, viewer } = contextValue;
          const who = viewer.kind === "anonymous" ? "anonymous" : actorLabel(viewer);
          log.info(
            {
              requestId,
              kind,
              operation: operationName ?? null,
              viewer: who,
              outcome,
              ms: Math.round(seconds * 1e4) / 10,
            },
            "operation",
          );
        },
      };
    },
  };
}

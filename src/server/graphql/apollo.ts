import { ApolloServer, type ApolloServerOptionsWithGateway, type HTTPGraphQLHead } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from "@apollo/server/plugin/disabled";
import type { FormattedExecutionResult, GraphQLError, GraphQLSchema } from "graphql";
import type { Context } from "../../context";
import { Denied } from "../../domain/denial";
import { actorLabel } from "../../domain/viewer";
import { type Log, withoutRedaction } from "../../log";
import type { Tracing } from "../../tracing/span";
import { LIMITS } from "../documents/limits";
import type { persistedDocuments } from "../documents/trusted-documents";
import type { Metrics } from "../operations/metrics";
import { afterChange, isUnavailable, retryAfter } from "./error-status";
import { createExecutor } from "./execute";
import { formatError } from "./format-error";
import { idempotency } from "./idempotency";
import { legacyStatus } from "./legacy-status";
import { outcomeClass, outcomeOf } from "./outcome";
import { type RequestPart, requestPlugin } from "./request-plugin";
import { rootFieldsOf } from "./root-fields";
import { traceOperations } from "./trace-operations";

const MAX_VALIDATION_ERRORS = 10;

/** Creates the subgraph's Apollo Server. The caller starts it. */
export function createGraphQLServer(dependencies: {
  schema: GraphQLSchema;
  log: Log;
  metrics: Metrics;
  tracing: Tracing | null;
  introspection: boolean;
  persisted: ReturnType<typeof persistedDocuments>;
}) {
  const { schema, log, metrics, tracing, introspection, persisted } = dependencies;
  return new ApolloServer<Context>({
    gateway: executedBy(schema, log, tracing),
    persistedQueries: { cache: persisted.cache },
    parseOptions: { maxTokens: LIMITS.tokens },
    // For each error, graphql-js searches all names of the schema for suggestions.
    validationOptions: { maxErrors: MAX_VALIDATION_ERRORS },
    introspection,
    hideSchemaDetailsFromClientErrors: !introspection,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    csrfPrevention: true,
    logger: log.child({ part: "apollo" }),
    plugins: [
      // The cache control plugin would wrap every field, to send a header that no cache here uses.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      requestPlugin([
        ...(tracing ? [traceOperations] : []),
        ...[resolvable, streamsOnly, idempotency, legacyStatus, formatErrors(log), observe(log, metrics)],
      ]),
    ],
  });
}

/** Formats errors, replaces the service's own by the request's id, and sets the status and Retry-After. */
function formatErrors(log: Log): RequestPart {
  return {
    willSendResponse: ({ response, errors, contextValue: { requestId, deadline } }) => {
      const { http, body } = response;
      if (http.status === 500 && errors?.every(isDenial)) http.status = 400;
      if (body.kind !== "single" || !errors || !body.singleResult.errors) return;
      const formatted = body.singleResult.errors.map((error, index) =>
        formatError(error, errors[index]?.originalError ?? errors[index], log, requestId),
      );
      body.singleResult.errors = deadline.mayHaveChanged ? afterChange(formatted) : formatted;
      setStatus(http, body.singleResult);
    },
  };
}

/** Apollo Server treats every error of a plugin as a failure of the server, but a denial is the client's error. */
function isDenial({ originalError }: GraphQLError): boolean {
  return originalError instanceof Denied;
}

function setStatus(http: HTTPGraphQLHead, result: FormattedExecutionResult): void {
  if (isUnavailable(result)) http.status = 503;
  const wait = retryAfter(result.errors);
  if (wait) http.headers.set("retry-after", wait);
}

/** Apollo Server accepts an executor of our own only as part of a gateway. */
function executedBy(
  schema: GraphQLSchema,
  log: Log,
  tracing: Tracing | null,
): ApolloServerOptionsWithGateway<Context>["gateway"] {
  const run = createExecutor(schema, log, tracing);
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

/** Refuses requests that do not name which of a document's operations to run. */
const resolvable: RequestPart = {
  didResolveOperation: ({ operation, request: { operationName } }) => {
    if (operation) return;
    const message = operationName
      ? "The document has no operation with the name in 'operationName'."
      : "The document has several operations. Name one in 'operationName'.";
    throw new Denied("BAD_USER_INPUT", message);
  },
};

/** Refuses subscriptions over plain HTTP, where Apollo Server would run them like queries. */
const streamsOnly: RequestPart = {
  didResolveOperation: ({ operation, contextValue: { caller } }) => {
    if (operation?.operation !== "subscription" || caller.onStalled) return;
    throw new Denied(
      "BAD_USER_INPUT",
      "Subscribe over a WebSocket at /graphql (graphql-transport-ws) or over server-sent events at /graphql/stream.",
    );
  },
};

/** Logs and measures every operation. */
function observe(log: Log, metrics: Metrics): RequestPart {
  const lines = withoutRedaction(log);
  return {
    willSendResponse: (
      { document, operation, operationName, errors, contextValue: { requestId, viewer, currentSpan } },
      startedAt,
    ) => {
      const seconds = (performance.now() - startedAt) / 1000;
      const outcome = outcomeOf(errors);
      const kind = operation?.operation ?? "none";
      metrics.operations.observe({ kind, outcome: outcomeClass(outcome) }, seconds);
      if (operation) metrics.fields.observe(kind, rootFieldsOf(document, operation), outcomeClass(outcome), seconds);
      if (!lines.isLevelEnabled("info")) return;
      const who = viewer.kind === "anonymous" ? "anonymous" : actorLabel(viewer);
      const ms = Math.round(seconds * 1e4) / 10;
      const trace = currentSpan && { traceId: currentSpan.traceId };
      lines.info(
        { requestId, kind, operation: operationName ?? null, viewer: who, outcome, ms, ...trace },
        "operation",
      );
    },
  };
}

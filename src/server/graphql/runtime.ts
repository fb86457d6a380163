import type { ApolloServer } from "@apollo/server";
import type { Config } from "../../config/config";
import type { Context, ContextDependencies } from "../../context";
import type { Log } from "../../log";
import { countRefusal } from "../../process-metrics";
import type { Tracing } from "../../tracing/span";
import type { FairShare } from "../caller/fair-share";
import type { GatewayTrust } from "../caller/gateway-secret";
import { documentChecker, type RequestedOperation } from "../documents/check-document";
import { assertTrusted, persistedDocuments, readTrustedDocuments } from "../documents/trusted-documents";
import type { Metrics } from "../operations/metrics";
import { createGraphQLServer } from "./apollo";
import { guardedSchema } from "./schema";

/** The parts that execute operations, shared by all transports. */
export interface GraphQLRuntime {
  apollo: ApolloServer<Context>;
  /** Throws if a document exceeds a limit or is not one of the trusted documents. */
  admit(operation: RequestedOperation, trust: GatewayTrust): void;
  contextDependencies: ContextDependencies;
  share: FairShare;
}

/** Builds the schema and starts Apollo Server. Throws InvalidConfiguration if TRUSTED_DOCUMENTS cannot be read. */
export async function startGraphQL(dependencies: {
  contextDependencies: ContextDependencies;
  /** Null: no traces. */
  tracing: Tracing | null;
  share: FairShare;
  metrics: Metrics;
  config: Pick<Config, "introspection" | "trustedDocuments">;
  log: Log;
  /** Files of documents that are trusted too: the documents of the console that this service serves. */
  ownDocuments: readonly string[];
}): Promise<GraphQLRuntime> {
  const { contextDependencies, tracing, share, metrics, config, log, ownDocuments } = dependencies;
  const schema = guardedSchema();
  const trusted = config.trustedDocuments ? readTrustedDocuments(config.trustedDocuments, ...ownDocuments) : null;
  const persisted = persistedDocuments(trusted);
  const apollo = createGraphQLServer({ schema, log, metrics, tracing, persisted, introspection: config.introspection });
  await apollo.start();
  const checkDocument = documentChecker(schema, persisted.textOf);
  const admit = (operation: RequestedOperation, { knowsSecret }: GatewayTrust) => {
    if (trusted && !knowsSecret) assertTrusted(trusted, operation.query);
    try {
      checkDocument(operation);
    } catch (error) {
      countRefusal("document");
      throw error;
    }
  };
  return { apollo, admit, contextDependencies, share };
}

import type { GatewayPlugin } from "@graphql-hive/gateway-runtime";
import type { GraphQLResolveInfo } from "graphql";
import { collectFields } from "graphql/execution/collectFields";

/**
 * Hive Gateway sends each mutation of a document separately and without its alias, so two equal mutations would look like
 * a retry. These headers identify the operation, by the response keys of all its mutations, and the mutation within it.
 */
export function useIdempotentPlaces(): GatewayPlugin {
  return {
    onSubgraphExecute: ({ executionRequest }) => {
      const { info, operationType, extensions } = executionRequest;
      if (operationType !== "mutation" || !info) return;
      const headers = {
        ...(extensions?.headers as Record<string, string> | undefined),
        "idempotency-operation": responseKeysOf(info).join(","),
        "idempotency-field": String(info.path.key),
      };
      executionRequest.extensions = { ...extensions, headers };
    },
  };
}

/** The response keys of the client's mutations that run, in their order. */
function responseKeysOf({ schema, fragments, variableValues, operation }: GraphQLResolveInfo): string[] {
  const mutation = schema.getMutationType();
  if (!mutation) return [];
  const fields = collectFields(schema, fragments, variableValues, mutation, operation.selectionSet);
  return [...fields].filter(([, [node]]) => node?.name.value !== "__typename").map(([name]) => name);
}

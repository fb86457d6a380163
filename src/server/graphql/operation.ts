import type { DocumentNode } from "graphql";
import type { Context } from "../../context";

/** One operation, parsed and valid. */
export interface Operation {
  document: DocumentNode;
  operationName?: string | null | undefined;
  variables?: Record<string, unknown> | null | undefined;
  context: Context;
}

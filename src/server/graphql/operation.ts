import type { DocumentNode } from "graphql";
import type { Context } from "../../context";

/** A parsed and validated operation. */
export interface Operation {
  document: DocumentNode;
  operationName?: string | null | undefined;
  variables?: Record<string, unknown> | null | undefined;
  context: Context;
}

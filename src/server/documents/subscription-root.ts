import type { ExecutableDefinitionNode, SelectionNode } from "graphql";
import { Denied } from "../../domain/denial";
import { type Fragments, selectionsAt } from "./fragments";

/**
 * Refuses @skip and @include on the root field of a subscription, as the GraphQL specification requires. graphql-js would
 * evaluate the condition without variables. Throws GRAPHQL_VALIDATION_FAILED.
 */
export function assertUnconditionalRoot(definition: ExecutableDefinitionNode, fragments: Fragments): void {
  if (definition.kind !== "OperationDefinition" || definition.operation !== "subscription") return;
  if (!selectionsAt([definition.selectionSet], fragments).some(isConditional)) return;
  const message = "The root field of a subscription must not have @skip or @include.";
  throw new Denied("GRAPHQL_VALIDATION_FAILED", message);
}

function isConditional({ directives }: SelectionNode): boolean {
  return directives?.some(({ name }) => name.value === "skip" || name.value === "include") ?? false;
}

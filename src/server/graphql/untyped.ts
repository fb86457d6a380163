import {
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
  visit,
} from "graphql";
import { type Variables, variableCoercer } from "./coerce-variables";

/** Federation's scalar that accepts any value unchanged. */
export const UNCHECKED = "_Any";

/** A document whose variables accept the values that `coerce` returns. */
export interface Untyped {
  document: DocumentNode;
  coerce(given: Variables): Variables | null;
}

/**
 * Returns the untyped form of a document; null if it has several operations. It lives as long as the document, which
 * Apollo Server caches.
 */
export function untypedDocuments(schema: GraphQLSchema): (document: DocumentNode) => Untyped | null {
  const made = new WeakMap<DocumentNode, Untyped | null>();
  return (document) => {
    const known = made.get(document);
    if (known !== undefined) return known;
    const operation = onlyOperation(document);
    const untyped = operation && {
      document: withoutTypes(document),
      coerce: variableCoercer(schema, operation),
    };
    made.set(document, untyped);
    return untyped;
  };
}

function onlyOperation({ definitions }: DocumentNode): OperationDefinitionNode | null {
  const operations = definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  return operations.length === 1 ? (operations[0] ?? null) : null;
}

/**
 * Declares all variables as unchecked, for executors that get coerced values: graphql-js would coerce them again, and
 * graphql-jit treats defaults, null and custom scalars differently.
 */
export function withoutTypes(document: DocumentNode): DocumentNode {
  return visit(document, {
    VariableDefinition: ({ kind, variable }): VariableDefinitionNode => ({
      kind,
      variable,
      type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: UNCHECKED } },
    }),
  });
}

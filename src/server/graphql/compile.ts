import {
  type DocumentNode,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  type VariableDefinitionNode,
  visit,
  visitWithTypeInfo,
} from "graphql";
import { type CompiledQuery, compileQuery, isCompiledQuery } from "graphql-jit";
import { policyOf } from "../../../schema/field-policy";
import { expandedSelections } from "../documents/limit-document";

/** The code that is made of a document grows with its selections, each fragment's wherever it is spread. */
const MOST_SELECTIONS = 500;
/** A scalar of federation's whose values are taken as they are. */
const AS_IT_IS = "_Any";

/** A query as a function of the root value, the context, and the variables as graphql-js has coerced them. */
export interface Compiled {
  operation: OperationDefinitionNode;
  run: CompiledQuery["query"];
  /** How much memory it takes, roughly: the selections that code was made of. */
  size: number;
}

/**
 * Compiles a document with graphql-jit, or returns null where graphql-js has to interpret it: wherever the two are not
 * proven to give the same answer, and where compiling brings nothing (see test/graphql/differential.test.ts).
 */
export function compileDocument(schema: GraphQLSchema, document: DocumentNode): Compiled | null {
  const operation = onlyQuery(document);
  if (!operation || !isPlain(schema, document) || !selectsList(schema, document)) return null;
  const size = expandedSelections(schema, document);
  if (size > MOST_SELECTIONS || !schema.getType(AS_IT_IS)) return null;
  const made = compileQuery(schema, withoutTypes(document), undefined, { disablingCapturingStackErrors: true });
  return isCompiledQuery(made) ? { operation, run: made.query, size } : null;
}

/** The operation of a document that has one, where that is a query: graphql-jit picks another one by other rules. */
function onlyQuery({ definitions }: DocumentNode): OperationDefinitionNode | null {
  const operations = definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const [first] = operations;
  return operations.length === 1 && first?.operation === "query" ? first : null;
}

/**
 * Whether a document has none of what graphql-jit understands in a way of its own:
 * - conditions, which it merges where a fragment is spread or a field selected twice;
 * - variables within lists and objects, which it puts where the first execution had them;
 * - objects, whose key `__proto__` would set the prototype in its code;
 * - introspection and aliases like it, whose names its code needs;
 * - queries that do something: an answer with errors is asked for a second time.
 */
function isPlain(schema: GraphQLSchema, document: DocumentNode): boolean {
  const queries = schema.getQueryType()?.getFields();
  let isPlain = true;
  const refuse = () => {
    isPlain = false;
  };
  visit(document, {
    Directive: refuse,
    ObjectValue: refuse,
    ListValue: ({ values }) => {
      if (values.some(({ kind }) => kind === Kind.VARIABLE)) refuse();
    },
    Field: ({ name, alias }) => {
      if (name.value.startsWith("__") && name.value !== "__typename") refuse();
      if (alias?.value.startsWith("__")) refuse();
      if (typeof policyOf(queries?.[name.value]).access === "object") refuse();
    },
  });
  return isPlain;
}

/** Whether it selects a list of objects: anything smaller is interpreted just as fast. */
function selectsList(schema: GraphQLSchema, document: DocumentNode): boolean {
  const types = new TypeInfo(schema);
  let hasList = false;
  visit(
    document,
    visitWithTypeInfo(types, {
      Field: () => {
        const type = types.getType();
        if (type && isListType(getNullableType(type)) && isCompositeType(getNamedType(type))) hasList = true;
      },
    }),
  );
  return hasList;
}

/**
 * A document whose variables are taken as they are: graphql-jit has its own idea of defaults, null and custom scalars,
 * so it is handed what graphql-js has made of them.
 */
function withoutTypes(document: DocumentNode): DocumentNode {
  return visit(document, {
    VariableDefinition: ({ kind, variable }): VariableDefinitionNode => ({
      kind,
      variable,
      type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: AS_IT_IS } },
    }),
  });
}

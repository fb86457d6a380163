import {
  type ASTVisitor,
  type DocumentNode,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from "graphql";
import { type CompiledQuery, compileQuery, isCompiledQuery } from "graphql-jit";
import { policyOf } from "../../../schema/field-policy";
import { expandedSelections } from "../documents/limit-document";
import { UNCHECKED, withoutTypes } from "./untyped";

/** The generated code grows with the number of selections, with fragments expanded. */
const MAX_SELECTIONS = 500;

/** A query as a function of the root value, the context and the coerced variables. */
export interface Compiled {
  operation: OperationDefinitionNode;
  run: CompiledQuery["query"];
  /** The number of selections, with fragments expanded: a measure of the memory. */
  size: number;
}

/**
 * Compiles a document with graphql-jit. Returns null if graphql-js has to interpret it: because the two are not proven to
 * give the same result (see test/graphql/differential.test.ts), or because compiling gains nothing.
 */
export function compileDocument(schema: GraphQLSchema, document: DocumentNode): Compiled | null {
  const operation = onlyQuery(document);
  if (!operation || !isPlain(schema, document) || !selectsList(schema, document)) return null;
  const size = expandedSelections(schema, document);
  if (size > MAX_SELECTIONS || !schema.getType(UNCHECKED)) return null;
  const query = compileQuery(schema, withoutTypes(document), undefined, { disablingCapturingStackErrors: true });
  return isCompiledQuery(query) ? { operation, run: query.query, size } : null;
}

/**
 * The operation if the document has exactly one and it is a query. Of several, graphql-jit picks one by other rules
 * than graphql-js.
 */
function onlyQuery({ definitions }: DocumentNode): OperationDefinitionNode | null {
  const operations = definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const [first] = operations;
  return operations.length === 1 && first?.operation === "query" ? first : null;
}

/**
 * Whether a document has nothing that graphql-jit treats differently from graphql-js:
 * - conditions: it merges those of a fragment spread, or a field selected, twice;
 * - variables within lists and objects: it reuses the values of the first execution;
 * - objects: their key `__proto__` would set the prototype in its code;
 * - introspection fields, and aliases like them: its code uses these names.
 * Fields with side effects are excluded too, because a result with errors is executed again.
 */
function isPlain(schema: GraphQLSchema, document: DocumentNode): boolean {
  const types = new TypeInfo(schema);
  let isPlain = true;
  const refuse = () => {
    isPlain = false;
  };
  const visitor: ASTVisitor = {
    Directive: refuse,
    ObjectValue: refuse,
    ListValue: ({ values }) => {
      if (values.some(({ kind }) => kind === Kind.VARIABLE)) refuse();
    },
    Field: ({ name, alias }) => {
      if (name.value.startsWith("__") && name.value !== "__typename") refuse();
      if (alias?.value.startsWith("__")) refuse();
      if (policyOf(types.getFieldDef() ?? undefined).hasSideEffects) refuse();
    },
  };
  visit(document, visitWithTypeInfo(types, visitor));
  return isPlain;
}

/** Whether the document selects a list of objects. Smaller results are interpreted just as fast. */
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

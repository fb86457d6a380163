import {
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLSchema,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  type OperationDefinitionNode,
  typeFromAST,
  type VariableDefinitionNode,
  valueFromAST,
} from "graphql";

export type Variables = Record<string, unknown>;

type Coerce = (value: unknown) => unknown;
/** Coerces one variable, or one field of an object. */
type CoerceField = (given: Variables, coerced: Variables) => void;

/**
 * Leaves the variables to graphql-js, which words the error or treats the value in a way that this file does not
 * repeat.
 */
class LeftToGraphQL extends Error {}
const leftToGraphQL = new LeftToGraphQL();

/**
 * Prepares the coercion of an operation's variables. The function returns the values that graphql-js would return, or
 * null if graphql-js has to coerce them. graphql-js records the path of every value in case of an error, which costs
 * more than the rest for a long list.
 */
export function variableCoercer(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
): (given: Variables) => Variables | null {
  const types = new Map<GraphQLInputObjectType, Coerce>();
  const definitions = variableDefinitions.map((definition) => coercerOfVariable(schema, definition, types));
  return (given) => {
    const coerced: Variables = Object.create(null);
    try {
      for (const coerce of definitions) coerce(given, coerced);
      return { ...coerced };
    } catch (error) {
      if (error instanceof LeftToGraphQL) return null;
      throw error;
    }
  };
}

function coercerOfVariable(
  schema: GraphQLSchema,
  { variable, type: typeNode, defaultValue }: VariableDefinitionNode,
  types: Map<GraphQLInputObjectType, Coerce>,
): CoerceField {
  const name = variable.name.value;
  const type = typeFromAST(schema, typeNode as Parameters<typeof typeFromAST>[1]);
  if (!isInputType(type)) return leave;
  const coerce = coercerOf(type, types);
  const isRequired = isNonNullType(type);
  return (given, coerced) => {
    if (Object.hasOwn(given, name)) coerced[name] = coerce(given[name]);
    else if (defaultValue) coerced[name] = valueFromAST(defaultValue, type);
    else if (isRequired) leave();
  };
}

function coercerOf(type: GraphQLInputType, types: Map<GraphQLInputObjectType, Coerce>): Coerce {
  if (isNonNullType(type)) {
    const coerce = coercerOf(type.ofType, types);
    return (value) => (value == null ? leave() : coerce(value));
  }
  if (isListType(type)) {
    const coerce = coercerOf(type.ofType, types);
    return (value) => (value == null ? null : Array.isArray(value) ? value.map((item) => coerce(item)) : leave());
  }
  if (isInputObjectType(type)) {
    const known = types.get(type) ?? coercerOfObject(type, types);
    types.set(type, known);
    return known;
  }
  return (value) => {
    if (value == null) return null;
    const parsed = parsedOrLeft(() => type.parseValue(value));
    return parsed === undefined ? leave() : parsed;
  };
}

function coercerOfObject(type: GraphQLInputObjectType, types: Map<GraphQLInputObjectType, Coerce>): Coerce {
  const definitions = type.getFields();
  // Created at the first value, because a type may contain itself.
  let fields: CoerceField[] | undefined;
  return (value) => {
    if (value == null) return null;
    if (typeof value !== "object" || Array.isArray(value) || type.isOneOf) return leave();
    fields ??= Object.values(definitions).map((field) => coercerOfField(field, types));
    const coerced: Variables = {};
    for (const coerce of fields) coerce(value as Variables, coerced);
    for (const name in value) if (!definitions[name]) leave();
    return coerced;
  };
}

function coercerOfField(
  { name, type, defaultValue }: GraphQLInputField,
  types: Map<GraphQLInputObjectType, Coerce>,
): CoerceField {
  const coerce = coercerOf(type, types);
  const isRequired = isNonNullType(type) && defaultValue === undefined;
  return (given, coerced) => {
    const value = given[name];
    if (value !== undefined) coerced[name] = coerce(value);
    else if (isRequired) leave();
    else if (defaultValue !== undefined) coerced[name] = defaultValue;
  };
}

function parsedOrLeft(parse: () => unknown): unknown {
  try {
    return parse();
  } catch {
    return leave();
  }
}

function leave(): never {
  throw leftToGraphQL;
}

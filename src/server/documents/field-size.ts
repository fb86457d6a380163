import { type FieldNode, type GraphQLField, isListType, isNonNullType, type ValueNode } from "graphql";
import { MOST_REPRESENTATIONS } from "../../../resolvers/shield";
import { MAX_PAGE_SIZE } from "../../store/page";

export type Field = GraphQLField<unknown, unknown>;

/** What a request gives for its document's variables; "any": whatever it may give. */
export type GivenVariables = Readonly<Record<string, unknown>> | "any";

// What introspection finds in this schema, roughly: it has no @listSize.
const INTROSPECTION_SIZES: Record<string, number> = { types: 200, fields: 6, inputFields: 3, enumValues: 3, args: 1 };

/** How many items a field has: as many as it is asked for, or as many as are assumed of it. */
export function sizeOf(field: FieldNode, definition: Field, variables: GivenVariables): number {
  const first = definition.args.find(({ name }) => name === "first");
  if (first) return pageSize(field, Number(first.defaultValue ?? MAX_PAGE_SIZE), variables);
  const type = isNonNullType(definition.type) ? definition.type.ofType : definition.type;
  if (!isListType(type)) return 1;
  const representations = argumentOf(field, "representations");
  if (representations?.kind === "ListValue") return representations.values.length;
  if (representations?.kind === "Variable") {
    const given = variables === "any" ? undefined : variables[representations.name.value];
    // Where it is not given, the document may have a default for it.
    return Array.isArray(given) ? given.length : MOST_REPRESENTATIONS;
  }
  return numberIn(definition, "listSize", "assumedSize") ?? INTROSPECTION_SIZES[definition.name] ?? 1;
}

/** What cannot be told from the document, or is wrong, counts as the largest page. */
function pageSize(field: FieldNode, otherwise: number, variables: GivenVariables): number {
  const first = argumentOf(field, "first");
  if (!first) return otherwise;
  const given = first.kind === "Variable" && variables !== "any" ? variables[first.name.value] : undefined;
  const size = first.kind === "IntValue" ? Number(first.value) : given;
  return typeof size === "number" && size >= 1 && size <= MAX_PAGE_SIZE ? size : MAX_PAGE_SIZE;
}

function argumentOf(field: FieldNode, name: string): ValueNode | undefined {
  return field.arguments?.find((argument) => argument.name.value === name)?.value;
}

/** A number that the schema says of a field, in a directive. */
export function numberIn({ astNode }: Field, directive: string, argument: string): number | undefined {
  const said = astNode?.directives?.find(({ name }) => name.value === directive);
  const value = said?.arguments?.find(({ name }) => name.value === argument)?.value;
  return value?.kind === "IntValue" ? Number(value.value) : undefined;
}

import { type FieldNode, type GraphQLField, isListType, isNonNullType, type ValueNode } from "graphql";
import { MAX_REPRESENTATIONS } from "../../../resolvers/shield-gateway";
import { policyOf } from "../../../schema/field-policy";
import { MAX_PAGE_SIZE } from "../../store/page";

export type Field = GraphQLField<unknown, unknown>;

/** The request's values for the document's variables. "any" assumes the largest values. */
export type GivenVariables = Readonly<Record<string, unknown>> | "any";

// Introspection fields have no policy: these are roughly the lengths of their lists in this schema.
const INTROSPECTION_SIZES: Record<string, number> = { types: 200, fields: 6, inputFields: 3, enumValues: 3, args: 1 };

/** How many items a field returns: the requested page, or the expected length of a list without pages. */
export function sizeOf(field: FieldNode, definition: Field, variables: GivenVariables): number {
  const first = definition.args.find(({ name }) => name === "first");
  if (first) {
    const { max } = policyOf(definition).page ?? { max: MAX_PAGE_SIZE };
    return pageSize(field, { max, default: Number(first.defaultValue ?? max) }, variables);
  }
  const type = isNonNullType(definition.type) ? definition.type.ofType : definition.type;
  if (!isListType(type)) return 1;
  const representations = argumentOf(field, "representations");
  if (representations?.kind === "ListValue") return representations.values.length;
  if (representations?.kind === "Variable") {
    const given = variables === "any" ? undefined : variables[representations.name.value];
    // The variable may have a default in the document. It is not looked up; the largest size counts.
    return Array.isArray(given) ? given.length : MAX_REPRESENTATIONS;
  }
  return policyOf(definition).listSize ?? INTROSPECTION_SIZES[definition.name] ?? 1;
}

/** A page size that the document leaves open, or that is invalid, counts as the largest page. */
function pageSize(field: FieldNode, sizes: { max: number; default: number }, variables: GivenVariables): number {
  const first = argumentOf(field, "first");
  if (!first) return sizes.default;
  const given = first.kind === "Variable" && variables !== "any" ? variables[first.name.value] : undefined;
  const size = first.kind === "IntValue" ? Number(first.value) : given;
  return typeof size === "number" && size >= 1 && size <= sizes.max ? size : sizes.max;
}

function argumentOf(field: FieldNode, name: string): ValueNode | undefined {
  return field.arguments?.find((argument) => argument.name.value === name)?.value;
}

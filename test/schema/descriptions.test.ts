import { type DefinitionNode, type FieldDefinitionNode, type InputValueDefinitionNode, parse } from "graphql";
import { buildSubgraph } from "../../src/server/graphql/schema";

const ROOTS = ["Query", "Mutation", "Subscription"];

type Described = { description?: unknown; name: { value: string } };
const undescribed = (nodes: readonly Described[] = [], prefix = "") =>
  nodes.filter(({ description }) => !description).map(({ name }) => `${prefix}${name.value}`);

// The argument `input` of a mutation is described by its type.
function undescribedIn(field: FieldDefinitionNode | InputValueDefinitionNode, type: string): string[] {
  const args = "arguments" in field ? field.arguments?.filter(({ name }) => name.value !== "input") : [];
  return [...undescribed([field], `${type}.`), ...undescribed(args, `${type}.${field.name.value}: `)];
}

function undescribedOf(definition: DefinitionNode): string[] {
  if (definition.kind === "ScalarTypeDefinition" || definition.kind === "UnionTypeDefinition") {
    return undescribed([definition]);
  }
  if (definition.kind === "EnumTypeDefinition") {
    return [...undescribed([definition]), ...undescribed(definition.values, `${definition.name.value}.`)];
  }
  if (definition.kind !== "ObjectTypeDefinition" && definition.kind !== "InputObjectTypeDefinition") return [];
  const { name, fields = [] } = definition;
  const own = ROOTS.includes(name.value) ? [] : undescribed([definition]);
  return [...own, ...fields.flatMap((field) => undescribedIn(field, name.value))];
}

test("every type, field, argument, input and enum value has a description", () => {
  expect(parse(buildSubgraph().sdl).definitions.flatMap(undescribedOf)).toEqual([]);
});

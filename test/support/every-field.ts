import { type GraphQLSchema, getNamedType, isObjectType, isRequiredArgument, isUnionType } from "graphql";

/** Selections that together read every field below a type that needs no arguments, to a depth. */
export function everyField(schema: GraphQLSchema, typeName: string, depth: number): string[] {
  const type = schema.getType(typeName);
  if (isUnionType(type))
    return type.getTypes().flatMap(({ name }) => inside(`... on ${name}`, everyField(schema, name, depth)));
  if (!isObjectType(type)) return [];
  const plain = ["__typename"];
  const below: string[] = [];
  for (const { name, type: of, args } of Object.values(type.getFields())) {
    if (args.some(isRequiredArgument)) continue;
    const named = getNamedType(of);
    if (!isObjectType(named) && !isUnionType(named)) plain.push(name);
    else if (depth > 0) below.push(...inside(name, everyField(schema, named.name, depth - 1)));
  }
  return [plain.join(" "), ...below];
}

function inside(name: string, selections: readonly string[]): string[] {
  return selections.map((selection) => `${name} { ${selection} }`);
}

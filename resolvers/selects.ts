import type { GraphQLResolveInfo, SelectionSetNode } from "graphql";

/** Whether a document selects a field with one of these names anywhere below the field that is resolved. */
export function selects({ fieldNodes, fragments }: GraphQLResolveInfo, ...names: string[]): boolean {
  const visited = new Set<string>();
  const within = (set: SelectionSetNode | undefined): boolean =>
    (set?.selections ?? []).some((selection) => {
      if (selection.kind !== "FragmentSpread") {
        return (selection.kind === "Field" && names.includes(selection.name.value)) || within(selection.selectionSet);
      }
      const { value } = selection.name;
      if (visited.has(value)) return false;
      visited.add(value);
      return within(fragments[value]?.selectionSet);
    });
  return fieldNodes.some(({ selectionSet }) => within(selectionSet));
}

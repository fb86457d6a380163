import { type DocumentNode, Kind, type OperationDefinitionNode, type SelectionSetNode } from "graphql";

/** The most fields that are reported, because a document may select one field under many aliases. */
const MAX_FIELDS = 10;
const MAX_DEPTH = 10;

/**
 * The names of an operation's root fields, each once, including those in fragments. In a validated document all of them
 * are names of the schema.
 */
export function rootFieldsOf(document: DocumentNode | undefined, operation: OperationDefinitionNode): string[] {
  const names = new Set<string>();
  if (document) collect(document, operation.selectionSet, names, 0);
  return [...names];
}

function collect(document: DocumentNode, { selections }: SelectionSetNode, names: Set<string>, depth: number): void {
  for (const selection of selections) {
    if (names.size >= MAX_FIELDS || depth > MAX_DEPTH) return;
    if (selection.kind === Kind.FIELD) names.add(selection.name.value);
    else {
      const set =
        selection.kind === Kind.INLINE_FRAGMENT ? selection.selectionSet : fragment(document, selection.name.value);
      if (set) collect(document, set, names, depth + 1);
    }
  }
}

function fragment({ definitions }: DocumentNode, name: string): SelectionSetNode | null {
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name) return definition.selectionSet;
  }
  return null;
}

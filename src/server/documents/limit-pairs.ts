import type { FieldNode, SelectionSetNode } from "graphql";
import { type Fragments, selectionsAt } from "./fragments";
import { assertWithin, LIMITS, plus } from "./limits";

/**
 * Refuses a definition that selects one name too often in one place, with fragments expanded: validation compares each
 * pair with all their subfields, so a thousand fields make half a million comparisons. Call it after the other limits
 * were checked. Throws GRAPHQL_VALIDATION_FAILED.
 */
export function limitPairs(selectionSet: SelectionSetNode, fragments: Fragments): void {
  let pairs = 0;
  let level: SelectionSetNode[][] = [[selectionSet]];
  while (level.length > 0) {
    const below: SelectionSetNode[][] = [];
    for (const place of level) {
      for (const fields of byName(place, fragments).values()) {
        pairs = plus(pairs, (fields.length * (fields.length - 1)) / 2);
        const sets = fields.flatMap(({ selectionSet }) => selectionSet ?? []);
        if (sets.length > 0) below.push(sets);
      }
    }
    assertWithin(pairs, LIMITS.pairs, "pairs of fields with one name in one place");
    level = below;
  }
}

/** The fields in one place of the result, by response key. */
function byName(sets: readonly SelectionSetNode[], fragments: Fragments): Map<string, FieldNode[]> {
  const named = new Map<string, FieldNode[]>();
  for (const selection of selectionsAt(sets, fragments)) {
    if (selection.kind !== "Field") continue;
    const name = (selection.alias ?? selection.name).value;
    const known = named.get(name);
    if (known) known.push(selection);
    else named.set(name, [selection]);
  }
  return named;
}

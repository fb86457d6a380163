import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from "graphql";
import { tooMuch } from "./limits";

export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/** A document's fragments by name. Of two with the same name the last counts, as in graphql-js. */
export function fragmentsOf({ definitions }: DocumentNode): Fragments {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions) {
    if (definition.kind === "FragmentDefinition") fragments.set(definition.name.value, definition);
  }
  return fragments;
}

/**
 * Sorts fragments so that each comes after those it spreads, in linear time and without recursion. Throws
 * GRAPHQL_VALIDATION_FAILED for a fragment that contains itself.
 */
export function innermostFirst(fragments: Fragments): FragmentDefinitionNode[] {
  const ordered: FragmentDefinitionNode[] = [];
  const states = new Map<string, "open" | "done">();
  for (const root of fragments.keys()) {
    const path = [root];
    while (path.length > 0) {
      const name = path[path.length - 1] as string;
      const fragment = fragments.get(name);
      const state = states.get(name);
      if (state || !fragment) {
        path.pop();
        if (state === "open" && fragment) {
          states.set(name, "done");
          ordered.push(fragment);
        }
        continue;
      }
      states.set(name, "open");
      for (const spread of spreadsIn(fragment)) {
        if (states.get(spread) === "open") throw tooMuch(`the fragment ${spread}, which contains itself`);
        if (!states.has(spread)) path.push(spread);
      }
    }
  }
  return ordered;
}

function spreadsIn(fragment: FragmentDefinitionNode): Set<string> {
  const spreads = new Set<string>();
  visit(fragment, {
    FragmentSpread: ({ name }) => {
      spreads.add(name.value);
    },
  });
  return spreads;
}

/** All selections in one place of the result: those of the selection sets, and of the fragments in them. */
export function selectionsAt(sets: readonly SelectionSetNode[], fragments: Fragments): SelectionNode[] {
  const all: SelectionNode[] = [];
  const waiting = [...sets];
  for (let set = waiting.pop(); set; set = waiting.pop()) {
    for (const selection of set.selections) {
      all.push(selection);
      if (selection.kind === "Field") continue;
      const fragment = selection.kind === "InlineFragment" ? selection : fragments.get(selection.name.value);
      if (fragment) waiting.push(fragment.selectionSet);
    }
  }
  return all;
}

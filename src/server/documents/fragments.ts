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
  const order: Order = { ordered: [], states: new Map() };
  for (const root of fragments.keys()) {
    const path = [root];
    for (let name = path.at(-1); name !== undefined; name = path.at(-1)) {
      const fragment = fragments.get(name);
      if (!fragment || order.states.has(name)) {
        path.pop();
        if (fragment) leave(fragment, order);
      } else path.push(...enter(fragment, order));
    }
  }
  return order.ordered;
}

interface Order {
  ordered: FragmentDefinitionNode[];
  states: Map<string, "open" | "done">;
}

/** Opens a fragment. Returns the fragments that it spreads, which must come first. */
function enter(fragment: FragmentDefinitionNode, { states }: Order): string[] {
  states.set(fragment.name.value, "open");
  const spreads = [...spreadsIn(fragment)];
  const open = spreads.find((spread) => states.get(spread) === "open");
  if (open !== undefined) throw tooMuch(`the fragment ${open}, which contains itself`);
  return spreads.filter((spread) => !states.has(spread));
}

/** Adds a fragment to the order, once all fragments that it spreads are in it. */
function leave(fragment: FragmentDefinitionNode, { ordered, states }: Order): void {
  if (states.get(fragment.name.value) !== "open") return;
  states.set(fragment.name.value, "done");
  ordered.push(fragment);
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

import { type DocumentNode, visit } from "graphql";
import type { Operation } from "./operation";

const CURSORS = ["eventCursor", "membershipCursor"];
const selections = new WeakMap<DocumentNode, ReadonlySet<string>>();

/** Marks where streams will continue an answer. Call it before an operation that selects a cursor reads anything. */
export async function markEventHeads({ document, context }: Operation): Promise<void> {
  const selected = selections.get(document) ?? selectedCursors(document);
  selections.set(document, selected);
  if (selected.has("eventCursor")) await context.loaders.eventHeads.mark();
  if (selected.has("membershipCursor")) await context.loaders.membershipHeads.mark();
}

function selectedCursors(document: DocumentNode): ReadonlySet<string> {
  const selected = new Set<string>();
  visit(document, {
    Field: ({ name }) => {
      if (CURSORS.includes(name.value)) selected.add(name.value);
    },
  });
  return selected;
}

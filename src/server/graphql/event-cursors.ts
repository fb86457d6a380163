import { type DocumentNode, visit } from "graphql";
import type { Operation } from "./operation";

const selecting = new WeakMap<DocumentNode, boolean>();

/** Before an operation that selects `eventCursor` reads anything: marks where streams will continue its answer. */
export async function markEventHeads({ document, context }: Operation): Promise<void> {
  const isSelected = selecting.get(document) ?? selectsEventCursor(document);
  selecting.set(document, isSelected);
  if (isSelected) await context.loaders.eventHeads.mark();
}

function selectsEventCursor(document: DocumentNode): boolean {
  let isSelected = false;
  visit(document, {
    Field: ({ name }) => {
      if (name.value === "eventCursor") isSelected = true;
    },
  });
  return isSelected;
}

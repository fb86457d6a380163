import type { SkippedInviteeReason } from "../../graph/generated/graphql";
import { toAddress } from "./parse-addresses";

/** How many addresses one mutation can invite. */
export const BATCH_SIZE = 10;

export type ChipState = "ready" | "sending" | "invited" | SkippedInviteeReason;

/** One piece of the pasted or typed text, and its outcome. */
export interface Chip {
  id: string;
  text: string;
  state: ChipState;
}

/** Adds pieces, and marks those that are not addresses or are duplicates. */
export function withPieces(chips: readonly Chip[], pieces: readonly string[]): Chip[] {
  const known = new Set(chips.map(({ text }) => toAddress(text)));
  const added = pieces.map((text): Chip => {
    const address = toAddress(text);
    const state = address === null ? "INVALID_EMAIL" : known.has(address) ? "DUPLICATE" : "ready";
    known.add(address);
    return { id: crypto.randomUUID(), text: address ?? text, state };
  });
  return [...chips, ...added];
}

/** The chips that can be sent, in batches. */
export function batchesOf(chips: readonly Chip[]): string[][] {
  const ready = chips.filter(({ state }) => state === "ready").map(({ text }) => text);
  const batches: string[][] = [];
  for (let start = 0; start < ready.length; start += BATCH_SIZE) batches.push(ready.slice(start, start + BATCH_SIZE));
  return batches;
}

/** Moves the chips of a batch to another state. Others stay as they are. */
export function moved(chips: readonly Chip[], batch: readonly string[], stateOf: (text: string) => ChipState): Chip[] {
  const isOfBatch = ({ state, text }: Chip) => (state === "ready" || state === "sending") && batch.includes(text);
  return chips.map((chip) => (isOfBatch(chip) ? { ...chip, state: stateOf(chip.text) } : chip));
}

import type { SkippedInviteeReason } from "../../graph/generated/graphql";
import { toAddress } from "./parse-addresses";

/** Up to how many addresses one mutation invites. */
export const BATCH_SIZE = 10;

export type ChipState = "ready" | "sending" | "invited" | SkippedInviteeReason;

/** One piece of what was pasted or typed, and what became of it. */
export interface Chip {
  id: string;
  text: string;
  state: ChipState;
}

/** Adds pieces. What is no address, or was there before, is marked at once. */
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

/** The chips of a batch in another state. Others stay as they are. */
export function moved(chips: readonly Chip[], batch: readonly string[], stateOf: (text: string) => ChipState): Chip[] {
  const isOfBatch = ({ state, text }: Chip) => (state === "ready" || state === "sending") && batch.includes(text);
  return chips.map((chip) => (isOfBatch(chip) ? { ...chip, state: stateOf(chip.text) } : chip));
}

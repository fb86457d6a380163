import { Denied } from "../../domain/denial";

/**
 * Limits per document: far above what the clients send, far below what would hurt. The counts after `tokens` are of the
 * *expanded* operation: a fragment counts wherever it is spread, at every level.
 */
export const LIMITS = {
  characters: 200_000,
  tokens: 10_000,
  /** Levels of brackets in the text, of selections after expansion, and of values in the variables. */
  nesting: 64,
  /** Items in one list in the variables. */
  items: 5_000,
  fields: 1_000,
  /** Fragment definitions. */
  fragments: 100,
  aliases: 100,
  directives: 50,
  rootFields: 30,
  depth: 15,
  /** Pairs of selections with the same name in one place: validation compares each pair. */
  pairs: 20_000,
  /** The estimated number of objects in the result, by arguments and @listSize, plus the @cost of expensive fields. */
  cost: 250_000,
} as const;

/** The largest count. Fragments can double a count at a hundred levels, and it must not become Infinity or NaN. */
const CEILING = 1_000_000_000;

export function plus(one: number, other: number): number {
  return Math.min(one + other, CEILING);
}

export function times(one: number, other: number): number {
  return Math.min(one * other, CEILING);
}

/** The error for a document that exceeds a limit. */
export function tooMuch(what: string): Denied {
  return new Denied("GRAPHQL_VALIDATION_FAILED", `The document requests too much: it has ${what}.`);
}

/** Throws GRAPHQL_VALIDATION_FAILED for a count above its limit. */
export function assertWithin(count: number, limit: number, what: string): void {
  if (count <= limit) return;
  throw tooMuch(`${count >= CEILING ? `${CEILING} or more` : count} ${what}; at most ${limit} are allowed`);
}

import { Denied } from "../../domain/denial";

/**
 * What one document may ask for. Far above what the clients send, far below what would hurt. All counts below `tokens`
 * are of the *expanded* operation: a fragment counts once for every place where it is spread, at every level.
 */
export const LIMITS = {
  characters: 200_000,
  tokens: 10_000,
  /** Brackets within brackets in the text; selections within selections once it is expanded; values in the variables. */
  nesting: 64,
  /** In one list of the variables. */
  items: 5_000,
  fields: 1_000,
  /** Fragments that are defined. */
  fragments: 100,
  aliases: 100,
  directives: 50,
  rootFields: 30,
  depth: 15,
  /** Pairs of selections with one name in one place: validation compares each with each. */
  pairs: 20_000,
  /** Objects in the answer, as arguments and @listSize let expect them, and more where @cost says that more is done. */
  cost: 250_000,
} as const;

/** Counts stop here: what doubles at each of a hundred levels must neither overflow nor turn into NaN. */
const CEILING = 1_000_000_000;

export function plus(one: number, other: number): number {
  return Math.min(one + other, CEILING);
}

export function times(one: number, other: number): number {
  return Math.min(one * other, CEILING);
}

/** The error for a document beyond one of the limits, which it names. */
export function tooMuch(what: string): Denied {
  return new Denied("GRAPHQL_VALIDATION_FAILED", `The document asks for too much: it has ${what}.`);
}

/** Throws GRAPHQL_VALIDATION_FAILED for a count beyond its limit. */
export function assertWithin(count: number, limit: number, what: string): void {
  if (count <= limit) return;
  throw tooMuch(`${count >= CEILING ? `${CEILING} or more` : count} ${what}; at most ${limit} are allowed`);
}

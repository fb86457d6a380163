import confusables from "./unicode/confusables.json";
import hidden from "./unicode/hidden.json";

/*
 * How text is compared. PostgreSQL compares stored results of these functions byte by byte; it never uses lower(), ILIKE
 * or citext, because their rules depend on the database's locale.
 *
 * - Addresses are ASCII. Others are rejected before lower-casing, which would turn some of them into ASCII: the Kelvin
 *   sign in lower case is a k.
 * - Names and searches are folded (foldText): compatibility forms decomposed, case folded character by character,
 *   composed (NFKC), without invisible characters, with one space for any white space.
 * - Names that must be unique are compared by their looks as well (foldLookalikes): letters outside ASCII count as what they
 *   look like, by Unicode's table of confusables. ASCII stays as it is: "l1" and "ll" are two names.
 */

const NOT_ASCII = /[^\0-\x7F]/;
const WHITE_SPACE = /\p{White_Space}+/gu;
const IGNORABLE = /\p{Default_Ignorable_Code_Point}/gu;
/**
 * Excludes marks, which need a base character, and private and unassigned characters, which most devices cannot
 * display.
 */
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

const REPLACEMENTS = new Map(
  Object.entries(hidden).flatMap(([shown, characters]) => [...characters].map((each) => [each, shown] as const)),
);
const LOOKALIKES = new Map(
  Object.entries(confusables).flatMap(([looks, characters]) => [...characters].map((each) => [each, looks] as const)),
);

/** The text in lower case, or null if it is not all ASCII. */
export function lowerAscii(text: string): string | null {
  return NOT_ASCII.test(text) ? null : text.toLowerCase();
}

/** Whether a text has a letter, number, punctuation mark or symbol that everybody can see. */
export function hasVisibleCharacter(text: string): boolean {
  return VISIBLE.test(withoutHidden(text));
}

/** Folds text for search and for comparing names: equal for texts that differ only in case, width or composition. */
export function foldText(text: string): string {
  const folded = foldCase(withoutHidden(text).normalize("NFKD")).normalize("NFKC");
  return withoutHidden(folded).replace(WHITE_SPACE, " ").trim();
}

/** Folds text by appearance: equal for names that a reader cannot tell apart. */
export function foldLookalikes(text: string): string {
  return foldText(replaceEach(withoutHidden(text).normalize("NFD"), LOOKALIKES));
}

/**
 * Full case folding. One character at a time, because JavaScript lower-cases a sigma depending on its position. Lower
 * case first, because a capital ẞ has no upper case of its own and would not become "ss" as ß does.
 */
function foldCase(text: string): string {
  return Array.from(text, (character) => character.toLowerCase().toUpperCase().toLowerCase()).join("");
}

function withoutHidden(text: string): string {
  return replaceEach(text, REPLACEMENTS).replace(IGNORABLE, "");
}

function replaceEach(text: string, replacements: ReadonlyMap<string, string>): string {
  return Array.from(text, (character) => replacements.get(character) ?? character).join("");
}

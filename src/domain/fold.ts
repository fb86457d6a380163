import confusables from "./unicode/confusables.json";
import hidden from "./unicode/hidden.json";

/*
 * The one rule by which text is compared. PostgreSQL compares stored results of these functions, byte by byte: no
 * lower(), ILIKE or citext, whose rules depend on the database's locale.
 *
 * - Addresses are ASCII. Anything else is refused before letters are lower-cased, so that no other letter becomes one
 *   of an address: the Kelvin sign in lower case is a k.
 * - Names and searches are folded (foldText): compatibility forms decomposed, case folded character by character,
 *   composed (NFKC), without what shows nothing, with one space for any white space.
 * - Names that must be unique are compared by their looks as well (foldLooks): letters outside ASCII count as what they
 *   look like, by Unicode's table of confusables. ASCII stays as it is: "l1" and "ll" are two names.
 */

const NOT_ASCII = /[^\0-\x7F]/;
const WHITE_SPACE = /\p{White_Space}+/gu;
const IGNORABLE = /\p{Default_Ignorable_Code_Point}/gu;
/** Marks show only on something; private and unassigned characters show on nobody else's screen. */
const SHOWN = /[\p{L}\p{N}\p{P}\p{S}]/u;

const REPLACEMENTS = new Map(
  Object.entries(hidden).flatMap(([shown, characters]) => [...characters].map((each) => [each, shown] as const)),
);
const LOOKS = new Map(
  Object.entries(confusables).flatMap(([looks, characters]) => [...characters].map((each) => [each, looks] as const)),
);

/** The text in lower case where all of it is ASCII, and null where it is not. */
export function lowerAscii(text: string): string | null {
  return NOT_ASCII.test(text) ? null : text.toLowerCase();
}

/** Whether a text shows anything on a screen. */
export function showsSomething(text: string): boolean {
  return SHOWN.test(withoutHidden(text));
}

/** Text as it is searched, and as names are compared: equal for texts that differ in case, width or composition. */
export function foldText(text: string): string {
  const folded = foldCase(withoutHidden(text).normalize("NFKD")).normalize("NFKC");
  return withoutHidden(folded).replace(WHITE_SPACE, " ").trim();
}

/** Text folded by its looks: equal for names that a reader cannot tell apart. */
export function foldLooks(text: string): string {
  return foldText(replaceEach(withoutHidden(text).normalize("NFD"), LOOKS));
}

/**
 * Full case folding. Character by character, because JavaScript lower-cases a sigma by where it stands. Lower case
 * first: a capital ẞ has no upper case of its own, and would not become the two letters that ß does.
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

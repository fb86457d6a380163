import { foldLookalikes, foldText, hasVisibleCharacter } from "./fold";
import { invalidInput } from "./refusal";

export const ORGANIZATION_NAME_LIMIT = 100;
export const ORGANIZATION_DESCRIPTION_LIMIT = 500;
export const WORKSPACE_NAME_LIMIT = 255;
export const WORKSPACE_DESCRIPTION_LIMIT = 1000;
export const PERSON_NAME_LIMIT = 255;

// Control characters break logs and mails; bidirectional overrides let a name pose as another in a mail's subject.
const FORBIDDEN_IN_A_LINE = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u;
const FORBIDDEN_IN_TEXT = /(?![\n\t])[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\u202A-\u202E\u2066-\u2069]/u;

/** Parses a one-line name: trimmed, composed (NFC), 1 to `limit` characters. Refuses INVALID_INPUT at `path`. */
export function parseName(input: string, limit: number, ...path: string[]): string {
  const name = input.normalize("NFC").trim();
  if (!hasVisibleCharacter(name)) throw invalidInput("A name needs at least one visible character.", ...path);
  if (characters(name) > limit) throw invalidInput(`A name has at most ${limit} characters. Shorten it.`, ...path);
  if (FORBIDDEN_IN_A_LINE.test(name))
    throw invalidInput("A name must be one line without control characters. Remove them.", ...path);
  return name;
}

/** Parses a description: trimmed, up to `limit` characters, with line breaks. Empty becomes null. Refuses INVALID_INPUT. */
export function parseDescription(input: string | null | undefined, limit: number, ...path: string[]): string | null {
  return parseText(input, limit, "A description", ...path);
}

/** Parses free text like a description. `what` names it in the refusal. */
export function parseText(
  input: string | null | undefined,
  limit: number,
  what: string,
  ...path: string[]
): string | null {
  const text = (input ?? "").replace(/\r\n?/g, "\n").normalize("NFC").trim();
  if (characters(text) > limit) throw invalidInput(`${what} has at most ${limit} characters. Shorten it.`, ...path);
  if (FORBIDDEN_IN_TEXT.test(text))
    throw invalidInput(`${what} must have no control characters. Remove them.`, ...path);
  return text === "" ? null : text;
}

/**
 * The key by which workspace names are unique: it ignores case, width, white space and invisible characters. One
 * character can expand to eighteen; a name full of those is only lower-cased, so that every key fits the index.
 */
export function nameKey(name: string): string {
  const folded = foldText(name);
  return fitsAnIndex(folded) ? folded : name.toLowerCase();
}

/** The key by which workspace names look alike, such as "Prod" with a Cyrillic o; null if it would not fit the index. */
export function nameLooks(name: string): string | null {
  const looks = foldLookalikes(name);
  return fitsAnIndex(looks) ? looks : null;
}

function fitsAnIndex(key: string): boolean {
  return characters(key) <= 2 * WORKSPACE_NAME_LIMIT;
}

/** No stored search text is longer, so a longer search is cut. */
const SEARCH_LIMIT = 1_000;

/** Folds a search for comparison with stored search texts. An empty search becomes null. */
export function searchText(search: string | null): string | null {
  return foldText(storable((search ?? "").slice(0, SEARCH_LIMIT))) || null;
}

/** The search text of a person: name and verified address, on two lines so that no search matches across both. */
export function personSearchText(person: { name: string; email: string | null; emailVerified: boolean }): string {
  return `${foldText(person.name)}\n${(person.emailVerified && person.email) || ""}`;
}

/** Makes a token's name claim storable. Never refuses: falls back to the address's local part, then to "Somebody". */
export function personName(claimed: string | null | undefined, verifiedEmail: string | null): string {
  const name = cleanLine(claimed ?? "", PERSON_NAME_LIMIT);
  return name || cleanLine(verifiedEmail?.split("@")[0] ?? "", PERSON_NAME_LIMIT) || "Somebody";
}

/** Everybody gets an organization at sign-up, named after them: "John Doe’s Organization" (product rule, Organization). */
export function personalOrganizationName(ownerName: string): string {
  const suffix = "’s Organization";
  return `${truncate(ownerName, ORGANIZATION_NAME_LIMIT - suffix.length)}${suffix}`;
}

/** Replaces lone surrogates and NULs, which PostgreSQL cannot store, by the replacement character. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\uFFFD");
}

/** The length in code points, as PostgreSQL's varchar counts it. */
export function characters(text: string): number {
  return [...text].length;
}

function cleanLine(text: string, limit: number): string {
  const line = text.toWellFormed().replaceAll(new RegExp(FORBIDDEN_IN_A_LINE, "gu"), " ").normalize("NFC").trim();
  return hasVisibleCharacter(line) ? truncate(line, limit) : "";
}

function truncate(text: string, limit: number): string {
  return [...text].slice(0, limit).join("").trimEnd();
}

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

/** A name of one line: trimmed, composed (NFC), 1 to `limit` characters. Refuses INVALID_INPUT at `path`. */
export function parseName(input: string, limit: number, ...path: string[]): string {
  const name = input.normalize("NFC").trim();
  if (!hasVisibleCharacter(name)) throw invalidInput("A name needs at least one visible character.", ...path);
  if (characters(name) > limit) throw invalidInput(`A name has at most ${limit} characters.`, ...path);
  if (FORBIDDEN_IN_A_LINE.test(name)) throw invalidInput("A name is one line without control characters.", ...path);
  return name;
}

/** A description: trimmed, up to `limit` characters, line breaks allowed; null where nothing is left. */
export function parseDescription(input: string | null | undefined, limit: number, ...path: string[]): string | null {
  const text = (input ?? "").replace(/\r\n?/g, "\n").normalize("NFC").trim();
  if (characters(text) > limit) throw invalidInput(`A description has at most ${limit} characters.`, ...path);
  if (FORBIDDEN_IN_TEXT.test(text)) throw invalidInput("A description has no control characters.", ...path);
  return text === "" ? null : text;
}

/**
 * What makes two workspace names the same: case, width, white space and what shows nothing do not count. Some single
 * characters have compatibility forms of eighteen; a name made of those is compared without, so that a key always fits
 * an index.
 */
export function nameKey(name: string): string {
  const folded = foldText(name);
  return fitsAnIndex(folded) ? folded : name.toLowerCase();
}

/** What makes two workspace names look the same, as "Prod" with a Cyrillic o does; null where it would fit no index. */
export function nameLooks(name: string): string | null {
  const looks = foldLookalikes(name);
  return fitsAnIndex(looks) ? looks : null;
}

function fitsAnIndex(key: string): boolean {
  return characters(key) <= 2 * WORKSPACE_NAME_LIMIT;
}

/** A longer search can match no name. */
const SEARCH_LIMIT = 1_000;

/** A search as it is compared with stored search texts; null where it asks for nothing. */
export function searchText(search: string | null): string | null {
  return foldText(storable((search ?? "").slice(0, SEARCH_LIMIT))) || null;
}

/** What a person is found by: their name, and their address once it is verified. No search reaches over both lines. */
export function personSearchText(person: { name: string; email: string | null; emailVerified: boolean }): string {
  return `${foldText(person.name)}\n${(person.emailVerified && person.email) || ""}`;
}

/** A person's name as a token tells it, made fit to store; identity providers are not refused over a name. */
export function personName(claimed: string | null | undefined, verifiedEmail: string | null): string {
  const name = cleanLine(claimed ?? "", PERSON_NAME_LIMIT);
  return name || cleanLine(verifiedEmail?.split("@")[0] ?? "", PERSON_NAME_LIMIT) || "Somebody";
}

/** The name of the organization that everybody gets at sign-up: the owner's full name with a possessive. */
export function personalOrganizationName(ownerName: string): string {
  const suffix = "’s Organization";
  return `${truncate(ownerName, ORGANIZATION_NAME_LIMIT - suffix.length)}${suffix}`;
}

/** Text as PostgreSQL can keep it: half surrogate pairs and NULs, which it cannot, become the replacement character. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\uFFFD");
}

/** The length in characters (code points), as PostgreSQL's varchar counts. */
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

import { invalidInput } from "./refusal";

export const ORGANIZATION_NAME_LIMIT = 100;
export const ORGANIZATION_DESCRIPTION_LIMIT = 500;
export const WORKSPACE_NAME_LIMIT = 255;
export const WORKSPACE_DESCRIPTION_LIMIT = 1000;
export const PERSON_NAME_LIMIT = 255;

// Control characters break logs and mails; bidirectional overrides let a name pose as another in a mail's subject.
const FORBIDDEN_IN_A_LINE = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u;
const FORBIDDEN_IN_TEXT = /(?![\n\t])[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\u202A-\u202E\u2066-\u2069]/u;
const INVISIBLE = /[\p{White_Space}\p{Default_Ignorable_Code_Point}]/gu;

/** A name of one line: trimmed, composed (NFC), 1 to `limit` characters. Refuses INVALID_INPUT at `path`. */
export function parseName(input: string, limit: number, ...path: string[]): string {
  const name = input.normalize("NFC").trim();
  if (name.replace(INVISIBLE, "") === "") throw invalidInput("A name needs at least one visible character.", ...path);
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
 * What makes two workspace names the same: case and width do not count. Some single characters have compatibility
 * forms of eighteen; a name made of those is compared without, so that a key always fits an index.
 */
export function nameKey(name: string): string {
  // Lower first: a capital ẞ has no upper case of its own, and would not become the two letters that ß does.
  const folded = name.normalize("NFKC").toLowerCase().toUpperCase().toLowerCase().normalize("NFKC");
  return characters(folded) <= 2 * WORKSPACE_NAME_LIMIT ? folded : name.toLowerCase();
}

/** A person's name as a token tells it, made fit to store; identity providers are not refused over a name. */
export function personName(told: string | null | undefined, email: string | null): string {
  const name = cleanLine(told ?? "", PERSON_NAME_LIMIT);
  return name || cleanLine(email?.split("@")[0] ?? "", PERSON_NAME_LIMIT) || "Somebody";
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
  return line.replace(INVISIBLE, "") === "" ? "" : truncate(line, limit);
}

function truncate(text: string, limit: number): string {
  return [...text].slice(0, limit).join("").trimEnd();
}

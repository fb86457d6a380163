import type { Variables } from "./config";
import { Environment } from "./environment";

/** A variable that the service does not know, and the likely intended one. */
export interface Misspelled {
  name: string;
  meant: string;
}

/** Variables of the other commands of this package (`npm run gateway` and the development scripts). */
const OF_OTHER_COMMANDS = ["GATEWAY_PORT", "ORGANIZATIONS_URL", "SCHEMA_BASE"];
const OURS = Object.keys(Environment.shape);
const KNOWN = new Set([...OURS, ...OF_OTHER_COMMANDS]);

/** Words that people mix up. */
const SYNONYMS: Readonly<Record<string, string>> = {
  URI: "URL",
  DIRECTORY: "DIR",
  DB: "DATABASE",
  MS: "",
  AUD: "AUDIENCE",
};
/** Kubernetes describes a service called "redis" or "gateway" in variables such as REDIS_PORT and GATEWAY_SERVICE_HOST. */
const OF_KUBERNETES = /_(SERVICE_HOST|SERVICE_PORT\w*|PORT(_\d+_(TCP|UDP)\w*)?)$/;
/** Prefixes that no other software uses. */
const OUR_PREFIXES = /^(CLOUDTHINKER|ORGANIZATIONS)_/;

/**
 * Finds variables that look like ours but are misspelled: letters are missing, doubled, wrong or swapped, words are
 * missing, singular, plural or in another order. The service would silently ignore them. Reads names, never values.
 */
export function misspelledVariables(variables: Variables): Misspelled[] {
  return Object.keys(variables).flatMap((name) => {
    if (variables[name] === undefined || KNOWN.has(name) || /^npm_/i.test(name)) return [];
    const plain = name.toUpperCase().replaceAll("-", "_").replace(OUR_PREFIXES, "");
    if (OF_KUBERNETES.test(plain) && !KNOWN.has(plain)) return [];
    const meant = OURS.find((ours) => ours === plain) ?? OURS.find((ours) => isLike(wordsOf(plain), wordsOf(ours)));
    return meant ? [{ name, meant }] : [];
  });
}

/** A warning in one line, without the value. */
export function describeMisspelled({ name, meant }: Misspelled): string {
  return `${name}: not a variable of this service, so it has no effect. Did you mean ${meant}?`;
}

function wordsOf(name: string): string[] {
  const words = name
    .split("_")
    .map((word) => (word in SYNONYMS ? (SYNONYMS[word] ?? "") : word.replace(/(?<=..)S$/, "")));
  return words.filter(Boolean);
}

function isLike(words: string[], ours: string[]): boolean {
  const [joined, ourJoined] = [words.join(""), ours.join("")];
  // DATABASEURL, GATEWAY__SECRETS
  if (joined === ourJoined) return true;
  if ([...words].sort().join() === [...ours].sort().join()) return true;
  if (words.length === ours.length) return words.every((word, index) => isTypo(word, ours[index] ?? ""));
  // Missing words, as in STRIPE_SECRET or AUTH_JWKS. AUTH_URL is too vague to mean AUTH_JWKS_URL.
  const isPart = words.length < ours.length && words.every((word) => ours.includes(word)) && words[0] === ours[0];
  if (isPart && words.length >= 2 && words.at(-1) !== "URL") return true;
  // DATABSEURL, DATA_BASE_URL
  return (
    ourJoined.length >= 7 &&
    Math.abs(words.length - ours.length) === 1 &&
    distance(joined, ourJoined) <= 1 &&
    !/\d/.test(joined)
  );
}

/** Short words must have the same letters: S3, SES and STS differ in meaning. Words with digits match exactly: AUTH0. */
function isTypo(word: string, ours: string): boolean {
  if (word === ours) return true;
  if (/\d/.test(word)) return false;
  if (ours.length <= 3) return [...word].sort().join() === [...ours].sort().join();
  return distance(word, ours) <= (ours.length >= 7 ? 2 : 1);
}

/** The Damerau-Levenshtein distance: letters that are missing, added, wrong, or swapped with their neighbour. */
function distance(a: string, b: string): number {
  const rows: number[][] = Array.from({ length: a.length + 1 }, (_, i) => [i]);
  const at = (i: number, j: number) => rows[i]?.[j] ?? 0;
  for (let j = 1; j <= b.length; j++) rows[0]?.push(j);
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const options = [at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + (isSame ? 0 : 1)];
      rows[i]?.push(Math.min(...options, ...(isSwapped ? [at(i - 2, j - 2) + 1] : [])));
    }
  }
  return at(a.length, b.length);
}

/** A person with a name, such as `"Doe, John" <john@example.com>`, or anything between two separators. */
const PIECE = /"[^"\n]*"\s*<[^<>\n]*>|[^,;\n\r\t]+/g;
/** Without the flag `u`, `i` matches ASCII letters only: in lower case, the Kelvin sign would become a k. */
const ADDRESS = /^[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+$/i;
const MAX_LENGTH = 254;

/**
 * The pieces of a pasted or typed text, such as `Ada <ada@example.com>, grace@example.com`: addresses and other texts.
 */
export function piecesIn(text: string): string[] {
  return (text.match(PIECE) ?? []).flatMap(unwrap).filter(Boolean);
}

/** The addresses in a CSV file, in any column. Names, headings and roles are left out. */
export function addressesInCsv(text: string): string[] {
  return piecesIn(text)
    .map((piece) => piece.replace(/^"|"$/g, ""))
    .filter((piece) => piece.includes("@"));
}

/** The address in the form that the service compares, or null if it is none. The service has the last word. */
export function toAddress(piece: string): string | null {
  const address = piece.trim();
  return address.length <= MAX_LENGTH && ADDRESS.test(address) ? address.toLowerCase() : null;
}

function unwrap(piece: string): string[] {
  const bracketed = /<([^<>]+)>/.exec(piece)?.[1];
  if (bracketed) return [bracketed.trim()];
  const words = piece.trim().split(/\s+/);
  // Splits addresses that only spaces separate. Any other text stays whole.
  return words.every((word) => word.includes("@")) ? words : [words.join(" ")];
}

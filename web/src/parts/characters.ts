/** The length of a text as the service limits it: its code points, composed, without white space at its ends. */
export function characters(text: string): number {
  return [...text.replace(/\r\n?/g, "\n").normalize("NFC").trim()].length;
}

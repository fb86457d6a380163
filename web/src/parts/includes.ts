/**
 * Whether a name contains a search. Both are folded as in the service's searches: a sigma has one form for every place
 * in a word, and neither case, width, composition nor invisible characters count.
 */
export function includes(name: string, search: string): boolean {
  return fold(name).includes(fold(search));
}

function fold(text: string): string {
  const folded = Array.from(text.normalize("NFKD"), (each) => each.toLowerCase().toUpperCase().toLowerCase()).join("");
  const shown = folded.normalize("NFKC").replace(/\p{Default_Ignorable_Code_Point}/gu, "");
  return shown.replace(/\p{White_Space}+/gu, " ").trim();
}

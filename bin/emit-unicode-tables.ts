import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { detect } from "out-of-character";

/**
 * Writes the Unicode tables of src/domain, so that the domain imports no package: invisible characters (from the package
 * out-of-character), and characters that look like others (from unhomoglyph, which has Unicode's confusables.txt). With
 * --check, fails if a file is stale.
 */
const FOLDER = path.join(__dirname, "..", "src", "domain", "unicode");
const LAST_CODE_POINT = 0x10ffff;

/** The files' contents by name. */
export function unicodeTables(): Record<string, string> {
  return { "hidden.json": json(hidden()), "confusables.json": json(confusables()) };
}

/** Invisible characters by their replacement: nothing, or a space if the character has a width. */
function hidden(): Record<string, string> {
  const found: Record<string, string> = { "": "", " ": "" };
  for (let code = 0x80; code <= LAST_CODE_POINT; code++) {
    const character = String.fromCodePoint(code);
    if (/[\p{Cs}\p{Co}\p{Cn}]/u.test(character)) continue;
    const [match] = detect(character) ?? [];
    // Vowel signs and other marks are visible with their base character.
    if (/(?!\p{Default_Ignorable_Code_Point})\p{M}/u.test(character)) continue;
    if (match && (match.replacement === "" || match.replacement === " ")) found[match.replacement] += character;
  }
  return found;
}

/** Characters outside ASCII by the text that they look like. */
function confusables(): Record<string, string> {
  const data = JSON.parse(readFileSync(require.resolve("unhomoglyph/data.json"), "utf8")) as Record<string, string>;
  const found: Record<string, string> = {};
  for (const [character, prototype] of Object.entries(data)) {
    if (character === prototype || character.length === 0 || character.charCodeAt(0) < 0x80) continue;
    if ([...character].length === 1) found[prototype] = (found[prototype] ?? "") + character;
  }
  return found;
}

/** Escapes all characters outside ASCII: many would be invisible in the file. */
function json(table: Record<string, string>): string {
  const escaped = JSON.stringify(table, null, 2).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `${escaped}\n`;
}

if (require.main === module) {
  for (const [name, text] of Object.entries(unicodeTables())) {
    const file = path.join(FOLDER, name);
    if (!process.argv.includes("--check")) {
      writeFileSync(file, text);
    } else if (readFileSync(file, "utf8") !== text) {
      process.stderr.write(
        `src/domain/unicode/${name} is stale: run npm run unicode:emit and review the difference.\n`,
      );
      process.exitCode = 1;
    }
  }
}

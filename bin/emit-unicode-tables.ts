import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { detect } from "out-of-character";

/**
 * Writes what src/domain needs of two maintained tables of Unicode, so that the domain imports no package: characters
 * that show nothing (out-of-character), and characters that look like others (unhomoglyph, of Unicode's
 * confusables.txt). With --check, only says whether both files are current.
 */
const FOLDER = path.join(__dirname, "..", "src", "domain", "unicode");
const LAST_CODE_POINT = 0x10ffff;

/** Both files, by name. */
export function unicodeTables(): Record<string, string> {
  return { "hidden.json": json(hidden()), "confusables.json": json(confusables()) };
}

/** What stands in the place of each character that shows nothing: nothing, or a space where it takes up room. */
function hidden(): Record<string, string> {
  const found: Record<string, string> = { "": "", " ": "" };
  for (let code = 0x80; code <= LAST_CODE_POINT; code++) {
    const character = String.fromCodePoint(code);
    if (/[\p{Cs}\p{Co}\p{Cn}]/u.test(character)) continue;
    const [match] = detect(character) ?? [];
    // A vowel sign shows with its consonant.
    if (/(?!\p{Default_Ignorable_Code_Point})\p{M}/u.test(character)) continue;
    if (match && (match.replacement === "" || match.replacement === " ")) found[match.replacement] += character;
  }
  return found;
}

/** All characters outside ASCII that look like another text, by that text. What ASCII's look like is left alone. */
function confusables(): Record<string, string> {
  const data = JSON.parse(readFileSync(require.resolve("unhomoglyph/data.json"), "utf8")) as Record<string, string>;
  const found: Record<string, string> = {};
  for (const [character, prototype] of Object.entries(data)) {
    if (character === prototype || character.length === 0 || character.charCodeAt(0) < 0x80) continue;
    if ([...character].length === 1) found[prototype] = (found[prototype] ?? "") + character;
  }
  return found;
}

/** Escaped: what shows nothing, or stands upside down, is of no use to a reader of the file. */
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

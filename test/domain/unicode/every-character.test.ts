import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Client } from "pg";
import { unicodeTables } from "../../../bin/emit-unicode-tables";
import { parseEmailAddress } from "../../../src/domain/email-address";
import { foldText, hasVisibleCharacter } from "../../../src/domain/fold";
import { toAddress } from "../../../web/src/pages/invite/parse-addresses";

// Slow, or needs a database, and so is separate from the tests that `npm run mutate` runs for every mutation.

const LAST = 0x10ffff;
const isSurrogate = (code: number) => code >= 0xd800 && code <= 0xdfff;

/** All code points of Unicode in order. */
function* everyCharacter(from = 0): Generator<string> {
  for (let code = from; code <= LAST; code++) if (!isSurrogate(code)) yield String.fromCodePoint(code);
}

test("no character outside ASCII becomes part of an address, in any place", () => {
  const wrong: string[] = [];
  for (const character of everyCharacter(0x80)) {
    const written = [`${character}ate@example.com`, `kate@exampl${character}.com`, `kate@example.com${character}`];
    if (toAddress(`k${character}te@example.com`) !== null) wrong.push(`${character} in the console`);
    for (const address of [...written, `${character}kate@example.com`]) {
      if (parseEmailAddress(address) !== null) wrong.push(address);
    }
  }
  expect(wrong).toEqual([]);
});

test("folding is stable for all of Unicode, regardless of case and composition", () => {
  const wrong: string[] = [];
  for (const character of everyCharacter()) {
    // Seven of eight are unassigned or private, and have neither case nor forms.
    if (/[\p{Cn}\p{Co}]/u.test(character)) continue;
    const folded = foldText(character);
    const others = new Set([folded, character.toLowerCase(), character.toUpperCase()]);
    for (const form of ["NFC", "NFD", "NFKC", "NFKD"]) others.add(character.normalize(form));
    others.delete(character);
    for (const other of others) if (foldText(other) !== folded) wrong.push(`${character} ${other}`);
  }
  expect(wrong).toEqual([]);
});

test("folding equals PostgreSQL's full case folding", async () => {
  const client = new Client({ connectionString: process.env.TEST_DATABASE_URL });
  await client.connect();
  // The others fold to themselves.
  const { rows } = await client.query<{ character: string; folded: string }>(
    `SELECT character, casefold(character) AS folded
     FROM (SELECT chr(n) COLLATE "pg_unicode_fast" AS character
           FROM generate_series(1, $1) n WHERE n NOT BETWEEN 55296 AND 57343) characters
     WHERE casefold(character) <> character`,
    [LAST],
  );
  await client.end();
  expect(rows.length).toBeGreaterThan(1_400);
  const wrong = rows.filter(({ character, folded }) => foldText(character) !== foldText(folded));
  expect(wrong).toEqual([]);
});

test("no statement folds by the database's locale", () => {
  const root = path.join(__dirname, "..", "..", "..", "src");
  const files = readdirSync(root, { recursive: true }).map(String);
  const folding = files
    .filter((file) => file.endsWith(".ts") && !file.endsWith("domain/fold.ts"))
    .filter((file) =>
      /\b(ILIKE|citext|casefold)\b|\b(lower|upper|normalize)\([a-z]+\.[a-z_]+\)/i.test(
        readFileSync(path.join(root, file), "utf8"),
      ),
    );
  expect(folding).toEqual([]);
});

test("the tables of Unicode equal the packages'", () => {
  for (const [name, text] of Object.entries(unicodeTables())) {
    const file = path.join(__dirname, "..", "..", "..", "src", "domain", "unicode", name);
    expect(readFileSync(file, "utf8")).toBe(text);
  }
});

test("everything that Unicode calls ignorable or white space is invisible", () => {
  const shown = [];
  for (const character of everyCharacter()) {
    if (/[\p{Default_Ignorable_Code_Point}\p{White_Space}]/u.test(character) && hasVisibleCharacter(character)) {
      shown.push(character);
    }
  }
  expect(shown).toEqual([]);
});

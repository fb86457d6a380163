import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Client } from "pg";
import { unicodeTables } from "../../bin/emit-unicode-tables";
import { parseEmailAddress } from "../../src/domain/email-address";
import { foldLooks, foldText, showsSomething } from "../../src/domain/fold";
import { parseInvitees } from "../../src/domain/invitation";
import { nameKey, nameLooks, parseName, personName, personSearchText, searchText } from "../../src/domain/text";

const LAST = 0x10ffff;
const isSurrogate = (code: number) => code >= 0xd800 && code <= 0xdfff;

/** All code points of Unicode, one after the other. */
function* everyCharacter(from = 0): Generator<string> {
  for (let code = from; code <= LAST; code++) if (!isSurrogate(code)) yield String.fromCodePoint(code);
}

test("no character outside ASCII becomes part of an address, wherever it stands", () => {
  const wrong: string[] = [];
  for (const character of everyCharacter(0x80)) {
    const written = [`${character}ate@example.com`, `kate@exampl${character}.com`, `kate@example.com${character}`];
    for (const address of [...written, `${character}kate@example.com`]) {
      if (parseEmailAddress(address) !== null) wrong.push(address);
    }
  }
  expect(wrong).toEqual([]);
});

test("an invitation to an address with a Kelvin sign is none to kate", () => {
  expect(parseInvitees(["\u212Aate@example.com", "Kate@Example.com"])).toEqual({
    addresses: ["kate@example.com"],
    skipped: [{ email: "\u212Aate@example.com", reason: "INVALID_EMAIL" }],
  });
});

test("folding is stable over all of Unicode, whatever the case and the composition", () => {
  const wrong: string[] = [];
  for (const character of everyCharacter()) {
    // Unassigned and private ones, seven of eight, have neither case nor forms.
    if (/[\p{Cn}\p{Co}]/u.test(character)) continue;
    const folded = foldText(character);
    const others = [folded, character.toLowerCase(), character.toUpperCase()];
    const forms = (["NFC", "NFD", "NFKC", "NFKD"] as const).map((form) => character.normalize(form));
    for (const other of [...others, ...forms]) if (foldText(other) !== folded) wrong.push(`${character} ${other}`);
  }
  expect(wrong).toEqual([]);
});

test("folding agrees with Unicode's full case folding, as PostgreSQL has it", async () => {
  const client = new Client({ connectionString: process.env.TEST_DATABASE_URL });
  await client.connect();
  const { rows } = await client.query(
    `SELECT chr(n) AS character, casefold(chr(n) COLLATE "pg_unicode_fast") AS folded
     FROM generate_series(1, $1) n WHERE n NOT BETWEEN 55296 AND 57343`,
    [LAST],
  );
  await client.end();
  expect(rows).toHaveLength(LAST - 2048);
  const wrong = rows.filter(({ character, folded }) => foldText(character) !== foldText(folded));
  expect(wrong).toEqual([]);
});

test("no statement folds by the rules of the database's locale", () => {
  const root = path.join(__dirname, "..", "..", "src");
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

test("the tables of Unicode are those of the packages", () => {
  for (const [name, text] of Object.entries(unicodeTables())) {
    const file = path.join(__dirname, "..", "..", "src", "domain", "unicode", name);
    expect(readFileSync(file, "utf8")).toBe(text);
  }
});

const BLANKS = [
  "\u2800",
  "\u3164",
  "\u115F",
  "\u1160",
  "\uFFA0",
  "\u200B",
  "\u2060",
  "\u034F",
  "\u{1D159}",
  "\u{E0020}",
];

test.each([...BLANKS, "\u00A0", "\u0301", "\uE000", "\u2800 \u200B", "\uFE0F"])(
  "a name of %j shows nothing",
  (name) => {
    expect(showsSomething(name)).toBe(false);
    expect(() => parseName(name, 100)).toThrow("A name needs at least one visible character.");
    expect(personName(name, null)).toBe("Somebody");
  },
);

test.each(["a", "1", "-", "…", "🚀", "⠓⠊", "名", "ไทย", "ﷺ", "👨‍👩‍👧", "€"])("a name of %j shows something", (name) => {
  expect(parseName(name, 100)).toBe(name);
});

test("whatever Unicode calls ignorable, or white space, shows nothing", () => {
  const shown = [];
  for (const character of everyCharacter()) {
    if (/[\p{Default_Ignorable_Code_Point}\p{White_Space}]/u.test(character) && showsSomething(character)) {
      shown.push(character);
    }
  }
  expect(shown).toEqual([]);
});

test.each([
  ["Brexit", "Bre\u200Bxit"],
  ["Brexit", "Br\u00ADexit\uFEFF"],
  ["Brexit", "B\u{E0072}rexit"],
  ["Test 3", "Test  3"],
  ["Test 3", "Test\u00A0 \u30003"],
  ["Test 3", "Test\u28003"],
  ["Test 3", "\u3164Test\u3164 3\u2800"],
  ["Straße", "STRASSE"],
  ["ΣΊΣΥΦΟΣ", "σίσυφος"],
  ["Москва", "МОСКВА"],
  ["ﬁnance", "FINANCE"],
])("%j and %j are one name", (one, other) => expect(nameKey(other)).toBe(nameKey(one)));

test.each([
  ["Prod", "Рrоd"],
  ["BACK", "ВАСК"],
  ["scope", "ѕсоре"],
  ["Alpha", "Αlpha"],
  ["Café", "Сafé"],
])("%j and %j look the same", (one, other) => {
  expect(nameKey(other)).not.toBe(nameKey(one));
  expect(nameLooks(other)).toBe(nameLooks(one));
});

test.each([
  ["l1", "ll"],
  ["Test 3", "Test3"],
  ["team-0", "team-O"],
  ["rn", "m"],
  ["Resume", "Résumé"],
])("%j and %j stay two names", (one, other) => {
  expect(nameKey(other)).not.toBe(nameKey(one));
  expect(nameLooks(other)).not.toBe(nameLooks(one));
});

test("a key always fits an index", () => {
  for (const character of ["\uFDFA", "\u{1D160}", "ΐ", "\u3300"]) {
    const name = character.repeat(255);
    expect(Buffer.byteLength(nameKey(name))).toBeLessThan(2_600);
    expect(Buffer.byteLength(nameLooks(name) ?? "")).toBeLessThan(2_600);
  }
});

test("what is searched is folded, on both sides, and an unverified address is not found", () => {
  expect(searchText("  ΟΣ ")).toBe("οσ");
  expect(searchText(" \u200B ")).toBeNull();
  expect(searchText(null)).toBeNull();
  const person = { name: "ΣΊΣΥΦΟΣ", email: "kate@example.com", emailVerified: true };
  expect(personSearchText(person)).toBe("σίσυφοσ\nkate@example.com");
  expect(personSearchText({ ...person, emailVerified: false })).toBe("σίσυφοσ\n");
  expect(foldLooks("")).toBe("");
});

import { nameKey, nameLooks, parseName, personName, personSearchText, searchText } from "../../src/domain/text";

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

test.each([...BLANKS, "\u00A0", "\u0301", "\uE000", "\u2800 \u200B", "\uFE0F"])("the name %j is invisible", (name) => {
  expect(() => parseName(name, 100)).toThrow("A name needs at least one visible character.");
  expect(personName(name, null)).toBe("Somebody");
});

test.each(["a", "1", "-", "…", "🚀", "⠓⠊", "名", "ไทย", "ﷺ", "👨‍👩‍👧", "€"])("the name %j is visible", (name) => {
  expect(parseName(name, 100)).toBe(name);
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
])("%j and %j are the same name", (one, other) => expect(nameKey(other)).toBe(nameKey(one)));

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
])("%j and %j are different names", (one, other) => {
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

test("a search folds both sides, and does not find an unverified address", () => {
  expect(searchText("  ΟΣ ")).toBe("οσ");
  expect(searchText(" \u200B ")).toBeNull();
  expect(searchText(null)).toBeNull();
  // Longer than any name.
  expect(searchText("x".repeat(1_001))).toBe("x".repeat(1_000));
  const person = { name: "ΣΊΣΥΦΟΣ", email: "kate@example.com", emailVerified: true };
  expect(personSearchText(person)).toBe("σίσυφοσ\nkate@example.com");
  expect(personSearchText({ ...person, emailVerified: false })).toBe("σίσυφοσ\n");
});

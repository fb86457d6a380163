import { foldLookalikes, foldText, hasVisibleCharacter, lowerAscii } from "../../src/domain/fold";

test.each([
  ["", ""],
  ["KATE@Example.com", "kate@example.com"],
  ["\0\u007F", "\0\u007F"],
  ["\u0080", null],
  ["kat\u00E9", null],
  // The Kelvin sign: its lower case is an ASCII k.
  ["\u212Aate", null],
  ["👩", null],
])("%j in lower-case ASCII is %j", (text, lower) => expect(lowerAscii(text)).toBe(lower));

test.each(["a", "名", "1", "①", "-", "…", "€", "🚀", "⠓", "ﷺ", "ไ", "\u200Ba"])("%j shows something", (text) => {
  expect(hasVisibleCharacter(text)).toBe(true);
});

test.each([
  ["nothing", ""],
  ["white space", " \t\n\u00A0\u3000"],
  ["marks without a letter", "\u0301\uFE0F"],
  ["private and unassigned characters", "\uE000\u0378"],
  // Unicode calls these letters and symbols, but they are blank on every screen.
  ["Hangul fillers", "\u115F\u1160\u3164\uFFA0"],
  ["empty Braille patterns", "\u2800\u2800"],
  ["what is ignorable", "\u200B\u2060\u00AD\u034F\u{E0020}"],
  ["a musical null note head", "\u{1D159}"],
])("%s shows nothing", (_, text) => expect(hasVisibleCharacter(text)).toBe(false));

test.each([
  ["Prod", "prod"],
  ["ÉCOLE", "école"],
  ["E\u0301cole", "école"],
  ["Straße", "strasse"],
  ["STRAẞE", "strasse"],
  ["ﬁnance", "finance"],
  ["①", "1"],
  ["ＰＲＯＤ", "prod"],
  ["  a \t\n b\u00A0\u3000c  ", "a b c"],
  ["\u3164a\u2800b\u3164", "a b"],
  ["a\u2800b\u2800c", "a b c"],
  ["a\u200B\u00ADb\uFEFF\u{E0072}", "ab"],
  // Unassigned, but already ignorable.
  ["a\uFFF0b\u{E0FFF}", "ab"],
  // The sigma at the end of a word is the same letter.
  ["ΣΊΣΥΦΟΣ", "σίσυφοσ"],
  ["İ", "i\u0307"],
  ["ᾼ", "αι"],
  // A diaeresis alone is decomposed into a space and a mark.
  ["\u00A8", "\u0308"],
  ["a\u00A8", "a \u0308"],
])("%j is folded to %j", (text, folded) => expect(foldText(text)).toBe(folded));

test.each([
  ["", ""],
  ["Prod", "prod"],
  ["Рrоd", "prod"],
  ["ΑΒ", "ab"],
  ["Сafé", "café"],
  ["Cafe\u0301", "café"],
  ["С\u200Bafé", "café"],
  // ASCII does not change.
  ["l1I|0O", "l1i|0o"],
  ["rn m", "rn m"],
])("%j looks like %j", (text, looks) => expect(foldLookalikes(text)).toBe(looks));

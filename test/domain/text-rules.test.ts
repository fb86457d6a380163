import { refusalOf } from "../../src/domain/refusal";
import * as domain from "../../src/domain/text";

test("the limits equal the product's", () => {
  expect(domain).toMatchObject({
    ...{ ORGANIZATION_NAME_LIMIT: 100, ORGANIZATION_DESCRIPTION_LIMIT: 500, PERSON_NAME_LIMIT: 255 },
    ...{ WORKSPACE_NAME_LIMIT: 255, WORKSPACE_DESCRIPTION_LIMIT: 1000 },
  });
});

test.each([
  ["Acme", "Acme"],
  ["  Acme  Inc. ", /^Acme +Inc\.$/],
  ["E\u0301cole", "École"],
  ["日本", "日本"],
  ["👩‍💻", "👩‍💻"],
  ["a".repeat(100), "a".repeat(100)],
  ["🎉".repeat(100), "🎉".repeat(100)],
  [` ${"a".repeat(100)} `, "a".repeat(100)],
  // A hundred characters after composition.
  ["e\u0301".repeat(100), "é".repeat(100)],
])("the name %j is stored as %s", (typed, stored) => {
  const name = domain.parseName(typed, 100, "name");
  if (typeof stored === "string") expect(name).toBe(stored);
  else expect(name).toMatch(stored);
});

test.each([
  ["", /at least one visible character/],
  ["  \t\n", /at least one visible character/],
  ["\u200b\u200d", /at least one visible character/],
  ["\u00a0\u3000", /at least one visible character/],
  ["\u2060\ufeff\u00ad", /at least one visible character/],
  ["a".repeat(101), /at most 100 characters/],
  ["🎉".repeat(101), /at most 100 characters/],
  ["two\nlines", /one line without control/],
  ["a\tb", /one line without control/],
  ["a\0b", /one line without control/],
  ["a\u007fb", /one line without control/],
  ["a\u0085b", /one line without control/],
  ["a\u2028b", /one line without control/],
  ["a\u2029b", /one line without control/],
  ["a\ud800b", /one line without control/],
  ["a\udfffb", /one line without control/],
  ["a\ufffeb", /one line without control/],
  ["a\u202eb", /one line without control/],
  ["a\u202ab", /one line without control/],
  ["a\u2066b", /one line without control/],
  ["a\u2069b", /one line without control/],
])("the name %j is refused", (typed, message) => {
  const refusal = refusalOf(() => domain.parseName(typed, 100, "workspaces", "0", "name"));
  expect(refusal).toMatchObject({ code: "INVALID_INPUT", path: ["workspaces", "0", "name"] });
  expect(refusal?.message).toMatch(message);
});

test.each([
  ["Purpose.", "Purpose."],
  [" a \n", "a"],
  ["one\r\ntwo\rthree\nfour", "one\ntwo\nthree\nfour"],
  ["one\r\n\r\ntwo", "one\n\ntwo"],
  ["a\tb", "a\tb"],
  ["E\u0301", "É"],
  ["a\u2028b", "a\u2028b"],
  ["x".repeat(500), "x".repeat(500)],
  ["", null],
  [" \n ", null],
  [null, null],
  [undefined, null],
])("the description %j is stored as %j", (typed, stored) => {
  expect(domain.parseDescription(typed, 500, "description")).toBe(stored);
});

test.each([
  ["x".repeat(501), /at most 500 characters/],
  ["a\0b", /no control characters/],
  ["a\u0007b", /no control characters/],
  ["a\u000bb", /no control characters/],
  ["a\ud800b", /no control characters/],
  ["a\uffffb", /no control characters/],
  ["a\u202eb", /no control characters/],
  ["a\u2067b", /no control characters/],
])("the description %j is refused", (typed, message) => {
  const refusal = refusalOf(() => domain.parseDescription(typed, 500, "description"));
  expect(refusal).toMatchObject({ code: "INVALID_INPUT", path: ["description"] });
  expect(refusal?.message).toMatch(message);
});

test.each([
  ["Production", "pRODUCTION", true],
  ["İstanbul", "i\u0307stanbul", true],
  ["ﬁn", "FIN", true],
  ["①", "1", true],
  ["Prod", "Prod 2", false],
  ["a", "b", false],
])("%j and %j are the same name: %s", (one, other, isOne) => {
  expect(domain.nameKey(one) === domain.nameKey(other)).toBe(isOne);
});

test("a key is in lower case, like stored keys", () => {
  expect(["BETA", "Ä", "straße"].map(domain.nameKey)).toEqual(["beta", "ä", "strasse"]);
});

test("a key always fits an index, even if characters of a name expand", () => {
  // The compatibility form of this character has eighteen characters.
  const unfolding = "\ufdfa";
  expect([...unfolding.normalize("NFKC")]).toHaveLength(18);
  const key = (count: number) => domain.characters(domain.nameKey(unfolding.repeat(count)));
  expect(key(28)).toBe(504);
  expect(key(29)).toBe(29);
  expect(domain.nameKey(`${unfolding.repeat(29)}A`)).toBe(`${unfolding.repeat(29)}a`);
  // 510 is twice the length of the longest name, and fits.
  expect(key(28) + domain.characters(domain.nameKey("abcdef"))).toBe(510);
  expect(domain.characters(domain.nameKey(`${unfolding.repeat(28)}abcdef`))).toBe(510);
  expect(domain.characters(domain.nameKey(`${unfolding.repeat(28)}abcdefg`))).toBe(35);
});

test.each([
  ["Ada Lovelace", "ada@example.com", "Ada Lovelace"],
  ["  Ada ", null, "Ada"],
  ["E\u0301mile", null, "Émile"],
  ["Ada\nLovelace", null, "Ada Lovelace"],
  ["Ada\u202eLovelace", null, "Ada Lovelace"],
  ["\ud800Ada", null, "\ufffdAda"],
  ["", "ada@example.com", "ada"],
  [null, "ada@example.com", "ada"],
  [undefined, null, "Somebody"],
  ["\u200b", "ada@example.com", "ada"],
  [null, "\u200b@example.com", "Somebody"],
  ["", "", "Somebody"],
  ["x".repeat(300), null, "x".repeat(255)],
  [`${"x".repeat(254)} y`, null, "x".repeat(254)],
  [null, `${"x".repeat(300)}@example.com`, "x".repeat(255)],
])("a token with %j and %j gives the name %j", (told, email, name) =>
  expect(domain.personName(told, email)).toBe(name),
);

test.each([
  ["John Doe", "John Doe’s Organization"],
  ["x".repeat(300), `${"x".repeat(85)}’s Organization`],
  [`${"x".repeat(84)} yz`, `${"x".repeat(84)}’s Organization`],
  ["🎉".repeat(99), `${"🎉".repeat(85)}’s Organization`],
])("the personal organization of %j is %j", (owner, name) => {
  expect(domain.personalOrganizationName(owner)).toBe(name);
  expect(domain.characters(name)).toBeLessThanOrEqual(100);
});

test.each([
  ["plain", "plain"],
  ["a\0b\0", "a\ufffdb\ufffd"],
  ["\ud800", "\ufffd"],
  ["a\udfffb", "a\ufffdb"],
  ["🎉", "🎉"],
])("%j is stored as %j", (text, stored) => expect(domain.storable(text)).toBe(stored));

test("length is counted in characters, as PostgreSQL counts", () => {
  expect(["", "a", "🎉", "e\u0301", "👩‍💻"].map(domain.characters)).toEqual([0, 1, 1, 2, 3]);
});

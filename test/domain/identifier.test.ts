import { isIdentifier, isSubject } from "../../src/domain/identifier";

const ID = "01a214a8-2ded-77e3-a3b5-ee6becc27959";

test.each([ID, ID.toUpperCase(), "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"])(
  "%j is an id",
  (text) => expect(isIdentifier(text)).toBe(true),
);

test.each([
  "",
  "x",
  ID.replaceAll("-", ""),
  ID.slice(1),
  `${ID}0`,
  `0${ID}`,
  ` ${ID}`,
  `${ID} `,
  `${ID}\n`,
  `\n${ID}`,
  `{${ID}}`,
  ID.replace("a", "g"),
  ID.replace("-", " "),
  // A digit too few or too many, in each of the five groups.
  "01a214a-2ded-77e3-a3b5-ee6becc27959",
  "01a214a8a-2ded-77e3-a3b5-ee6becc27959",
  "01a214a8-2de-77e3-a3b5-ee6becc27959",
  "01a214a8-2dedd-77e3-a3b5-ee6becc27959",
  "01a214a8-2ded-77e-a3b5-ee6becc27959",
  "01a214a8-2ded-77e33-a3b5-ee6becc27959",
  "01a214a8-2ded-77e3-a3b-ee6becc27959",
  "01a214a8-2ded-77e3-a3b55-ee6becc27959",
  "01a214a8-2ded-77e3-a3b5-ee6becc2795",
  // A letter beyond f, in each of the five groups.
  "g1a214a8-2ded-77e3-a3b5-ee6becc27959",
  "01a214a8-gded-77e3-a3b5-ee6becc27959",
  "01a214a8-2ded-g7e3-a3b5-ee6becc27959",
  "01a214a8-2ded-77e3-g3b5-ee6becc27959",
  "01a214a8-2ded-77e3-a3b5-ge6becc27959",
])("%j is not an id", (text) => expect(isIdentifier(text)).toBe(false));

test.each(["a", "auth0|5f7c8ec7c33c6c004bbafe82", "x".repeat(255), "日本", "with space", "🎉".repeat(255)])(
  "%j is a subject",
  (text) => expect(isSubject(text)).toBe(true),
);

test.each(["", "x".repeat(256), "a\0b", "a\nb", "\u0007", "\ud800", "a\udfff", "\u0085"])(
  "%j is not a subject",
  (text) => expect(isSubject(text)).toBe(false),
);

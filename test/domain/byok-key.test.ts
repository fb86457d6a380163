import type { ByokKey } from "../../src/domain/byok";
import * as byok from "../../src/domain/byok";
import { parseByokKey } from "../../src/domain/byok-key";
import { refusalOf } from "../../src/domain/refusal";

const NOW = new Date("2026-03-31T09:00:00.000Z");
const at = (milliseconds: number) => new Date(NOW.getTime() + milliseconds);

const SECRET = "s".repeat(40);
const LONG_TERM: ByokKey = {
  ...{ accessKeyId: `AKIA${"A".repeat(16)}`, secretAccessKey: SECRET, sessionToken: null, sessionTokenExpiresAt: null },
  ...{ region: "us-east-1", inferenceProfile: "US" },
};
const TEMPORARY: ByokKey = { ...LONG_TERM, accessKeyId: `ASIA${"A".repeat(16)}`, sessionToken: "token" };
const parse = (key: Partial<ByokKey>, base = LONG_TERM) => parseByokKey({ ...base, ...key }, NOW, "credentials");
const faultOf = (key: Partial<ByokKey>, base = LONG_TERM) => refusalOf(() => parse(key, base));

test("a key is trimmed and otherwise unchanged", () => {
  const typed = { accessKeyId: ` ${LONG_TERM.accessKeyId}\n`, secretAccessKey: `\t${SECRET} `, sessionToken: "  " };
  expect(parse(typed)).toEqual(LONG_TERM);
  const expiring = { sessionToken: " token ", sessionTokenExpiresAt: at(1) };
  expect(parse(expiring, TEMPORARY)).toEqual({ ...TEMPORARY, sessionTokenExpiresAt: at(1) });
  expect(parse({}, TEMPORARY)).toEqual(TEMPORARY);
  expect(parse({ sessionTokenExpiresAt: undefined as never }).sessionTokenExpiresAt).toBeNull();
});

test.each([
  ["AKIA", 12, true],
  ["AKIA", 124, true],
  ["ASIA", 12, true],
  ["AKIA", 11, false],
  ["AKIA", 125, false],
  ["AROA", 16, false],
  ["akia", 16, false],
])("%s with %i more characters is an access key ID: %s", (prefix, length, isOne) => {
  const base = prefix === "ASIA" ? TEMPORARY : LONG_TERM;
  const fault = faultOf({ accessKeyId: `${prefix}${"Z9".repeat(99).slice(0, length)}` }, base);
  if (isOne) expect(fault).toBeNull();
  else {
    expect(fault).toMatchObject({ code: "INVALID_INPUT", path: ["credentials", "accessKeyId"] });
    expect(fault?.message).toMatch(/starts with AKIA or ASIA/);
  }
});

test.each(["AKIAaaaaaaaaaaaaaaaa", "xAKIAAAAAAAAAAAAAAAAA", "AKIAAAAAAAAAAAAAAAAA-", "", "AKIA AAAAAAAAAAAAAAA"])(
  "%j is refused as an access key ID, and is not quoted",
  (accessKeyId) => {
    const fault = faultOf({ accessKeyId });
    expect(fault?.path).toEqual(["credentials", "accessKeyId"]);
    if (accessKeyId) expect(fault?.message).not.toContain(accessKeyId);
  },
);

test.each([
  ["aZ09/+=".repeat(6), true],
  ["x".repeat(16), true],
  ["x".repeat(128), true],
  ["x".repeat(15), false],
  ["x".repeat(129), false],
  [`${"x".repeat(39)}-`, false],
  [`-${"x".repeat(39)}`, false],
  [`${"x".repeat(20)} ${"x".repeat(19)}`, false],
  [`${"x".repeat(20)}\n${"x".repeat(19)}`, false],
])("%j is a valid secret: %s", (secretAccessKey, isOne) => {
  const fault = faultOf({ secretAccessKey });
  if (isOne) expect(fault).toBeNull();
  else
    expect(fault).toMatchObject({
      path: ["credentials", "secretAccessKey"],
      message: expect.stringMatching(/A secret access key has/),
    });
});

test("a temporary key requires a session token, and a long-term key refuses one", () => {
  for (const sessionToken of [null, "", "  "]) {
    expect(faultOf({ sessionToken }, TEMPORARY)).toMatchObject({
      ...{
        path: ["credentials", "sessionToken"],
        message: expect.stringMatching(/temporary key .* needs its session token/),
      },
    });
  }
  expect(faultOf({ sessionToken: "token" })).toMatchObject({
    ...{
      path: ["credentials", "sessionToken"],
      message: expect.stringMatching(/long-term key .* has no session token/),
    },
  });
});

test.each([
  ["x".repeat(8_192), true],
  ["!~", true],
  ["x".repeat(8_193), false],
  ["a b", false],
  ["a\u007fb", false],
  ["é", false],
  ["a\nb", false],
  ["x é", false],
])("%j is a valid session token: %s", (sessionToken, isOne) => {
  const fault = faultOf({ sessionToken }, TEMPORARY);
  if (isOne) expect(fault).toBeNull();
  else
    expect(fault).toMatchObject({
      path: ["credentials", "sessionToken"],
      message: "This is not a session token. Copy it again.",
    });
});

test("only a temporary key can expire, and only in the future", () => {
  const path = ["credentials", "sessionTokenExpiresAt"];
  expect(faultOf({ sessionTokenExpiresAt: at(1) })).toMatchObject({
    path,
    message: expect.stringMatching(/does not expire/),
  });
  for (const over of [at(0), at(-1)]) {
    expect(faultOf({ sessionTokenExpiresAt: over }, TEMPORARY)).toMatchObject({
      path,
      message: expect.stringMatching(/has expired/),
    });
  }
  expect(faultOf({ sessionTokenExpiresAt: at(1) }, TEMPORARY)).toBeNull();
});

test.each(["us-gov-west-1", "cn-north-1", "us-east-3", "", "us-east-1.evil.example", "US-EAST-1", "us-east-1 "])(
  "%j is refused as a region",
  (region) => {
    expect(faultOf({ region })).toMatchObject({
      path: ["credentials", "region"],
      message: expect.stringMatching(/not a commercial AWS region/),
    });
  },
);

const REGIONS = [
  "us-east-1 us-east-2 us-west-1 us-west-2 ca-central-1 ca-west-1 sa-east-1 mx-central-1",
  "eu-west-1 eu-west-2 eu-west-3 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2",
  "ap-south-1 ap-south-2 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3",
  "ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7",
  "af-south-1 il-central-1 me-central-1 me-south-1",
].flatMap((line) => line.split(" "));

test("every commercial region is accepted, and each profile only in its own part of the world", () => {
  expect([...byok.BEDROCK_REGIONS].sort()).toEqual([...REGIONS].sort());
  const starts = { GLOBAL: [""], US: ["us-", "ca-"], EU: ["eu-"], APAC: ["ap-"] };
  for (const region of REGIONS) {
    for (const inferenceProfile of Object.values(byok.InferenceProfile)) {
      const fault = faultOf({ region, inferenceProfile });
      const fits = starts[inferenceProfile].some((start) => region.startsWith(start));
      expect([region, inferenceProfile, fault?.path]).toEqual([
        region,
        inferenceProfile,
        fits ? undefined : ["credentials", "inferenceProfile"],
      ]);
      if (!fits)
        expect(fault?.message).toBe(
          `The profile ${inferenceProfile} cannot be called from this region. Use GLOBAL or another region.`,
        );
    }
  }
});

test("keys are distinguished by their id, and show only its ends", () => {
  expect([byok.isTemporaryKey("ASIAXXXX"), byok.isTemporaryKey("AKIAASIA"), byok.isTemporaryKey("")]).toEqual([
    true,
    false,
    false,
  ]);
  expect(byok.hintOf("AKIA1234567890ABCDEF")).toBe("AKIA…CDEF");
  expect(byok.profileModelId("APAC", "anthropic.claude")).toBe("apac.anthropic.claude");
});

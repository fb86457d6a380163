import { Denied, forbidden, notFound, Unavailable } from "../../src/domain/denial";
import { at, invalidInput, RefusalCode, Refused, refusalData, refusalOf } from "../../src/domain/refusal";

const NO_DETAIL = { path: null, limit: null, retryAfterSeconds: null };

test("a refusal has data, with nulls for absent values", () => {
  const refused = new Refused("LAST_OWNER", "The last one.");
  expect(refused).toBeInstanceOf(Error);
  expect(refused).toMatchObject({ name: "Refused", message: "The last one." });
  expect(refused.refusal).toStrictEqual({ code: "LAST_OWNER", message: "The last one.", ...NO_DETAIL });
  expect(refusalData("LAST_OWNER", "The last one.")).toStrictEqual(refused.refusal);
});

test("a refusal has the path in the input, the limit and the seconds to wait", () => {
  const detail = { path: ["emails"], limit: { used: 3, limit: 3, remaining: 0 }, retryAfterSeconds: 7 };
  const { refusal } = new Refused("MEMBER_LIMIT_REACHED", "Full.", detail);
  expect(refusal).toStrictEqual({ code: "MEMBER_LIMIT_REACHED", message: "Full.", ...detail });
});

test("invalid input has the path of the field", () => {
  const refused = invalidInput("No name.", "grants", "0", "name");
  expect(refused).toBeInstanceOf(Refused);
  expect(refused.refusal).toStrictEqual({
    ...{ ...NO_DETAIL, code: "INVALID_INPUT", message: "No name.", path: ["grants", "0", "name"] },
  });
});

test("every code equals its own name, as the graph registers it", () => {
  expect(Object.values(RefusalCode)).toEqual(Object.keys(RefusalCode));
  for (const code of ["INVALID_INPUT", "LAST_OWNER", "PLAN_WITHOUT_BYOK", "CREDITS_EXHAUSTED", "NAME_TAKEN"]) {
    expect(RefusalCode).toHaveProperty(code);
  }
});

/** The refusal of a rule that throws. */
const refusalOfThrown = (error: unknown) =>
  refusalOf(() => {
    throw error;
  });

test("a rule that allows gives null, and one that refuses gives its refusal", () => {
  expect(refusalOf(() => undefined)).toBeNull();
  const refused = new Refused("LAST_OWNER", "The last one.");
  expect(refusalOfThrown(refused)).toBe(refused.refusal);
});

test("FORBIDDEN and RATE_LIMITED become refusals with their code, message and seconds", () => {
  expect(refusalOfThrown(forbidden("Your role lacks it."))).toStrictEqual({
    ...{ code: "FORBIDDEN", message: "Your role lacks it.", ...NO_DETAIL },
  });
  expect(refusalOfThrown(new Denied("RATE_LIMITED", "Too many.", 60))).toStrictEqual({
    ...{ code: "RATE_LIMITED", message: "Too many.", ...NO_DETAIL, retryAfterSeconds: 60 },
  });
});

test.each([
  notFound("organization"),
  new Denied("UNAUTHENTICATED", "Sign in."),
  new Denied("BAD_USER_INPUT", "No."),
  new Unavailable("Later."),
  new TypeError("A fault of ours."),
])("any other error is thrown on: %s", (error) => {
  expect(() => refusalOfThrown(error)).toThrow(error);
});

test("a rule's refusal gets the path of the checked input, unless it has one", () => {
  const limit = { used: 1, limit: 1, remaining: 0 };
  const full = () => {
    throw new Refused("MEMBER_LIMIT_REACHED", "Full.", { limit });
  };
  const path = ["decisions", "0"];
  expect(at(path, () => 7)).toBe(7);
  expect(() => at(path, full)).toThrow(
    expect.objectContaining({ refusal: { code: "MEMBER_LIMIT_REACHED", message: "Full.", ...NO_DETAIL, path, limit } }),
  );
  const named = () => {
    throw invalidInput("No name.", "name");
  };
  expect(() => at(path, named)).toThrow(
    expect.objectContaining({ refusal: expect.objectContaining({ path: ["name"] }) }),
  );
  const broken = () => {
    throw new Error("broken");
  };
  expect(() => at(path, broken)).toThrow("broken");
});

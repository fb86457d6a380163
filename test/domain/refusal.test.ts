import { invalidInput, RefusalCode, Refused } from "../../src/domain/refusal";

test("a refusal carries data, with nulls where there is nothing to say", () => {
  const refused = new Refused("LAST_OWNER", "The last one.");
  expect(refused).toBeInstanceOf(Error);
  expect(refused).toMatchObject({ name: "Refused", message: "The last one." });
  expect(refused.refusal).toStrictEqual({ code: "LAST_OWNER", message: "The last one.", path: null, limit: null });
});

test("a refusal says where in the input it lies, and which limit it met", () => {
  const limit = { used: 3, limit: 3, remaining: 0 };
  const { refusal } = new Refused("MEMBER_LIMIT_REACHED", "Full.", { path: ["emails"], limit });
  expect(refusal).toStrictEqual({ code: "MEMBER_LIMIT_REACHED", message: "Full.", path: ["emails"], limit });
});

test("invalid input leads into the input", () => {
  const refused = invalidInput("No name.", "grants", "0", "name");
  expect(refused).toBeInstanceOf(Refused);
  expect(refused.refusal).toStrictEqual({
    ...{ code: "INVALID_INPUT", message: "No name.", path: ["grants", "0", "name"], limit: null },
  });
});

test("every code equals its own name, as the graph registers it", () => {
  expect(Object.values(RefusalCode)).toEqual(Object.keys(RefusalCode));
  for (const code of ["INVALID_INPUT", "LAST_OWNER", "PLAN_WITHOUT_BYOK", "CREDITS_EXHAUSTED", "NAME_TAKEN"]) {
    expect(RefusalCode).toHaveProperty(code);
  }
});

import { Denied, forbidden, notFound, unauthenticated } from "../../src/domain/denial";

test("a denial is an error with a code, and with seconds to wait only where it says so", () => {
  const plain = new Denied("FORBIDDEN", "No.");
  expect(plain).toBeInstanceOf(Error);
  expect(plain).toMatchObject({ name: "Denied", message: "No." });
  expect(plain.extensions).toStrictEqual({ code: "FORBIDDEN" });
  expect(new Denied("RATE_LIMITED", "Wait.", 60).extensions).toStrictEqual({
    code: "RATE_LIMITED",
    retryAfterSeconds: 60,
  });
  expect(new Denied("RATE_LIMITED", "Wait.", 0).extensions).toStrictEqual({
    code: "RATE_LIMITED",
    retryAfterSeconds: 0,
  });
});

test.each([
  [unauthenticated(), "UNAUTHENTICATED", /^Sign in first.*bearer token/],
  [notFound("workspace"), "NOT_FOUND", /^There is no such workspace, or you have no access to it\.$/],
  [notFound("member"), "NOT_FOUND", /^There is no such member, or/],
  [forbidden("Your role lacks it."), "FORBIDDEN", /^Your role lacks it\.$/],
])("%s is %s", (denial, code, message) => {
  expect(denial).toBeInstanceOf(Denied);
  expect(denial.extensions).toStrictEqual({ code });
  expect(denial.message).toMatch(message);
});

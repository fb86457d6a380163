import {
  BillingUnavailable,
  Denied,
  forbidden,
  isNotFound,
  MAY_HAVE_HAPPENED,
  notFound,
  Unavailable,
  unauthenticated,
} from "../../src/domain/denial";

test("a denial is an error with a code, and has seconds to wait only if it gives them", () => {
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

test("an outage is a denial with seconds to wait, and says whether the change may have been saved", () => {
  const plain = new Unavailable("The database is out of reach.");
  expect(plain).toBeInstanceOf(Denied);
  expect(plain).toMatchObject({ name: "Unavailable", message: "The database is out of reach." });
  expect(plain.extensions).toStrictEqual({ code: "UNAVAILABLE", retryAfterSeconds: 5 });
  expect("cause" in plain).toBe(false);
  const cause = new Error("ECONNREFUSED");
  const full = new Unavailable(MAY_HAVE_HAPPENED, { retryAfterSeconds: 60, mayHaveHappened: true, cause });
  expect(full.extensions).toStrictEqual({ code: "UNAVAILABLE", retryAfterSeconds: 60, mayHaveHappened: true });
  expect(full.cause).toBe(cause);
  expect(full.message).toMatch(/^The change may have been saved\. .* the same Idempotency-Key\.$/);
  const { extensions } = new Unavailable("No.", { retryAfterSeconds: 0, mayHaveHappened: false });
  expect(extensions).toStrictEqual({ code: "UNAVAILABLE", retryAfterSeconds: 0 });
});

test("only the denial NOT_FOUND means that something does not exist", () => {
  expect(isNotFound(notFound("member"))).toBe(true);
  for (const other of [forbidden("No."), new Error("NOT_FOUND"), { extensions: { code: "NOT_FOUND" } }, null]) {
    expect(isNotFound(other)).toBe(false);
  }
});

test("an outage of the payment provider has its own code, and hides its cause from the client", () => {
  const cause = new Error("secret");
  const denial = new BillingUnavailable(cause);
  expect(denial.extensions).toStrictEqual({ code: "BILLING_UNAVAILABLE", retryAfterSeconds: 5 });
  expect(denial).toMatchObject({
    ...{ name: "BillingUnavailable", message: "The payment provider cannot be reached. Try again later.", cause },
  });
});

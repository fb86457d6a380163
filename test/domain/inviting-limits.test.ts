import { Denied } from "../../src/domain/denial";
import { assertSendable, countedMailbox, parseInvitees, tooManyToAddress } from "../../src/domain/inviting";

test.each([
  ["ada@example.com", "ada@example.com"],
  ["ada+tag@example.com", "ada@example.com"],
  ["ada+@example.com", "ada@example.com"],
  ["ada+one+two@example.com", "ada@example.com"],
  // Nothing is removed if the plus sign comes first, or is in the host name.
  ["+tag@example.com", "+tag@example.com"],
  ["+one+two@example.com", "+one+two@example.com"],
  ["ada@ex+ample.com", "ada@ex+ample.com"],
  ["ada.love.lace@example.com", "ada.love.lace@example.com"],
  ["ada.love.lace@gmail.com", "adalovelace@gmail.com"],
  ["ada.lovelace+tag@googlemail.com", "adalovelace@gmail.com"],
  ["a.da@notgmail.com", "a.da@notgmail.com"],
  ["a.da@gmail.com.example.com", "a.da@gmail.com.example.com"],
  ["a.da@gmail-com.example", "a.da@gmail-com.example"],
])("%s is counted as %s", (email, counted) => expect(countedMailbox(email)).toBe(counted));

function denialOf(rule: () => unknown) {
  try {
    rule();
    return null;
  } catch (error) {
    if (error instanceof Denied) return { ...error.extensions, message: error.message };
    throw error;
  }
}

test("an organization can send up to its limit, and sending nothing is always allowed", () => {
  const denial = (mails: number, sent: number) => denialOf(() => assertSendable(mails, sent));
  expect([denial(1, 1_499), denial(10, 1_490), denial(0, 1_500), denial(0, 9_999)]).toEqual([null, null, null, null]);
  expect(denial(1, 1_500)).toEqual({
    ...{ code: "RATE_LIMITED", retryAfterSeconds: 3_600 },
    message: "An organization can send at most 1500 invitations an hour. Try again in an hour.",
  });
  expect(denial(10, 1_491)).toMatchObject({ code: "RATE_LIMITED" });
});

test("an address at its limit always causes the same message", () => {
  const denial = tooManyToAddress();
  expect(denial).toBeInstanceOf(Denied);
  expect(denial.extensions).toEqual({ code: "RATE_LIMITED", retryAfterSeconds: 3_600 });
  expect(denial.message).toBe(
    "One of these addresses has received too many invitations. Nothing was sent. Try again in an hour.",
  );
});

test("an address with a Kelvin sign is not the address of kate", () => {
  expect(parseInvitees(["\u212Aate@example.com", "Kate@Example.com"])).toEqual({
    addresses: ["kate@example.com"],
    skipped: [{ email: "\u212Aate@example.com", reason: "INVALID_EMAIL" }],
  });
});

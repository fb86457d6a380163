import { maskEmailAddress, parseEmailAddress } from "../../src/domain/email-address";

const label = (length: number) => "d".repeat(length);

test.each([
  ["ada@example.com"],
  ["a@b.co"],
  ["a.b.c@example.com"],
  ["ada.lovelace@example.com"],
  ["!#$%&'*+/=?^_`{|}~-@example.com"],
  ["0@0.example.com"],
  ["a-b@a-b.example.com"],
  [`${"a".repeat(64)}@example.com`],
  [`a@${label(63)}.com`],
  [`a@example.${label(63)}`],
  ["a@example.xn--p1ai"],
  [`a@example.xn--${label(59)}`],
  // 254 characters in all.
  [`${"a".repeat(64)}@${label(61)}.${label(61)}.${label(61)}.com`],
  ["a@b.c.d.example.com"],
])("%j is an address", (address) => {
  expect(parseEmailAddress(address)).toBe(address);
  expect(parseEmailAddress(`  ${address.toUpperCase()}\n`)).toBe(address);
});

test.each([
  "",
  "@",
  "a@",
  "@example.com",
  "example.com",
  "a@b",
  "a@b.c",
  "a@.com",
  "a@example.",
  "a@example..com",
  "a@-example.com",
  "a@example-.com",
  "a@exa_mple.com",
  "a@example.c0m",
  "a@example.123",
  "a@example.xn--",
  `a@example.xn--${label(60)}`,
  "a@example.com.",
  ".a@example.com",
  "a.@example.com",
  "a..b@example.com",
  "a b@example.com",
  "a\tb@example.com",
  '"a"@example.com',
  "a@b@example.com",
  "a,b@example.com",
  "a@[127.0.0.1]",
  "ada@example.com, bob@example.com",
  "Ada <ada@example.com>",
  "ada@example.com\nBcc: x@y.zz",
  "ada@example.com\0",
  `${"a".repeat(65)}@example.com`,
  `a@${label(64)}.com`,
  `a@example.${label(64)}`,
  `${"a".repeat(64)}@${label(61)}.${label(61)}.${label(62)}.com`,
  "é@example.com",
  "а@example.com",
  "ada@exämple.com",
  "ada@example.ком",
])("%j is not an address", (written) => expect(parseEmailAddress(written)).toBeNull());

test.each([
  ["ada@example.com", "a***@example.com"],
  ["a@example.com", "a***@example.com"],
  ["ada+tag@sub.example.co", "a***@sub.example.co"],
])("%j is masked as %j", (address, masked) => expect(maskEmailAddress(address)).toBe(masked));

import { lowerAscii } from "./fold";

// The addresses that mail servers accept in practice: dot-atom, @, and a host name with at least one dot.
const LOCAL = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{1,59})$/;

/**
 * Returns the address trimmed and in lower case, as it is stored and compared, or null if it is invalid. Rejects
 * everything outside ASCII, because lookalike letters would let one address pose as another. This includes surrounding
 * white space: trim() removes that of all scripts.
 */
export function parseEmailAddress(input: string): string | null {
  const address = lowerAscii(input)?.trim();
  if (!address) return null;
  const at = address.lastIndexOf("@");
  if (at < 1 || at > 64 || address.length > 254) return null;
  return LOCAL.test(address.slice(0, at)) && DOMAIN.test(address.slice(at + 1)) ? address : null;
}

/** An address with its local part masked ("a***@example.com"): enough to recognize one's own. */
export function maskEmailAddress(address: string): string {
  const at = address.lastIndexOf("@");
  return `${address.slice(0, 1)}***${address.slice(at)}`;
}

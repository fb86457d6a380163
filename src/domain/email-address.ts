import { lowerAscii } from "./fold";

// What mail servers accept in practice: a dot-atom before the @, a host name with at least one dot after it.
const LOCAL = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{1,59})$/;

/**
 * A mailbox address, trimmed and lower-cased, as it is stored and compared; null where it is none. Addresses outside
 * ASCII are not accepted: look-alike letters would let one address pose as another. That includes the blanks around
 * it: trim() takes those of all scripts.
 */
export function parseEmailAddress(input: string): string | null {
  const address = lowerAscii(input)?.trim();
  if (!address) return null;
  const at = address.lastIndexOf("@");
  if (at < 1 || at > 64 || address.length > 254) return null;
  return LOCAL.test(address.slice(0, at)) && DOMAIN.test(address.slice(at + 1)) ? address : null;
}

/** An address as somebody sees it who may not know it: enough to recognize one's own. */
export function maskEmailAddress(address: string): string {
  const at = address.lastIndexOf("@");
  return `${address.slice(0, 1)}***${address.slice(at)}`;
}

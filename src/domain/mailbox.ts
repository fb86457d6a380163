/** A sender. The name is empty if there is only an address. */
export interface Mailbox {
  name: string;
  address: string;
}

const ADDRESS = /^[^\s<>()[\]@,;:"\\]+@[^\s<>()@,;"\\]+$/;
const NAMED = /^(?<name>[^<>]*)<(?<address>[^<>]+)>$/;
const QUOTED = /^"((?:[^"\\]|\\.)*)"$/u;

/**
 * Parses "address" or "NAME <address>". The name is taken literally, colons, commas and parentheses included, which a
 * header parser would interpret; surrounding quotes are removed. Returns null unless there is exactly one mailbox.
 */
export function parseMailbox(text: string): Mailbox | null {
  if (/\p{Cc}/u.test(text)) return null;
  const { name = "", address = text } = NAMED.exec(text.trim())?.groups ?? {};
  if (!ADDRESS.test(address.trim())) return null;
  return { name: unquote(name.trim()), address: address.trim() };
}

function unquote(name: string): string {
  const inner = QUOTED.exec(name)?.[1];
  return inner === undefined ? name : inner.replace(/\\(.)/gu, "$1").trim();
}

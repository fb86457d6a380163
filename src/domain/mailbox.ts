/** A sender as a mail names it; the name is empty where there is only an address. */
export interface Mailbox {
  name: string;
  address: string;
}

const ADDRESS = /^[^\s<>()[\]@,;:"\\]+@[^\s<>()@,;"\\]+$/;
const NAMED = /^(?<name>[^<>]*)<(?<address>[^<>]+)>$/;
const QUOTED = /^"((?:[^"\\]|\\.)*)"$/u;

/**
 * The mailbox in a text: an address, or NAME <address>. The name is taken as it stands, with all its colons, commas and
 * parentheses, which mean something else where a whole header is parsed; quotes around it are taken off. Null where
 * there is no mailbox, or more than one.
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

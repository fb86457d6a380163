const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a text is a UUID. Other ids exist nowhere and need no query. */
export function isIdentifier(text: string): boolean {
  return UUID.test(text);
}

const SUBJECT = /^[^\p{Cc}\p{Cs}]{1,255}$/u;

/** Whether an identity provider's `sub` can be stored unchanged. */
export function isSubject(text: string): boolean {
  return SUBJECT.test(text);
}

import { Denied } from "../../domain/denial";
import { isIdentifier } from "../../domain/identifier";

/** By organization: the sequence up to which its log has been read for one person. */
export type Positions = Map<string, number>;

const KIND = "memberships";

/** Writes positions as a cursor of one person, which is opaque to clients. */
export function writePositions(userId: string, positions: Positions): string {
  const entries = [...positions].sort(([one], [other]) => (one < other ? -1 : 1));
  return Buffer.from(JSON.stringify([KIND, userId, entries])).toString("base64url");
}

const LARGEST = 2 ** 31 - 1;

function isSequence(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= LARGEST;
}

/** Reads a cursor of this person. Throws BAD_USER_INPUT for any other text. */
export function readPositions(userId: string, cursor: string): Positions {
  try {
    const [, , entries] = JSON.parse(Buffer.from(cursor, "base64url").toString());
    const positions = new Map(entries as Array<[string, number]>);
    const isValid = [...positions].every(([id, sequence]) => isIdentifier(id) && isSequence(sequence));
    // Only a cursor of this kind and person comes out the same when it is written again.
    if (isValid && writePositions(userId, positions) === cursor) return positions;
  } catch {
    // A text that cannot be decoded is not a cursor either.
  }
  throw new Denied(
    "BAD_USER_INPUT",
    "'after' is not a cursor of your memberships' events. Use 'membershipCursor' or an event's cursor.",
  );
}

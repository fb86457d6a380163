import { Denied } from "../../domain/denial";
import { readCursor, writeCursor } from "../page";

const LIST = "events";

/** The cursor of a position in an organization's log; a subscription resumes after it. */
export function writeEventCursor(organizationId: string, sequence: number): string {
  return writeCursor(LIST, organizationId, [sequence]);
}

/** Reads a cursor of this organization's log, which ends at `head`. Throws BAD_USER_INPUT. */
export function readEventCursor(organizationId: string, cursor: string, head: number): number {
  const [sequence] = readCursor(LIST, organizationId, cursor);
  if (typeof sequence === "number" && sequence <= head) return sequence;
  throw new Denied(
    "BAD_USER_INPUT",
    "'after' is not a cursor of this organization's events. Use 'eventCursor' or an event's cursor.",
  );
}

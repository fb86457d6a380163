import { Refused } from "./refusal";

const DAY_MS = 24 * 60 * 60 * 1000;

/** A removed member can be reinstated for 30 days (product rule, second thoughts). */
export const REINSTATABLE_MS = 30 * DAY_MS;

/** A membership that ended. */
export interface EndedMembership {
  endedAt: Date;
  /** Whether the person left on their own, from this membership or a later one. */
  hasLeft: boolean;
  /** Whether the person is a member again. */
  isMember: boolean;
}

/**
 * A removed member can be reinstated for 30 days. Somebody who left on their own needs an invitation. Refuses
 * NOT_REINSTATABLE.
 */
export function assertReinstatable({ endedAt, hasLeft, isMember }: EndedMembership, now: Date): void {
  if (isMember) throw notReinstatable("This person is a member already. There is nothing left to do.");
  if (hasLeft) throw notReinstatable("This person left the organization on their own. Invite them instead.");
  if (now.getTime() - endedAt.getTime() >= REINSTATABLE_MS) {
    throw notReinstatable("This person was removed more than 30 days ago. Invite them instead.");
  }
}

function notReinstatable(message: string): Refused {
  return new Refused("NOT_REINSTATABLE", message, { path: ["memberId"] });
}

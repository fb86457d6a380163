import { ACCESS_REVIEW_NOTE_LIMIT, AccessReviewDecision, MAX_DECISIONS } from "./access-review";
import { assertAccessIsExplicit } from "./membership";
import { invalidInput, Refused } from "./refusal";
import type { OrganizationRole } from "./role";
import { parseText } from "./text";

/** A decision from the input, before its workspaces are parsed. */
export interface RequestedDecision {
  itemId: string;
  decision: AccessReviewDecision;
  newRole?: OrganizationRole | null;
  newGrants?: readonly unknown[] | null;
  note?: string | null;
}

/** One request decides, or takes back decisions, on one to 100 items, each once. Refuses INVALID_INPUT. */
export function assertDecidable(decisions: readonly RequestedDecision[], takenBack: readonly string[] = []): void {
  const count = decisions.length + takenBack.length;
  if (count < 1 || count > MAX_DECISIONS) {
    throw invalidInput(`Decide on one to ${MAX_DECISIONS} items at a time.`, "decisions");
  }
  const seen = new Set<string>();
  const add = (itemId: string, ...path: string[]) => {
    const id = itemId.toLowerCase();
    if (seen.has(id)) throw invalidInput("This item occurs twice. Send each item once.", ...path);
    seen.add(id);
  };
  for (const [index, { itemId }] of decisions.entries()) add(itemId, "decisions", String(index), "itemId");
  for (const [index, itemId] of takenBack.entries()) add(itemId, "takenBack", String(index));
}

/** The decision that a reviewer has seen on an item, by its time; null: there was none. */
export interface ExpectedDecision {
  itemId: string;
  decidedAt?: Date | null;
}

/** Refuses DECIDED_MEANWHILE if an item has another decision than the expected one. */
export function assertStillDecided(
  expected: readonly ExpectedDecision[],
  items: ReadonlyArray<{ id: string; userName: string; decidedAt: Date | null }>,
): void {
  const byId = new Map(items.map((item) => [item.id, item]));
  for (const [index, { itemId, decidedAt }] of expected.entries()) {
    const item = byId.get(itemId.toLowerCase());
    if (!item) throw invalidInput("Expect only items that you decide on.", "expected", String(index), "itemId");
    if (item.decidedAt?.getTime() === decidedAt?.getTime()) continue;
    const message = `Somebody else has decided on ${item.userName} since then.`;
    throw new Refused("DECIDED_MEANWHILE", message, { path: ["expected", String(index)] });
  }
}

/**
 * Only CHANGE takes a new access, and it needs one. Owners and Admins reach every workspace, so they get no grants.
 * `role` is the member's role at the start of the review. Refuses INVALID_INPUT and IMPLICIT_ACCESS.
 */
export function assertDecisionConsistent(
  requested: RequestedDecision,
  role: OrganizationRole,
  ...path: string[]
): void {
  const newRole = requested.newRole ?? null;
  const newGrants = requested.newGrants ?? null;
  const isChange = requested.decision === "CHANGE";
  if (isChange && newRole === null && newGrants === null) {
    throw invalidInput("A change needs a new role, new workspaces or both.", ...path, "decision");
  }
  if (!isChange && newRole !== null) {
    throw invalidInput("Only the decision CHANGE takes a new role.", ...path, "newRole");
  }
  if (!isChange && newGrants !== null) {
    throw invalidInput("Only the decision CHANGE takes new workspaces.", ...path, "newGrants");
  }
  if (newGrants !== null) assertAccessIsExplicit(newRole ?? role);
}

/**
 * Counts decisions for a sentence, e.g. "2 to keep, 1 to remove, 1 taken back". Null stands for a decision that was
 * taken back.
 */
export function describeDecisions(decisions: ReadonlyArray<AccessReviewDecision | null>): string {
  const counts = Object.values(AccessReviewDecision).map((decision) => ({
    decision,
    count: decisions.filter((each) => each === decision).length,
  }));
  const parts = counts
    .filter(({ count }) => count > 0)
    .map(({ decision, count }) => `${count} to ${decision.toLowerCase()}`);
  const takenBack = decisions.filter((decision) => decision === null).length;
  return [...parts, ...(takenBack > 0 ? [`${takenBack} taken back`] : [])].join(", ");
}

/** Parses the reviewer's note: up to 1,000 characters, with line breaks. Empty becomes null. Refuses INVALID_INPUT. */
export function parseNote(note: string | null | undefined, ...path: string[]): string | null {
  return parseText(note, ACCESS_REVIEW_NOTE_LIMIT, "A note", ...path);
}

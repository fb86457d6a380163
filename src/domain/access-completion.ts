import {
  type AccessReviewDecision,
  AccessReviewOutcome,
  assertMayDecide,
  type ReviewedGrant,
  type Reviewer,
} from "./access-review";
import { assertAnOwnerRemains, assertRoleWithinReach } from "./membership";
import { invalidInput, Refused } from "./refusal";
import type { OrganizationRole } from "./role";

/** A member's role and workspaces. */
export interface Access {
  role: OrganizationRole;
  grants: readonly ReviewedGrant[];
}

/** One member in a review that is about to be completed. `role` and `grants` are those at its start. */
export interface ItemToComplete extends Access {
  id: string;
  userId: string;
  decision: AccessReviewDecision | null;
  newRole: OrganizationRole | null;
  newGrants: readonly ReviewedGrant[] | null;
  /** The access now; null once the member has left. */
  current: Access | null;
}

/** The state on which completing depends, read under the organization's lock. */
export interface CompletionState {
  reviewer: Reviewer;
  /** The decision for undecided items; null: there may be no undecided items. */
  undecided: AccessReviewDecision | null;
  /** How many Owners the organization has. */
  owners: number;
  /** The workspaces of the review that still exist. */
  workspaces: ReadonlySet<string>;
  now: Date;
}

/** How a member's access changes. Null grants: they stay. */
export type AccessChange =
  | { kind: "REMOVE"; from: Access }
  | { kind: "CHANGE"; from: Access; role: OrganizationRole; grants: readonly ReviewedGrant[] | null };

export interface PlannedItem<Item> {
  item: Item;
  decision: AccessReviewDecision | null;
  outcome: AccessReviewOutcome;
  /** Null unless the outcome is APPLIED. */
  change: AccessChange | null;
}

/** Undecided items can only be kept or removed: CHANGE would lack the new access. Refuses INVALID_INPUT. */
export function assertUndecidedGets(undecided: AccessReviewDecision | null): void {
  if (undecided !== "CHANGE") return;
  throw invalidInput("Undecided items have no new role or workspaces. Choose KEEP or REMOVE.", "undecided");
}

/**
 * Plans the changes of completing a review, by the current rules. A member whose access is no longer what it was at the
 * start stays as they are. Nobody decides on themself, so the completer's own item may stay undecided; it is kept.
 * Refuses REVIEW_INCOMPLETE, ROLE_TOO_HIGH and LAST_OWNER.
 */
export function planCompletion<Item extends ItemToComplete>(
  items: readonly Item[],
  state: CompletionState,
): PlannedItem<Item>[] {
  const { reviewer } = state;
  assertComplete(items, state);
  const planned = items.map((item) => plan(item, state));
  for (const { change } of planned) {
    if (change) assertRoleWithinReach(reviewer.role, change.from.role, roleAfter(change) ?? change.from.role);
  }
  assertOwnersRemain(planned, state.owners);
  return planned;
}

function assertComplete(items: readonly ItemToComplete[], { reviewer, undecided }: CompletionState): void {
  const open = items.filter(({ decision, userId }) => decision === null && userId !== reviewer.userId);
  if (undecided === null && open.length > 0) {
    const [items, are] = open.length === 1 ? ["1 item", "is"] : [`${open.length} items`, "are"];
    const message = `${items} of this review ${are} undecided. Decide on them, or set 'undecided' to KEEP or REMOVE.`;
    throw new Refused("REVIEW_INCOMPLETE", message);
  }
  for (const { userId, role, current } of open) {
    assertMayDecide(reviewer, { userId, role, currentRole: current?.role ?? null }, null);
  }
}

function plan<Item extends ItemToComplete>(item: Item, state: CompletionState): PlannedItem<Item> {
  const isOwn = item.userId === state.reviewer.userId;
  const decision = item.decision ?? (isOwn ? null : state.undecided);
  if (item.current === null) return { item, decision, outcome: "MEMBER_GONE", change: null };
  const current = { role: item.current.role, grants: inEffect(item.current.grants, state) };
  const frozen = { role: item.role, grants: inEffect(item.grants, state) };
  if (!isSame(frozen, current)) return { item, decision, outcome: "CHANGED_MEANWHILE", change: null };
  const change = changeOf(item, decision, current, state);
  return { item, decision, outcome: change ? "APPLIED" : "UNCHANGED", change };
}

function changeOf(
  { newRole, newGrants }: ItemToComplete,
  decision: AccessReviewDecision | null,
  from: Access,
  state: CompletionState,
): AccessChange | null {
  if (decision === "REMOVE") return { kind: "REMOVE", from };
  if (decision !== "CHANGE") return null;
  const role = newRole ?? from.role;
  const wanted = newGrants && inEffect(newGrants, state);
  const grants = wanted && !hasSameGrants(wanted, from.grants) ? wanted : null;
  return role === from.role && grants === null ? null : { kind: "CHANGE", from, role, grants };
}

/** The grants that have not ended and whose workspaces still exist. */
function inEffect(grants: readonly ReviewedGrant[], { workspaces, now }: CompletionState): ReviewedGrant[] {
  return grants.filter(
    ({ workspaceId, expiresAt }) => workspaces.has(workspaceId) && (expiresAt === null || expiresAt > now),
  );
}

function isSame(one: Access, other: Access): boolean {
  return one.role === other.role && hasSameGrants(one.grants, other.grants);
}

function hasSameGrants(some: readonly ReviewedGrant[], others: readonly ReviewedGrant[]): boolean {
  return some.length === others.length && unchangedGrants(others, some).length === some.length;
}

/** Those of the new grants that a member already has, with the same role and end. */
export function unchangedGrants(
  before: readonly ReviewedGrant[],
  after: readonly ReviewedGrant[],
): readonly ReviewedGrant[] {
  const byWorkspace = new Map(before.map((grant) => [grant.workspaceId, grant]));
  return after.filter(({ workspaceId, roleOverride, expiresAt }) => {
    const other = byWorkspace.get(workspaceId);
    return other?.roleOverride === roleOverride && other.expiresAt?.getTime() === expiresAt?.getTime();
  });
}

function roleAfter(change: AccessChange): OrganizationRole | null {
  return change.kind === "REMOVE" ? null : change.role;
}

const OUTCOME_WORDS: Record<AccessReviewOutcome, string> = {
  APPLIED: "changed",
  UNCHANGED: "kept",
  MEMBER_GONE: "had left",
  CHANGED_MEANWHILE: "changed by others meanwhile",
};

/** Outcomes for a sentence, e.g. "2 changed, 5 kept". */
export function describeOutcomes(outcomes: readonly AccessReviewOutcome[]): string {
  const counts = Object.values(AccessReviewOutcome).map((outcome) => ({
    outcome,
    count: outcomes.filter((each) => each === outcome).length,
  }));
  return counts
    .filter(({ count }) => count > 0)
    .map(({ outcome, count }) => `${count} ${OUTCOME_WORDS[outcome]}`)
    .join(", ");
}

/** All changes count together: one Owner may leave the role while another gets it. */
function assertOwnersRemain(planned: readonly PlannedItem<ItemToComplete>[], before: number): void {
  const changes = planned.flatMap(({ change }) => change ?? []);
  const lost = changes.filter((change) => change.from.role === "OWNER" && roleAfter(change) !== "OWNER");
  const gained = changes.filter((change) => change.from.role !== "OWNER" && roleAfter(change) === "OWNER");
  const owners = before + gained.length - lost.length;
  // The rule expects the count before a change: the remaining Owners and the last one who leaves the role.
  if (lost.length > 0) assertAnOwnerRemains("OWNER", null, owners + 1);
}

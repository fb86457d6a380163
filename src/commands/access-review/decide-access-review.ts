import {
  assertDecidable,
  assertDecisionConsistent,
  assertStillDecided,
  describeDecisions,
  type ExpectedDecision,
  parseNote,
  type RequestedDecision,
} from "../../domain/access-decision";
import { assertMayDecide, type Reviewer } from "../../domain/access-review";
import { notFound } from "../../domain/denial";
import { isIdentifier } from "../../domain/identifier";
import { at } from "../../domain/refusal";
import { updateReview } from "../../store/access-review";
import { type ItemToDecide, itemsToDecide, type StoredDecision, storeDecisions } from "../../store/access-review-item";
import { existingWorkspaces } from "../../store/workspace";
import { memberCommand } from "../runner/command";
import type { MemberUnitOfWork } from "../runner/unit-of-work";
import { parseGrants, type WorkspaceGrantInput } from "../workspace/parse-workspace-grants";
import { requireOpenReview } from "./require-review";

export interface DecisionInput extends RequestedDecision {
  newGrants?: WorkspaceGrantInput[] | null;
}

export interface DecideAccessReviewInput {
  organizationId: string;
  reviewId: string;
  decisions: DecisionInput[];
  takenBack?: string[] | null;
  expected?: ExpectedDecision[] | null;
}

/** Decides on up to 100 members of a review: all of them, or none if one is refused. Replaces or takes back earlier ones. */
export const decideAccessReview = memberCommand<DecideAccessReviewInput, { reviewId: string; itemIds: string[] }>({
  permission: "REVIEW_ACCESS",
  run: async (unit, { reviewId, decisions, takenBack, expected }) => {
    const { transaction, membership, now, record } = unit;
    const withdrawn = takenBack ?? [];
    assertDecidable(decisions, withdrawn);
    const review = await requireOpenReview(unit, reviewId);
    const itemIds = [...decisions.map(({ itemId }) => itemId), ...withdrawn].map((id) => id.toLowerCase());
    const items = itemIds.every(isIdentifier) ? await itemsToDecide(transaction, review, itemIds) : [];
    const byId = new Map(items.map((item) => [item.id, item]));
    const itemOf = (id: string) => {
      const item = byId.get(id.toLowerCase());
      if (!item) throw notFound("item of this access review");
      return item;
    };
    const parsed = [
      ...decisions.map((decision, index) =>
        parseDecision(decision, itemOf(decision.itemId), membership, now, ["decisions", String(index)]),
      ),
      ...withdrawn.map((id, index) => takeBack(itemOf(id), membership, ["takenBack", String(index)])),
    ];
    assertStillDecided(expected ?? [], items);
    const named = await nameWorkspaces(unit, parsed);
    await storeDecisions(transaction, review, named, { by: membership.userId, at: now });
    const added = named.filter(isDecided).length - items.filter(isDecided).length;
    if (added !== 0) await updateReview(transaction, review, { decidedCount: review.decidedCount + added });
    record({
      type: "access_review.decided",
      subjectId: review.id,
      summary: `Decisions in access review “${review.name}”: ${describeDecisions(parsed.map(({ decision }) => decision))}.`,
      data: { before: byItem(items.filter(isDecided)), after: byItem(named) },
    });
    return { reviewId: review.id, itemIds };
  },
});

function isDecided({ decision }: Pick<ItemToDecide, "decision">): boolean {
  return decision !== null;
}

/** Decisions for the log, by the id of their item. */
function byItem(items: readonly Pick<ItemToDecide, "id" | "decision" | "newRole" | "newGrants">[]) {
  return Object.fromEntries(
    items.map(({ id, decision, newRole, newGrants }) => [id, { decision, newRole, newGrants }]),
  );
}

type ParsedDecision = Omit<StoredDecision, "newGrants"> & { newGrants: ReturnType<typeof parseGrants> | null };

function parseDecision(
  requested: DecisionInput,
  item: ItemToDecide,
  reviewer: Reviewer,
  now: Date,
  path: string[],
): ParsedDecision {
  const newRole = requested.newRole ?? null;
  at(path, () => assertMayDecide(reviewer, item, newRole));
  at(path, () => assertDecisionConsistent(requested, item.role, ...path));
  const newGrants = requested.newGrants ? parseGrants(requested.newGrants, now, ...path, "newGrants") : null;
  const note = parseNote(requested.note, ...path, "note");
  return { id: item.id, decision: requested.decision, newRole, newGrants, note };
}

/** Anybody who may decide on a member may take back a decision on them. */
function takeBack(item: ItemToDecide, reviewer: Reviewer, path: string[]): ParsedDecision {
  at(path, () => assertMayDecide(reviewer, item, null));
  return { id: item.id, decision: null, newRole: null, newGrants: null, note: null };
}

/** Adds the names of the workspaces, which are stored with the decision as evidence. Throws NOT_FOUND. */
async function nameWorkspaces(
  { transaction, organization }: MemberUnitOfWork,
  decisions: readonly ParsedDecision[],
): Promise<StoredDecision[]> {
  const ids = new Set(decisions.flatMap(({ newGrants }) => (newGrants ?? []).map(({ workspaceId }) => workspaceId)));
  const existing = ids.size === 0 ? [] : await existingWorkspaces(transaction, organization.id, [...ids]);
  const names = new Map(existing.map(({ id, name }) => [id, name]));
  return decisions.map((decision) => ({
    ...decision,
    newGrants:
      decision.newGrants?.map((grant) => {
        const workspaceName = names.get(grant.workspaceId);
        if (workspaceName === undefined) throw notFound("workspace");
        return { ...grant, workspaceName };
      }) ?? null,
  }));
}

import { hash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import {
  assertUndecidedGets,
  describeOutcomes,
  type PlannedItem,
  planCompletion,
} from "../../domain/access-completion";
import { type EvidenceItem, evidenceCsv, evidenceJson } from "../../domain/access-evidence";
import { type AccessReviewDecision, type AccessReviewOutcome } from "../../domain/access-review";
import { type StoredReview, updateReview } from "../../store/access-review";
import { type CompletingItem, itemsToComplete, storeOutcomes } from "../../store/access-review-item";
import { countUse } from "../../store/counts";
import { existingWorkspaces } from "../../store/workspace";
import { memberCommand } from "../runner/command";
import type { MemberUnitOfWork } from "../runner/unit-of-work";
import { applyChanges } from "./apply-changes";
import { requireOpenReview } from "./require-review";

export interface CompleteAccessReviewInput {
  organizationId: string;
  reviewId: string;
  undecided?: AccessReviewDecision | null;
}

/** The completed review, for a viewer who can no longer see it. */
export interface CompleteAccessReviewOutcome {
  reviewId: string;
  review: StoredReview;
}

/** Applies all decisions of a review together, by the current rules, and stores its evidence in the log. */
export const completeAccessReview = memberCommand<CompleteAccessReviewInput, CompleteAccessReviewOutcome>({
  permission: "REVIEW_ACCESS",
  run: async (unit, { reviewId, undecided = null }) => {
    const { transaction, membership, now } = unit;
    assertUndecidedGets(undecided);
    const review = await requireOpenReview(unit, reviewId);
    const planned = await planReview(unit, review, undecided);
    const items = planned.map((each) => completedItem(each, membership.userId, now));
    const completed = {
      ...{ status: "COMPLETED" as const, completedAt: now, completedById: membership.userId },
      decidedCount: items.filter(({ decision }) => decision !== null).length,
    };
    const done = { ...review, ...completed };
    const [hashes] = await Promise.all([evidenceHashes(done, items), applyChanges(unit, planned)]);
    await storeOutcomes(transaction, review, items, { by: membership.userId, at: now });
    await updateReview(transaction, review, completed);
    recordCompletion(unit, done, items, hashes);
    return { reviewId: review.id, review: done };
  },
});

async function planReview(
  { transaction, organization, membership, now }: MemberUnitOfWork,
  review: StoredReview,
  undecided: AccessReviewDecision | null,
): Promise<PlannedItem<CompletingItem>[]> {
  const items = await itemsToComplete(transaction, review, now);
  const named = items.flatMap(({ grants, newGrants }) => [...grants, ...(newGrants ?? [])]);
  const ids = [...new Set(named.map(({ workspaceId }) => workspaceId))];
  const existing = await existingWorkspaces(transaction, organization.id, ids);
  const { owners } = await countUse(transaction, organization.id, now);
  const workspaces = new Set(existing.map(({ id }) => id));
  return planCompletion(items, { reviewer: membership, undecided, owners, workspaces, now });
}

/**
 * An item with its outcome. If an undecided item gets a decision, the person who completes the review counts as its
 * author.
 */
function completedItem(
  { item, decision, outcome }: PlannedItem<CompletingItem>,
  completedById: string,
  now: Date,
): EvidenceItem & { outcome: AccessReviewOutcome } {
  const { decidedById, decidedAt } = item.decision === decision ? item : { decidedById: completedById, decidedAt: now };
  return { ...item, decision, decidedById, decidedAt, outcome };
}

/** The last event of the completion. Its data has the hashes of both exports, and the log's hash covers them. */
function recordCompletion(
  { record }: MemberUnitOfWork,
  review: StoredReview,
  items: ReadonlyArray<EvidenceItem & { outcome: AccessReviewOutcome }>,
  hashes: EvidenceHashes,
): void {
  record({
    type: "access_review.completed",
    subjectId: review.id,
    summary: `Access review “${review.name}” was completed: ${describeOutcomes(items.map(({ outcome }) => outcome))}.`,
    data: {
      before: { status: "OPEN" },
      after: { status: review.status, ...hashes },
    },
  });
}

interface EvidenceHashes {
  csvSha256: string;
  jsonSha256: string;
}

/**
 * Hashes both exports, each in a turn of its own: for 10,000 members each takes a tenth of a second, while the database
 * applies the changes. The organization's lock is held for that time.
 */
async function evidenceHashes(...evidence: Parameters<typeof evidenceJson>): Promise<EvidenceHashes> {
  await setImmediate();
  const csvSha256 = sha256(evidenceCsv(...evidence));
  await setImmediate();
  return { csvSha256, jsonSha256: sha256(evidenceJson(...evidence)) };
}

function sha256(text: string): string {
  return hash("sha256", text, "hex");
}

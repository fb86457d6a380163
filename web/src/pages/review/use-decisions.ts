import { useRef, useState } from "react";
import {
  type AccessReviewDecisionInput,
  ReviewDecideDocument,
  type ReviewItemFragment,
} from "../../graph/generated/graphql";
import { announce } from "../../parts/announcer";
import { useCommand } from "../../parts/use-command";
import { reviewPage } from "../../texts/en/reviews";
import type { ReviewState } from "./review-state";

type Decision = Omit<AccessReviewDecisionInput, "itemId">;

interface Step {
  text: string;
  /** The items as they were. */
  before: readonly ReviewItemFragment[];
}

/** The most decisions that the graph takes at a time. */
const BATCH = 100;

/** Decides on one or many people, and takes decisions back. */
export function useDecisions(store: ReviewState, organizationId: string, reviewId: string) {
  const { send, problem, isSending, clear } = useCommand(ReviewDecideDocument);
  const [last, setLast] = useState<Step | null>(null);
  const [progress, setProgress] = useState<{ done: number; all: number } | null>(null);
  const steps = useRef<Step[]>([]);

  async function sendBatch(decisions: AccessReviewDecisionInput[], takenBack: string[] = []): Promise<boolean> {
    const result = await send({ input: { organizationId, reviewId, decisions, takenBack } });
    if (result) store.apply(result.review, result.items);
    return result !== null;
  }

  async function decide(items: readonly ReviewItemFragment[], decision: Decision, text: string): Promise<boolean> {
    for (let done = 0; done < items.length; done += BATCH) {
      if (items.length > BATCH) setProgress({ done, all: items.length });
      const batch = items.slice(done, done + BATCH);
      const isDone = await sendBatch(batch.map(({ id }) => ({ ...decision, itemId: id })));
      if (!isDone) {
        setProgress(null);
        return false;
      }
      remember({ text, before: batch });
    }
    setProgress(null);
    announce(text);
    return true;
  }

  function remember(step: Step): void {
    steps.current.push(step);
    setLast(step);
  }

  /** Restores the decisions from before the last step. An item without a decision becomes undecided. */
  async function undo(): Promise<void> {
    const step = steps.current.at(-1);
    if (!step) return;
    const decided = step.before.flatMap((item) => (item.decision === null ? [] : [inputOf(item)]));
    const undecided = step.before.filter(({ decision }) => decision === null).map(({ id }) => id);
    if (!(await sendBatch(decided, undecided))) return;
    steps.current.pop();
    setLast(steps.current.at(-1) ?? null);
    announce(reviewPage.undone);
  }

  return { decide, undo, last, progress, problem, isSending, clear };
}

/** The decision of an item as it was made. */
export function inputOf(item: ReviewItemFragment): AccessReviewDecisionInput {
  const { id, decision, newRole, newGrants, note } = item;
  return {
    itemId: id,
    decision: decision ?? "KEEP",
    newRole: newRole ?? null,
    newGrants:
      newGrants?.map(({ workspaceId, roleOverride, expiresAt }) => ({
        workspaceId,
        roleOverride: roleOverride ?? null,
        expiresAt: expiresAt ?? null,
      })) ?? null,
    note: note ?? null,
  };
}

export type Decisions = ReturnType<typeof useDecisions>;

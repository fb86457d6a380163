import { useRef, useState } from "react";
import {
  type AccessReviewDecisionInput,
  type DecideAccessReviewInput,
  ReviewDecideDocument,
  type ReviewItemFragment,
} from "../../graph/generated/graphql";
import { announce } from "../../parts/announcer";
import { useCommand } from "../../parts/use-command";
import { reviewPage } from "../../texts/en/reviews";
import type { ReviewState } from "./review-state";

type Batch = Omit<DecideAccessReviewInput, "organizationId" | "reviewId">;
type Decision = Omit<AccessReviewDecisionInput, "itemId">;

interface Step {
  text: string;
  /** The items as they were. */
  before: readonly ReviewItemFragment[];
}

/** The most decisions that the graph takes at a time. */
const BATCH = 100;

/** The times of the viewer's own latest decisions, by item; null if they took it back. */
type OwnDecisions = Map<string, string | null>;

/** Decides on one or many people, and takes decisions back. */
export function useDecisions(store: ReviewState, organizationId: string, reviewId: string) {
  const { send, problem, isSending, clear } = useCommand(ReviewDecideDocument);
  const [progress, setProgress] = useState<{ done: number; all: number } | null>(null);
  const own = useRef<OwnDecisions>(new Map());

  async function sendBatch(batch: Batch): Promise<boolean> {
    const result = await send({ input: { organizationId, reviewId, ...batch } });
    if (!result) return false;
    for (const { id, decidedAt } of result.items) own.current.set(id, decidedAt ?? null);
    store.apply(result.review, result.items);
    return true;
  }

  const { remember, ...undoing } = useUndo(store, own.current, sendBatch);

  async function decide(items: readonly ReviewItemFragment[], decision: Decision, text: string): Promise<boolean> {
    for (let done = 0; done < items.length; done += BATCH) {
      if (items.length > BATCH) setProgress({ done, all: items.length });
      const batch = items.slice(done, done + BATCH);
      // An absent note would clear the item's own.
      const decisions = batch.map(({ id, note = null }) => ({ note, ...decision, itemId: id }));
      const isDone = await sendBatch({ decisions });
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

  return { decide, ...undoing, progress, problem, isSending, clear };
}

/** Takes back the viewer's steps, the last one first. What others have decided since stays. */
function useUndo(store: ReviewState, own: OwnDecisions, sendBatch: (batch: Batch) => Promise<boolean>) {
  const [last, setLast] = useState<Step | null>(null);
  const [overtaken, setOvertaken] = useState<string | null>(null);
  const steps = useRef<Step[]>([]);

  function remember(step: Step): void {
    steps.current.push(step);
    setLast(step);
    setOvertaken(null);
  }

  async function undo(): Promise<void> {
    const step = steps.current.at(-1);
    if (!step) return;
    const { mine, others } = split(step.before, store.current().items, own);
    if (mine.length > 0 && !(await sendBatch(reversal(mine, own)))) return;
    steps.current.pop();
    setLast(steps.current.at(-1) ?? null);
    const text = overtakenText(others);
    setOvertaken(text);
    // The page shows the other sentence as an alert, which screen readers announce by themselves.
    if (text === null) announce(reviewPage.undone);
  }

  return { remember, undo, last, overtaken };
}

/** Tells the items whose latest decision is the viewer's from those that others have decided on since. */
function split(before: readonly ReviewItemFragment[], items: readonly ReviewItemFragment[], own: OwnDecisions) {
  const now = new Map(items.map((item) => [item.id, item]));
  const isMine = ({ id }: ReviewItemFragment) => (now.get(id)?.decidedAt ?? null) === (own.get(id) ?? null);
  const others = before.filter((item) => !isMine(item)).map((item) => now.get(item.id) ?? item);
  return { mine: before.filter(isMine), others };
}

/**
 * Restores the decisions of these items; one without a decision becomes undecided. The service refuses if somebody
 * decides on one of them in this moment.
 */
function reversal(items: readonly ReviewItemFragment[], own: OwnDecisions): Batch {
  return {
    decisions: items.flatMap((item) => (item.decision === null ? [] : [inputOf(item)])),
    takenBack: items.filter(({ decision }) => decision === null).map(({ id }) => id),
    expected: items.map(({ id }) => ({ itemId: id, decidedAt: own.get(id) ?? null })),
  };
}

function overtakenText(items: readonly ReviewItemFragment[]): string | null {
  const [first] = items;
  if (!first) return null;
  const names = new Set(items.map(({ decidedBy }) => decidedBy?.name));
  const people = items.map(({ userName }) => userName);
  return reviewPage.overtaken(names.size === 1 ? (first.decidedBy?.name ?? null) : null, people);
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

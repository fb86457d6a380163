import type { Services } from "../commands/runner/unit-of-work";
import { dayOf } from "../domain/last-seen";
import { removableUntil } from "../domain/retention";
import { removeOldEvents, withOldEvents } from "../store/events/remove-events";
import {
  deleteOldInvitations,
  deleteOldReviews,
  deleteOldUsage,
  organizationsAfter,
  withOldInvitations,
} from "../store/retained";
import { forEach } from "./for-each";

const PAGE_SIZE = 500;
const FIRST_ID = "00000000-0000-0000-0000-000000000000";

/**
 * Removes data of organizations that is older than the configured retention. Every batch is a transaction of its own,
 * so the next run continues one that was interrupted.
 */
export async function removeOldData(services: Services): Promise<void> {
  const { database, clock } = services;
  const steps = stepsOf(services, clock.now());
  if (steps.length === 0) return;
  const errors: unknown[] = [];
  for (let after = FIRST_ID; ; ) {
    const ids = await organizationsAfter(database, after, PAGE_SIZE);
    for (const step of steps) await step(ids).catch((error: unknown) => errors.push(error));
    if (ids.length < PAGE_SIZE) break;
    after = ids.at(-1) ?? after;
  }
  if (errors.length > 0) throw new AggregateError(errors, "Some old data could not be removed.");
}

type Step = (organizationIds: readonly string[]) => Promise<void>;

/** The steps that remove data from a page of organizations. */
function stepsOf({ database, retention }: Services, now: Date): Step[] {
  const usage = removableUntil(now, retention.usage);
  const invitations = removableUntil(now, retention.invitations);
  const reviews = removableUntil(now, retention.accessReviews);
  const events = removableUntil(now, retention.events);
  const steps: Array<Step | null> = [
    usage && ((ids) => deleteOldUsage(database, dayOf(usage), ids)),
    invitations &&
      (async (ids) => {
        const withOld = await withOldInvitations(database, invitations, ids);
        await forEach(withOld, (id) => deleteOldInvitations(database, invitations, id));
      }),
    reviews && ((ids) => deleteOldReviews(database, reviews, ids)),
    // Events come after the reviews, because a kept review keeps its events.
    events &&
      (async (ids) => {
        const withOld = await withOldEvents(database, events, ids);
        await forEach(withOld, (id) => removeOldEvents(database, events, id));
      }),
  ];
  return steps.filter((step) => step !== null);
}

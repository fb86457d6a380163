import type { OrganizationUnitOfWork, Services } from "../commands/runner/unit-of-work";
import { expireAccess } from "../commands/workspace/expire-access";
import { organizationsWithEndingAccess, takeWarnings } from "../store/access-warnings";
import { warningJob } from "../store/jobs";
import { organizationsWithEndedAccess } from "../store/workspace-assignment";
import { changeUnlessPurged } from "./change-unless-purged";
import { forEach } from "./for-each";

const ORGANIZATIONS = 200;
/** Assignments per transaction. */
const BATCH = 500;
const FIRST_ID = "00000000-0000-0000-0000-000000000000";

/** Deletes access that has ended and no longer counts, and warns members whose access ends within a day. */
export async function sweepWorkspaceAccess(services: Services): Promise<void> {
  const { database, clock } = services;
  const now = clock.now();
  await inEach(
    services,
    (page) => organizationsWithEndedAccess(database, now, page),
    (unit) => expireAccess(unit, {}, BATCH),
  );
  await inEach(services, (page) => organizationsWithEndingAccess(database, now, page), warn);
}

/**
 * Queues the due warnings of an organization, in the transaction that marks them as sent. Returns whether some may be
 * left.
 */
async function warn({ transaction, organization, now, enqueue }: OrganizationUnitOfWork): Promise<boolean> {
  const taken = await takeWarnings(transaction, organization.id, now, BATCH);
  for (const ending of taken) enqueue(warningJob(organization.id, ending));
  return taken.reduce((sum, { workspaceIds }) => sum + workspaceIds.length, 0) === BATCH;
}

/** Runs `work` in each organization that `find` returns, and repeats it while some may be left. */
async function inEach(
  services: Services,
  find: (page: { after: string; limit: number }) => Promise<string[]>,
  work: (unit: OrganizationUnitOfWork) => Promise<boolean>,
): Promise<void> {
  for (let after = FIRST_ID; ; ) {
    const ids = await find({ after, limit: ORGANIZATIONS });
    await forEach(ids, async (id) => {
      for (let isMore = true; isMore; ) {
        isMore = false;
        await changeUnlessPurged(services, id, async (unit) => {
          isMore = await work(unit);
        });
      }
    });
    after = ids.at(-1) ?? after;
    if (ids.length < ORGANIZATIONS) return;
  }
}

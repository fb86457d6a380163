import { expireInvitations } from "../commands/expire-invitations";
import { renewSubscription } from "../commands/renew-subscription";
import { changeOrganization } from "../commands/run";
import type { OrganizationScope, Services } from "../commands/scope";
import { Denied } from "../domain/denial";
import { RESTORABLE_MS } from "../domain/organization";
import { forgetAnswers } from "../store/idempotency";
import { organizationsWithOverdueInvitations } from "../store/invitation";
import { purgeOrganizations } from "../store/purge";
import { dueSubscriptions } from "../store/subscription";

const BATCH = 200;

/** Closes invitations whose time is over, everywhere, each with its event. */
export async function sweepInvitations(services: Services): Promise<void> {
  const now = services.clock.now();
  await forEach(services, () => organizationsWithOverdueInvitations(services.database, now, BATCH), expireInvitations);
}

/** Renews subscriptions whose period has ended, on the scheduled plan where there is one. */
export async function sweepSubscriptions(services: Services): Promise<void> {
  const now = services.clock.now();
  await forEach(services, () => dueSubscriptions(services.database, now, BATCH), renewSubscription);
}

/** Deletes for good what can no longer be restored, and forgets idempotency keys of yesterday. */
export async function sweepLeftovers({ database, clock }: Services): Promise<void> {
  const now = clock.now();
  await purgeOrganizations(database, new Date(now.getTime() - RESTORABLE_MS), BATCH);
  await forgetAnswers(database, now);
}

/** Batch after batch, until one is not full.. */
async function forEach(
  services: Services,
  find: () => Promise<string[]>,
  change: (scope: OrganizationScope) => Promise<void>,
): Promise<void> {
  for (;;) {
    const organizationIds = await find();
    for (const id of organizationIds) {
      // One that was purged in between is done.
      await changeOrganization(services, id, change).catch((error: unknown) => {
        if (!(error instanceof Denied)) throw error;
      });
    }
    if (organizationIds.length < BATCH) return;
  }
}

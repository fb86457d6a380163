import { cancelVoidInvitations } from "../commands/invitation/cancel-void-invitations";
import { expireInvitations } from "../commands/invitation/expire-invitations";
import type { OrganizationUnitOfWork, Services } from "../commands/runner/unit-of-work";
import { renewSubscription } from "../commands/subscription/renew-subscription";
import { RESTORABLE_MS } from "../domain/organization";
import { rolesWith } from "../domain/permission";
import { removableUntil } from "../domain/retention";
import { MAX_RECORD_AGE_MS, monthOf } from "../domain/usage";
import { deleteOldBillingEvents } from "../store/billing-events";
import { organizationsWithSpending } from "../store/credit-alerts";
import { deleteOldFormerMembers } from "../store/former-member";
import { deleteOldResponses } from "../store/idempotency";
import { organizationsWithOverdueInvitations } from "../store/invitation";
import { deleteOldInvitedAddresses } from "../store/invited-address";
import { removeFailedJobs } from "../store/jobs";
import { organizationsWithVoidInvitations } from "../store/open-invitations";
import { beginPurge, organizationsToPurge, purgeOrganizations } from "../store/purge";
import { dueSubscriptions } from "../store/subscription";
import { dropUsagePartitions, ensureUsagePartitions } from "../store/usage-partitions";
import { changeUnlessPurged } from "./change-unless-purged";
import { sendCreditAlerts } from "./credit-alerts";
import { forEach } from "./for-each";

const BATCH = 200;
const FIRST_ID = "00000000-0000-0000-0000-000000000000";
const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
const RECENT_HOURS = 2;
const MONTH_HOURS = 31 * 24;
/** Long enough for an operator to mend the cause and run them again. */
const FAILED_JOBS_KEPT_MS = 35 * DAY_MS;

/** Expires overdue invitations in all organizations. */
export async function sweepInvitations(services: Services): Promise<void> {
  const now = services.clock.now();
  await forEachFound(
    services,
    () => organizationsWithOverdueInvitations(services.database, now, BATCH),
    expireInvitations,
  );
}

/**
 * Cancels pending invitations that became void before this rule existed. Since then, changes of roles and addresses
 * cancel them at once.
 */
export async function sweepVoidInvitations(services: Services): Promise<void> {
  const now = services.clock.now();
  const inviterRoles = rolesWith("INVITE_AND_REMOVE_MEMBERS");
  for (let after = FIRST_ID; ; ) {
    const page = { after, limit: BATCH };
    const ids = await organizationsWithVoidInvitations(services.database, now, inviterRoles, page);
    await forEach(ids, (id) => changeUnlessPurged(services, id, (unit) => cancelVoidInvitations(unit)));
    after = ids.at(-1) ?? after;
    if (ids.length < BATCH) return;
  }
}

/** Renews subscriptions whose period has ended. */
export async function sweepSubscriptions(services: Services): Promise<void> {
  const now = services.clock.now();
  await forEachFound(services, () => dueSubscriptions(services.database, now, BATCH), renewSubscription);
}

/** Sends credit alerts for spending of the last two hours; once an hour, for the whole month. */
export async function sweepCreditAlerts(services: Services): Promise<void> {
  const now = services.clock.now();
  const hours = now.getUTCMinutes() === 0 ? MONTH_HOURS : RECENT_HOURS;
  await sendAlertsSince(services, new Date(now.getTime() - hours * HOUR_MS));
}

/** Sends credit alerts for the spending of the whole month. */
export async function sweepMonthOfCreditAlerts(services: Services): Promise<void> {
  await sendAlertsSince(services, new Date(services.clock.now().getTime() - MONTH_HOURS * HOUR_MS));
}

async function sendAlertsSince(services: Services, since: Date): Promise<void> {
  await sendCreditAlerts(services, await organizationsWithSpending(services.database, since));
}

/** Deletes expired rows, keeps the usage partitions, and purges organizations that can no longer be restored. */
export async function sweepLeftovers(services: Services): Promise<void> {
  const { database, clock, retention } = services;
  const now = clock.now();
  await deleteOldResponses(database, now);
  await deleteOldInvitedAddresses(database, now);
  await deleteOldFormerMembers(database, removableUntil(now, retention.formerMembers));
  await deleteOldBillingEvents(database, new Date(now.getTime() - MAX_RECORD_AGE_MS));
  await removeFailedJobs(database, new Date(now.getTime() - FAILED_JOBS_KEPT_MS));
  await dropUsagePartitions(database, new Date(now.getTime() - MAX_RECORD_AGE_MS - DAY_MS));
  await ensureUsagePartitions(database, [monthOf(now), monthOf(new Date(now.getTime() + MAX_RECORD_AGE_MS))]);
  await purgeDeleted(services, new Date(now.getTime() - RESTORABLE_MS));
}

/** Purges the organizations deleted at or before a time. A failure does not stop the others. */
async function purgeDeleted({ database }: Services, before: Date): Promise<void> {
  const errors: unknown[] = [];
  for (let after = FIRST_ID; ; ) {
    const ids = await organizationsToPurge(database, before, after, BATCH);
    const started: string[] = [];
    for (const id of ids) {
      try {
        if (await beginPurge(database, id, before)) started.push(id);
      } catch (error) {
        errors.push(error);
      }
    }
    errors.push(...(await purgeOrganizations(database, started)));
    if (ids.length < BATCH) break;
    after = ids.at(-1) ?? after;
  }
  if (errors.length > 0) throw new AggregateError(errors, "Some organizations could not be purged.");
}

/** Runs `work` on the organizations that `find` returns, until a batch is not full. */
async function forEachFound(
  services: Services,
  find: () => Promise<string[]>,
  work: (unit: OrganizationUnitOfWork) => Promise<void>,
): Promise<void> {
  for (;;) {
    const organizationIds = await find();
    await forEach(organizationIds, (id) => changeUnlessPurged(services, id, work));
    if (organizationIds.length < BATCH) return;
  }
}

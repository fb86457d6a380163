import type { OrganizationUnitOfWork, Services } from "../commands/runner/unit-of-work";
import { CustomerGone } from "../integrations/stripe/billing";
import { organizationsWithUnsentInvitations, unsentInvitations, updateInvitations } from "../store/invitation";
import type { TaskName } from "../store/jobs";
import { removeJobs, takeProvidersState } from "../store/restore";
import { billedOrganizations } from "../store/subscription";
import { sweepAccessReviews } from "./access-reviews";
import { adoptCustomers } from "./adopt-customers";
import { sweepExpiringKeys } from "./byok";
import { changeUnlessPurged } from "./change-unless-purged";
import { forEach } from "./for-each";
import { sweepMonthOfCreditAlerts, sweepSubscriptions } from "./sweep";
import { pullBilling } from "./sync-billing";
import { sweepWorkspaceAccess } from "./workspace-access";

const MAILS: readonly TaskName[] = ["send-invitation", "send-notice", "send-access-warning", "send-review-reminder"];
const BILLING: readonly TaskName[] = ["pull-billing", "push-billing"];
const BATCH = 500;
const FIRST_ID = "00000000-0000-0000-0000-000000000000";

/** The results that the operator of a restored database needs. */
export interface Prepared {
  /** Mails that were waiting, or became due since the backup. They were sent already, or are dropped. */
  mails: number;
  /** Invitations that now show as not delivered, because nobody knows whether the mail was sent. */
  invitations: number;
  /** Customers of organizations that the backup lacks. */
  strayCustomers: string[];
  /** Organizations whose customer the provider no longer has. */
  goneCustomers: number;
}

/**
 * Prepares a restored database, while no service runs on it: drops the mails that may have been sent after the backup,
 * and adopts the payment provider's state. Safe to repeat.
 */
export async function prepareRestored(services: Services): Promise<Prepared> {
  const { database, integrations } = services;
  const waiting = await removeJobs(database, [...MAILS, ...BILLING]);
  const invitations = await failUnsentInvitations(services);
  const strayCustomers = integrations.billing ? await adoptCustomers(services, integrations.billing) : [];
  await takeProvidersState(database);
  const goneCustomers = await pullAll(services);
  await catchUp(services);
  const due = await removeJobs(database, MAILS);
  const isMail = (task: string) => (MAILS as readonly string[]).includes(task);
  return { mails: [...waiting, ...due].filter(isMail).length, invitations, strayCustomers, goneCustomers };
}

/**
 * Makes the changes that became due since the backup. Their mails were sent at that time, so the caller removes the
 * mails that this queues.
 */
async function catchUp(services: Services): Promise<void> {
  await sweepWorkspaceAccess(services);
  await sweepExpiringKeys(services);
  await sweepAccessReviews(services);
  await sweepSubscriptions(services);
  await sweepMonthOfCreditAlerts(services);
}

/**
 * Marks invitations whose mail may not have been sent, and returns their number. Owners and Admins see them and can
 * send them again.
 */
async function failUnsentInvitations(services: Services): Promise<number> {
  let count = 0;
  for (let after = FIRST_ID; ; ) {
    const ids = await organizationsWithUnsentInvitations(services.database, after, BATCH);
    await forEach(ids, (id) =>
      changeUnlessPurged(services, id, async (unit) => {
        count += await failUnsent(unit);
      }),
    );
    if (ids.length < BATCH) return count;
    after = ids.at(-1) ?? after;
  }
}

async function failUnsent({ transaction, organization, now, record }: OrganizationUnitOfWork): Promise<number> {
  const unsent = await unsentInvitations(transaction, organization.id, now);
  const ids = unsent.map(({ id }) => id);
  await updateInvitations(transaction, organization.id, ids, { delivery: "FAILED", deliveryProblem: "UNREACHABLE" });
  for (const { id, email } of unsent) {
    record({
      type: "invitation.delivery_failed",
      subjectId: id,
      summary: `It is not known whether the invitation to ${email} was sent: the database was restored from a backup.`,
      data: { email },
    });
  }
  return unsent.length;
}

/** Adopts the provider's state of every customer. Returns how many customers are gone. */
async function pullAll(services: Services): Promise<number> {
  let gone = 0;
  if (!services.integrations.billing) return gone;
  for (let after = FIRST_ID; ; ) {
    const found = await billedOrganizations(services.database, after, BATCH);
    await forEach(found, async ({ id }) => {
      await pullBilling(services, { organizationId: id }).catch((error: unknown) => {
        if (!(error instanceof CustomerGone)) throw error;
        gone += 1;
      });
    });
    if (found.length < BATCH) return gone;
    after = found.at(-1)?.id ?? after;
  }
}

import { newLink } from "../commands/invitation/link";
import { changeOrganization } from "../commands/runner/run";
import type { OrganizationUnitOfWork, Services } from "../commands/runner/unit-of-work";
import { isNotFound } from "../domain/denial";
import { type DeliveryProblem, readStatus } from "../domain/invitation";
import { MailRejected } from "../integrations/mail/mailer";
import { findInvitation, updateInvitations } from "../store/invitation";
import { insertToken, isTokenStored } from "../store/invitation-link";
import type { JobPayload } from "../store/jobs";
import { readInvitationMailState } from "../store/views/mail";
import { invitationMessage } from "./invitation-message";

/**
 * Mails an invitation. A link that is renewed while its mail is underway would arrive dead, so another mail follows it;
 * only one, because renewing is not limited as sending is. Throws to be retried.
 */
export async function sendInvitation(
  services: Services,
  job: JobPayload<"send-invitation">,
  isLastAttempt: boolean,
): Promise<void> {
  for (const isRepeated of [false, true]) {
    if ((await sendOnce(services, job, { isLastAttempt, isRepeated })) !== "outdated") return;
  }
}

/**
 * Stores a token, sends, records the delivery; no transaction is open while it sends. A retry adds another token, so that
 * every link that was sent works. "outdated": the link was renewed meanwhile, so no delivery is recorded.
 */
async function sendOnce(
  services: Services,
  job: JobPayload<"send-invitation">,
  { isLastAttempt, isRepeated }: { isLastAttempt: boolean; isRepeated: boolean },
): Promise<"outdated" | undefined> {
  const { organizationId, invitationId } = job;
  const { mailer, appUrl } = services.integrations;
  const { link, hash } = newLink(appUrl, organizationId);
  const state = await changeWhilePending(services, job, async ({ transaction, organization, now }) => {
    if (organization.deletedAt) return undefined;
    await insertToken(transaction, { organizationId, tokenHash: hash, invitationId });
    return await readInvitationMailState(transaction, { organizationId, id: invitationId }, now);
  });
  if (!state) return undefined;
  const { email: to, ...rest } = state;
  // Also while the organization is deleted: its restoration sends the mails that are not sent yet.
  const conclude = (problem: DeliveryProblem | null) =>
    changeWhilePending(services, job, async (unit) => {
      if (!isRepeated && !(await isTokenStored(unit.transaction, organizationId, hash))) return "outdated" as const;
      return await recordDelivery(unit, invitationId, to, problem);
    });
  try {
    await mailer.send(invitationMessage({ ...rest, to, link }));
  } catch (error) {
    if (!isLastAttempt && !(error instanceof MailRejected)) throw error;
    return await conclude(error instanceof MailRejected ? "REJECTED" : "UNREACHABLE");
  }
  return await conclude(null);
}

/**
 * Runs `work` under the lock if the invitation is pending, this mail's delivery is not recorded and no resend followed.
 * Otherwise returns undefined: graphile-worker repeats a job whose process was killed after it recorded the delivery.
 */
async function changeWhilePending<Result>(
  services: Services,
  { organizationId, invitationId, sendNumber }: JobPayload<"send-invitation">,
  work: (unit: OrganizationUnitOfWork) => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await changeOrganization(services, organizationId, async (unit) => {
      const invitation = await findInvitation(unit.transaction, organizationId, invitationId);
      if (!invitation) return undefined;
      const isOpen = readStatus(invitation, unit.now) === "PENDING" && invitation.delivery === "QUEUED";
      return isOpen && invitation.sendNumber === sendNumber ? await work(unit) : undefined;
    });
  } catch (error) {
    // The organization has been purged.
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function recordDelivery(
  { transaction, organization, now, record }: OrganizationUnitOfWork,
  id: string,
  email: string,
  problem: DeliveryProblem | null,
): Promise<undefined> {
  const isSent = problem === null;
  await updateInvitations(
    transaction,
    organization.id,
    [id],
    isSent ? { delivery: "SENT", lastSentAt: now } : { delivery: "FAILED", deliveryProblem: problem },
  );
  record({
    type: isSent ? "invitation.sent" : "invitation.delivery_failed",
    subjectId: id,
    summary: isSent ? `The invitation to ${email} was sent.` : `The invitation to ${email} could not be delivered.`,
    data: { email },
  });
}

import { newLink } from "../commands/invitation/link";
import { changeOrganization } from "../commands/runner/run";
import type { OrganizationUnitOfWork, Services } from "../commands/runner/unit-of-work";
import { isNotFound } from "../domain/denial";
import { type DeliveryProblem, readStatus } from "../domain/invitation";
import { MailRejected } from "../integrations/mail/mailer";
import { findInvitation, updateInvitations } from "../store/invitation";
import { insertToken } from "../store/invitation-link";
import type { JobPayload } from "../store/jobs";
import { readInvitationMailState } from "../store/views/mail";
import { invitationMessage } from "./invitation-message";

/**
 * Mails an invitation in three steps: stores a token, sends, records the delivery; no transaction is open while it
 * sends. A retry adds another token, so that every link that was sent works. Throws to be retried.
 */
export async function sendInvitation(
  services: Services,
  { organizationId, invitationId, sendNumber }: JobPayload<"send-invitation">,
  isLastAttempt: boolean,
): Promise<void> {
  const { mailer, appUrl } = services.integrations;
  const whilePending = <Result>(work: (unit: OrganizationUnitOfWork) => Promise<Result>) =>
    changeWhilePending(services, organizationId, invitationId, sendNumber, work);
  const { link, hash } = newLink(appUrl);
  const state = await whilePending(async ({ transaction, now }) => {
    await insertToken(transaction, { organizationId, tokenHash: hash, invitationId });
    return await readInvitationMailState(transaction, { organizationId, id: invitationId }, now);
  });
  if (!state) return;
  const { email: to, ...rest } = state;
  try {
    await mailer.send(invitationMessage({ ...rest, to, link }));
  } catch (error) {
    if (!isLastAttempt && !(error instanceof MailRejected)) throw error;
    const problem = error instanceof MailRejected ? "REJECTED" : "UNREACHABLE";
    await whilePending((unit) => recordDelivery(unit, invitationId, to, problem));
    return;
  }
  await whilePending((unit) => recordDelivery(unit, invitationId, to, null));
}

/**
 * Runs `work` under the lock if the invitation is pending, this mail's delivery is not recorded and no resend followed.
 * Otherwise returns undefined: graphile-worker repeats a job whose process was killed after it recorded the delivery.
 */
async function changeWhilePending<Result>(
  services: Services,
  organizationId: string,
  invitationId: string,
  sendNumber: number,
  work: (unit: OrganizationUnitOfWork) => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await changeOrganization(services, organizationId, async (unit) => {
      const invitation = await findInvitation(unit.transaction, organizationId, invitationId);
      if (!invitation || unit.organization.deletedAt) return undefined;
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
) {
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

import { randomBytes } from "node:crypto";
import { tokenHash } from "../commands/invitation/find-invitation";
import { changeOrganization } from "../commands/runner/run";
import type { OrganizationUnitOfWork, Services } from "../commands/runner/unit-of-work";
import { isNotFound } from "../domain/denial";
import { readStatus } from "../domain/invitation";
import { type Mailer, MailRejected } from "../integrations/mail/mailer";
import { findInvitation, insertToken, updateInvitations } from "../store/invitation";
import type { JobPayload } from "../store/jobs";
import { readInvitationMailState } from "../store/views/mail";
import { invitationMessage } from "./invitation-message";

const TOKEN_BYTES = 32;

/**
 * Sends one invitation's mail: makes the link's token, sends, notes the outcome, each outside the others' way. A mail
 * that is tried again gets a further token, so that every link that ever went out works. Throws to be tried again.
 */
export async function sendInvitation(
  services: Services,
  integrations: { mailer: Mailer; appUrl: string },
  { organizationId, invitationId, sendNumber }: JobPayload<"send-invitation">,
  isLastAttempt: boolean,
): Promise<void> {
  const wanted = <Result>(work: (unit: OrganizationUnitOfWork) => Promise<Result>) =>
    whileWanted(services, organizationId, invitationId, sendNumber, work);
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  const state = await wanted(async ({ transaction }) => {
    await insertToken(transaction, { tokenHash: tokenHash(token), invitationId });
    return await readInvitationMailState(transaction, invitationId);
  });
  if (!state) return;
  const { email: to, ...told } = state;
  try {
    await integrations.mailer.send(
      invitationMessage({ ...told, to, link: `${integrations.appUrl}/invitations/${token}` }),
    );
  } catch (error) {
    if (!isLastAttempt && !(error instanceof MailRejected)) throw error;
    await wanted((unit) => note(unit, invitationId, to, "FAILED"));
    return;
  }
  await wanted((unit) => note(unit, invitationId, to, "SENT"));
}

/**
 * Works on the invitation while it is pending, this mail's outcome is not known, and no later one has been asked for.
 * Otherwise does nothing: a job that was killed after it noted the outcome comes again.
 */
async function whileWanted<Result>(
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
    // The organization was purged meanwhile: there is nobody to write for.
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function note(
  { transaction, now, record }: OrganizationUnitOfWork,
  id: string,
  email: string,
  outcome: "SENT" | "FAILED",
) {
  await updateInvitations(
    transaction,
    [id],
    outcome === "SENT" ? { delivery: outcome, lastSentAt: now } : { delivery: outcome },
  );
  const sent = outcome === "SENT";
  record({
    type: sent ? "invitation.sent" : "invitation.delivery_failed",
    subjectId: id,
    summary: sent ? `The invitation of ${email} was sent.` : `The invitation of ${email} could not be delivered.`,
    data: { email },
  });
}

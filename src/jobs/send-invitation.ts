import { randomBytes } from "node:crypto";
import { tokenHash } from "../commands/invitation/find-invitation";
import { changeOrganization } from "../commands/runner/run";
import type { OrganizationScope, Services } from "../commands/runner/unit-of-work";
import { isNotFound } from "../domain/denial";
import { readStatus } from "../domain/invitation";
import { type Mailer, MailRejected } from "../integrations/mail/mailer";
import { findInvitation, insertToken, updateInvitations } from "../store/invitation";
import type { InvitationJob } from "../store/jobs";
import { mailFacts } from "../store/views/mail";
import { invitationMessage } from "./invitation-message";

const TOKEN_BYTES = 32;

/**
 * Sends one invitation's mail: makes the link's token, sends, notes the outcome, each outside the others' way. A mail
 * that is tried again gets a further token, so that every link that ever went out works. Throws to be tried again.
 */
export async function sendInvitation(
  services: Services,
  outside: { mailer: Mailer; appUrl: string },
  { organizationId, invitationId, sendNumber }: InvitationJob["payload"],
  isLastAttempt: boolean,
): Promise<void> {
  const wanted = <Result>(work: (scope: OrganizationScope) => Promise<Result>) =>
    whileWanted(services, organizationId, invitationId, sendNumber, work);
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  const facts = await wanted(async ({ transaction }) => {
    await insertToken(transaction, { tokenHash: tokenHash(token), invitationId });
    return await mailFacts(transaction, invitationId);
  });
  if (!facts) return;
  const { email: to, ...told } = facts;
  try {
    await outside.mailer.send(invitationMessage({ ...told, to, link: `${outside.appUrl}/invitations/${token}` }));
  } catch (error) {
    if (!isLastAttempt && !(error instanceof MailRejected)) throw error;
    await wanted((scope) => note(scope, invitationId, to, "FAILED"));
    return;
  }
  await wanted((scope) => note(scope, invitationId, to, "SENT"));
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
  work: (scope: OrganizationScope) => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await changeOrganization(services, organizationId, async (scope) => {
      const invitation = await findInvitation(scope.transaction, organizationId, invitationId);
      if (!invitation || scope.organization.deletedAt) return undefined;
      const isOpen = readStatus(invitation, scope.now) === "PENDING" && invitation.delivery === "QUEUED";
      return isOpen && invitation.sendNumber === sendNumber ? await work(scope) : undefined;
    });
  } catch (error) {
    // The organization was purged meanwhile: there is nobody to write for.
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function note(
  { transaction, now, record }: OrganizationScope,
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

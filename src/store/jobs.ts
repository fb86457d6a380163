/** What must happen after a commit. Queued in the change's own transaction, run by a worker afterwards. */
export interface Job {
  task: "send-invitation";
  payload: { organizationId: string; invitationId: string; sendNumber: number };
  attempts: number;
}

/** With graphile-worker's back-off, twelve attempts spread over about sixteen hours. */
const MAIL_ATTEMPTS = 12;

/** The mail of an invitation; `sendNumber` tells a resent one from the one before. */
export function sendInvitation(invitation: { id: string; organizationId: string; sendNumber: number }): Job {
  const { id, organizationId, sendNumber } = invitation;
  return {
    task: "send-invitation",
    payload: { organizationId, invitationId: id, sendNumber },
    attempts: MAIL_ATTEMPTS,
  };
}

/** What must happen after a commit. Queued in the change's own transaction, run by a worker afterwards. */
export type Job = InvitationJob | NoticeJob;

/** The mail of an invitation. */
export interface InvitationJob {
  task: "send-invitation";
  payload: { organizationId: string; invitationId: string; sendNumber: number };
  attempts: number;
}

/** Something that an Owner has to know, by mail. Their address is looked up when it is sent. */
export interface NoticeJob {
  task: "send-notice";
  payload: { organizationId: string; userId: string; notice: Notice };
  attempts: number;
}

/** What a notice says; `page` is a path below the client's base URL. */
export interface Notice {
  subject: string;
  paragraphs: string[];
  page: string;
}

/** With graphile-worker's back-off, twelve attempts spread over about sixteen hours. */
const MAIL_ATTEMPTS = 12;

/** The mail of an invitation; `sendNumber` tells a resent one from the one before. */
export function sendInvitation(invitation: { id: string; organizationId: string; sendNumber: number }): InvitationJob {
  const { id, organizationId, sendNumber } = invitation;
  return {
    task: "send-invitation",
    payload: { organizationId, invitationId: id, sendNumber },
    attempts: MAIL_ATTEMPTS,
  };
}

/** The same notice to each of an organization's Owners. */
export function sendNotices(organizationId: string, ownerIds: readonly string[], notice: Notice): NoticeJob[] {
  return ownerIds.map((userId) => ({
    task: "send-notice",
    payload: { organizationId, userId, notice },
    attempts: MAIL_ATTEMPTS,
  }));
}

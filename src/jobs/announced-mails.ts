import type { DryRun } from "../commands/runner/dry-run";
import type { Viewer } from "../domain/viewer";
import type { Reader } from "../store/engine/statement";
import type { Job } from "../store/jobs";
import { addressesOfPeople, readInvitationNames } from "../store/views/mail";
import { invitationSubject } from "./invitation-message";

/** A mail that a change would send. */
export interface AnnouncedMail {
  to: string;
  subject: string;
}

/** The mails that the jobs of a dry run would send, in the order of the jobs and with their subjects. */
export async function announcedMails(
  reader: Reader,
  viewer: Viewer,
  { organizationId, changes, jobs }: Pick<DryRun, "organizationId" | "changes" | "jobs">,
): Promise<AnnouncedMail[]> {
  const recipients = jobs.flatMap((job) => (job.task === "send-notice" ? [job.payload.userId] : []));
  const addresses = recipients.length === 0 ? new Map() : await addressesOfPeople(reader, recipients);
  const invites = jobs.some(({ task }) => task === "send-invitation");
  const names = invites ? await readInvitationNames(reader, organizationId, viewer) : undefined;
  const invited = new Map(changes.map(({ subjectId, data }) => [subjectId, data?.email]));
  const mailOf = (job: Job): { to: unknown; subject: string } | null => {
    switch (job.task) {
      case "send-invitation":
        return names ? { to: invited.get(job.payload.invitationId), subject: invitationSubject(names) } : null;
      case "send-notice":
        return { to: addresses.get(job.payload.userId), subject: job.payload.notice.subject };
      case "push-billing":
        return null;
      default:
        throw new Error(`Nobody has said whether ${job.task} sends a mail.`);
    }
  };
  return jobs.map(mailOf).flatMap((mail) => (typeof mail?.to === "string" ? [{ ...mail, to: mail.to }] : []));
}

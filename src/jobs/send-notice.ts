import type { Services } from "../commands/runner/unit-of-work";
import { type Mailer, MailRejected } from "../integrations/mail/mailer";
import type { JobPayload } from "../store/jobs";
import { ownerToNotify } from "../store/owners";
import { messagePage } from "./message-page";

/** Mails a notice to a person who is still an Owner. Throws to be retried. */
export async function sendNotice(
  { database }: Services,
  mail: { mailer: Mailer; appUrl: string },
  { organizationId, userId, notice }: JobPayload<"send-notice">,
): Promise<void> {
  const owner = await ownerToNotify(database, organizationId, userId);
  if (!owner?.email) return;
  const { subject, paragraphs, page } = notice;
  const link = `${mail.appUrl}${page}`;
  const reason = `You receive this e-mail because you own ${owner.organizationName} on CloudThinker.`;
  const text = `${[...paragraphs, link, reason].join("\n\n")}\n`;
  const html = messagePage(subject, paragraphs, { label: "See it in CloudThinker", link }, [reason]);
  try {
    await mail.mailer.send({ to: owner.email, subject, text, html });
  } catch (error) {
    // No retry for an address that rejects the mail for good; the audit log has the event.
    if (!(error instanceof MailRejected)) throw error;
  }
}

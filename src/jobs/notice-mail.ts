import type { Integrations } from "../commands/runner/unit-of-work";
import { MailRejected } from "../integrations/mail/mailer";
import { messagePage } from "./message-page";

/** Sends a notice with a link; `reason` says why the person receives it. Throws to be retried. */
export async function sendNoticeMail(
  { mailer, appUrl }: Integrations,
  to: string,
  notice: { subject: string; paragraphs: readonly string[]; page: string; reason: string },
): Promise<void> {
  const { subject, paragraphs, page, reason } = notice;
  const link = `${appUrl}${page}`;
  const text = `${[...paragraphs, link, reason].join("\n\n")}\n`;
  const html = messagePage(subject, paragraphs, { label: "See it in CloudThinker", link }, [reason]);
  try {
    await mailer.send({ to, subject, text, html });
  } catch (error) {
    // There is no retry for an address that rejects the mail for good; the audit log has the event.
    if (!(error instanceof MailRejected)) throw error;
  }
}

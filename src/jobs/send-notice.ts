import type { Services } from "../commands/runner/unit-of-work";
import { type Mailer, MailRejected } from "../integrations/mail/mailer";
import type { JobPayload } from "../store/jobs";
import { ownerToNotify } from "../store/owners";
import { messagePage } from "./message-page";

/** Mails a notice to somebody who is an Owner still. Throws to be tried again. */
export async function sendNotice(
  { database }: Services,
  integrations: { mailer: Mailer; appUrl: string },
  { organizationId, userId, notice }: JobPayload<"send-notice">,
): Promise<void> {
  const owner = await ownerToNotify(database, organizationId, userId);
  if (!owner?.email) return;
  const { subject, paragraphs, page } = notice;
  const link = `${integrations.appUrl}${page}`;
  const why = `You get this because you own ${owner.organizationName} on CloudThinker.`;
  const text = `${[...paragraphs, link, why].join("\n\n")}\n`;
  const html = messagePage(subject, paragraphs, { label: "See it in CloudThinker", link }, [why]);
  try {
    await integrations.mailer.send({ to: owner.email, subject, text, html });
  } catch (error) {
    // An address that refuses for good is not asked again; the change itself stands in the log.
    if (!(error instanceof MailRejected)) throw error;
  }
}

import type { Services } from "../commands/runner/unit-of-work";
import type { JobPayload } from "../store/jobs";
import { ownerToNotify } from "../store/owners";
import { type Mail, sendNoticeMail } from "./notice-mail";

/** Mails a notice to a person who is still an Owner. Throws to be retried. */
export async function sendNotice(
  { database }: Services,
  mail: Mail,
  { organizationId, userId, notice }: JobPayload<"send-notice">,
): Promise<void> {
  const owner = await ownerToNotify(database, organizationId, userId);
  if (!owner?.email) return;
  const reason = `You receive this e-mail because you own ${owner.organizationName} on CloudThinker.`;
  await sendNoticeMail(mail, owner.email, { ...notice, reason });
}

import type { Services } from "../commands/runner/unit-of-work";
import { rolesWith } from "../domain/permission";
import type { OrganizationRole } from "../domain/role";
import type { JobPayload, NoticeReader } from "../store/jobs";
import { memberToNotify } from "../store/owners";
import { sendNoticeMail } from "./notice-mail";

const READERS: Record<NoticeReader, { roles: readonly OrganizationRole[]; verb: string }> = {
  OWNER: { roles: ["OWNER"], verb: "own" },
  INVITER: { roles: rolesWith("INVITE_AND_REMOVE_MEMBERS"), verb: "manage members of" },
};

/** Mails a notice to a member who is still an Owner, or may still invite. Throws to be retried. */
export async function sendNotice(
  { database, integrations }: Services,
  { organizationId, userId, notice, needs = "OWNER" }: JobPayload<"send-notice">,
): Promise<void> {
  const { roles, verb } = READERS[needs];
  const member = await memberToNotify(database, organizationId, userId, roles);
  if (!member?.email) return;
  const reason = `You receive this e-mail because you ${verb} ${member.organizationName} on CloudThinker.`;
  await sendNoticeMail(integrations, member.email, { ...notice, reason });
}

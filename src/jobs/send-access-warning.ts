import type { Services } from "../commands/runner/unit-of-work";
import { warningMail } from "../store/access-warnings";
import type { JobPayload } from "../store/jobs";
import { inUtc, listOf, oneLine, shorten } from "./message-page";
import { sendNoticeMail } from "./notice-mail";

/** Mails a member that access ends, unless it was extended or removed since. Throws to be retried. */
export async function sendAccessWarning(
  { database, clock, integrations }: Services,
  { organizationId, expiresAt, ...access }: JobPayload<"send-access-warning">,
): Promise<void> {
  const end = new Date(expiresAt);
  const found = await warningMail(database, organizationId, { ...access, expiresAt: end }, clock.now());
  if (!found) return;
  const names = found.workspaceNames.map(oneLine);
  const organization = oneLine(found.organizationName);
  const [first = ""] = names;
  const workspaces = names.length === 1 ? first : `${names.length} workspaces`;
  await sendNoticeMail(integrations, found.email, {
    subject: `Your access to ${shorten(workspaces, 60)} of ${shorten(organization, 60)} ends soon`,
    paragraphs: [
      `Your access to ${workspaces} of ${organization} ends on ${inUtc(end)}.`,
      ...(names.length === 1 ? [] : [`The workspaces: ${listOf(names)}.`]),
      "If you need it for longer, ask an Owner or Admin of the organization, or an Admin of the workspace.",
    ],
    page: `/organizations/${organizationId}`,
    reason: `You receive this e-mail because you are a member of ${organization} on CloudThinker.`,
  });
}

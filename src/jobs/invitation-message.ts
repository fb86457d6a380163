import { escapeHtml } from "../domain/html";
import type { OrganizationRole } from "../domain/role";
import { ROLE_NAMES } from "../domain/role";
import type { Message } from "../gateways/mailer";

/** What an invitation's mail tells. */
export interface InvitationFacts {
  to: string;
  organizationName: string;
  invitedByName: string | null;
  role: OrganizationRole;
  workspaceNames: readonly string[];
  link: string;
  expiresAt: Date;
}

/** What each role may, as the product's guide puts it. */
const ROLE_SENTENCES: Record<OrganizationRole, string> = {
  OWNER: "Owners have full control.",
  ADMIN: "Admins run members and workspaces, and reach every workspace.",
  DEVELOPER: "Developers use agents and run operations in the workspaces assigned to them.",
  VIEWER: "Viewers observe and audit the workspaces assigned to them.",
};

const LISTED_WORKSPACES = 10;

/** The mail that asks somebody to join: text and HTML that say the same. */
export function invitationMessage(facts: InvitationFacts): Message {
  const organization = oneLine(facts.organizationName);
  const inviter = facts.invitedByName ? oneLine(facts.invitedByName) : "Somebody";
  const expiry = `${facts.expiresAt.toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" })} UTC`;
  const subject = `${shorten(inviter, 50)} invited you to ${shorten(organization, 60)} on CloudThinker`;
  const role = `You will be ${ROLE_NAMES[facts.role]}. ${ROLE_SENTENCES[facts.role]}`;
  const workspaces = listOf(facts.workspaceNames.map(oneLine));
  const lines = [
    `${inviter} invited you to join ${organization} on CloudThinker.`,
    role,
    ...(workspaces ? [`Your workspaces: ${workspaces}.`] : []),
  ];
  const ignore = "If you did not expect this, you can ignore this e-mail: nothing happens unless you accept.";
  const text = [...lines, `Accept or decline:\n${facts.link}`, `The link works until ${expiry}.`, ignore].join("\n\n");
  return { to: facts.to, subject, text: `${text}\n`, html: page(subject, lines, facts.link, expiry, ignore) };
}

function page(title: string, lines: readonly string[], link: string, expiry: string, ignore: string): string {
  const font = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
  const [lead = "", ...rest] = lines;
  const paragraphs = rest.map(
    (line) => `<p style="margin:0 0 16px;font-size:15px;line-height:23px">${escapeHtml(line)}</p>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
</head>
<body style="margin:0;padding:0;background:#f1f4f8">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f1f4f8"><tr><td align="center" style="padding:32px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border:1px solid #dde3ec;border-radius:12px">
<tr><td style="${font};color:#182230;padding:32px">
<p style="margin:0 0 24px;font-size:14px;font-weight:600;color:#3358d4">CloudThinker</p>
<h1 style="margin:0 0 16px;font-size:20px;line-height:28px;font-weight:600">${escapeHtml(lead)}</h1>
${paragraphs.join("\n")}
<table role="presentation" cellpadding="0" cellspacing="0"><tr><td style="background:#3358d4;border-radius:8px">
<a href="${escapeHtml(link)}" style="${font};display:inline-block;padding:12px 24px;font-size:15px;font-weight:600;color:#ffffff;text-decoration:none">See the invitation</a>
</td></tr></table>
<p style="margin:24px 0 4px;font-size:13px;line-height:20px;color:#5b6778">Or open this link:</p>
<p style="margin:0 0 16px;font-size:13px;line-height:20px;word-break:break-all"><a href="${escapeHtml(link)}" style="color:#3358d4">${escapeHtml(link)}</a></p>
<p style="margin:0 0 4px;font-size:13px;line-height:20px;color:#5b6778">The link works until ${escapeHtml(expiry)}.</p>
<p style="margin:0;font-size:13px;line-height:20px;color:#5b6778">${escapeHtml(ignore)}</p>
</td></tr></table>
</td></tr></table>
</body>
</html>
`;
}

function listOf(names: readonly string[]): string {
  const listed = names.slice(0, LISTED_WORKSPACES).join(", ");
  const more = names.length - LISTED_WORKSPACES;
  return more > 0 ? `${listed} and ${more} more` : listed;
}

// A zero-width space after a dot or slash keeps mail clients from turning a name like "evil.example" into a link.
function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]+/gu, " ").trim();
  return line.replace(/([.:/])(?=\S)/g, "$1\u200B");
}

function shorten(text: string, limit: number): string {
  const characters = [...text];
  return characters.length <= limit ? text : `${characters.slice(0, limit - 1).join("")}…`;
}

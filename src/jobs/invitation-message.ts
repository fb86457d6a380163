import type { OrganizationRole } from "../domain/role";
import { ROLE_NAMES } from "../domain/role";
import type { Message } from "../integrations/mail/mailer";
import { inUtc, listOf, messagePage, oneLine, shorten } from "./message-page";

export interface InvitationMessageState {
  to: string;
  organizationName: string;
  invitedByName: string | null;
  role: OrganizationRole;
  workspaceNames: readonly string[];
  link: string;
  expiresAt: Date;
}

/** The sentences come from the product's guide. */
const ROLE_SENTENCES: Record<OrganizationRole, string> = {
  OWNER: "Owners have full control.",
  ADMIN: "Admins manage members and workspaces, and have access to every workspace.",
  DEVELOPER: "Developers use agents and run operations in the workspaces assigned to them.",
  VIEWER: "Viewers read the workspaces assigned to them.",
};

type Names = Pick<InvitationMessageState, "organizationName" | "invitedByName">;

/** The subject of an invitation mail. */
export function invitationSubject(names: Names): string {
  const { organization, inviter } = oneLined(names);
  return `${shorten(inviter, 50)} invited you to ${shorten(organization, 60)} on CloudThinker`;
}

function oneLined({ organizationName, invitedByName }: Names): { organization: string; inviter: string } {
  return { organization: oneLine(organizationName), inviter: invitedByName ? oneLine(invitedByName) : "Somebody" };
}

/** The invitation mail, as text and HTML with the same content. */
export function invitationMessage(state: InvitationMessageState): Message {
  const { organization, inviter } = oneLined(state);
  const expiry = inUtc(state.expiresAt);
  const subject = invitationSubject(state);
  const role = `Your role will be ${ROLE_NAMES[state.role]}. ${ROLE_SENTENCES[state.role]}`;
  const workspaces = listOf(state.workspaceNames.map(oneLine));
  const lines = [
    `${inviter} invited you to join ${organization} on CloudThinker.`,
    role,
    ...(workspaces ? [`Your workspaces: ${workspaces}.`] : []),
  ];
  const ignore = "If you did not expect this e-mail, you can ignore it: nothing happens unless you accept.";
  const text = [...lines, `Accept or decline:\n${state.link}`, `The link works until ${expiry}.`, ignore].join("\n\n");
  return {
    to: state.to,
    subject,
    text: `${text}\n`,
    html: messagePage(subject, lines, { label: "See the invitation", link: state.link }, [
      `The link works until ${expiry}.`,
      ignore,
    ]),
  };
}

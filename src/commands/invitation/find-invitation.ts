import type { Invitation } from "../../../entities/invitation";
import { notFound } from "../../domain/denial";
import { isIdentifier } from "../../domain/identifier";
import { invalidInput } from "../../domain/refusal";
import type { Person } from "../../domain/viewer";
import type { Reader } from "../../store/engine/statement";
import { findInvitation, invitationAddressedTo, invitationOfLink } from "../../store/invitation";
import { findUser } from "../../store/user";
import type { OrganizationUnitOfWork } from "../runner/unit-of-work";
import { linkKey } from "./link";

/** An invitee names the invitation by the link's token or by its id: exactly one of the two. */
export interface InvitationReference {
  token?: string | null;
  invitationId?: string | null;
}

/** Returns the id of the invitation's organization. Throws NOT_FOUND; refuses INVALID_INPUT. */
export async function locateInvitation(reader: Reader, person: Person, input: InvitationReference): Promise<string> {
  return (await find(reader, person.id, input)).organizationId;
}

/**
 * Reads the invitation under its organization's lock, and the invitee's current address, which may be newer than their
 * session. The caller checks the invitation's status and the address. Throws the errors of locateInvitation.
 */
export async function findInvitationAndInvitee(
  unit: OrganizationUnitOfWork & { actor: Person },
  input: InvitationReference,
): Promise<{ invitation: Invitation; invitee: Pick<Person, "email" | "emailVerified"> }> {
  const { transaction, organization, actor } = unit;
  const invitee = (await findUser(transaction, actor.id)) ?? actor;
  // The invitation is read again under the lock, because a resend may have made this link void.
  const { id } = await find(transaction, actor.id, input);
  const invitation = await findInvitation(transaction, organization.id, id);
  if (!invitation) throw notFound("invitation");
  return { invitation, invitee };
}

async function find(reader: Reader, inviteeId: string, { token, invitationId }: InvitationReference) {
  if ((token == null) === (invitationId == null)) {
    throw invalidInput("Give either the link's token or the invitation's id, but not both.");
  }
  let found: Awaited<ReturnType<typeof invitationOfLink>>;
  if (token != null) found = await invitationOfLink(reader, linkKey(token));
  else if (isIdentifier(invitationId ?? "")) found = await invitationAddressedTo(reader, invitationId ?? "", inviteeId);
  if (!found) throw notFound("invitation");
  return found;
}

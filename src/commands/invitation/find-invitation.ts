import { createHash } from "node:crypto";
import type { Invitation } from "../../../entities/invitation";
import { notFound } from "../../domain/denial";
import { isIdentifier } from "../../domain/identifier";
import { invalidInput } from "../../domain/refusal";
import type { Person } from "../../domain/viewer";
import type { Reader } from "../../store/engine/statement";
import { findInvitation, invitationAddressedTo, invitationByToken } from "../../store/invitation";
import { findUser } from "../../store/user";
import type { OrganizationUnitOfWork } from "../runner/unit-of-work";

/** How an invitee names their invitation: by the link's token, or by its id. Exactly one of the two. */
export interface InvitationReference {
  token?: string | null;
  invitationId?: string | null;
}

/** A link's token as it is stored. */
export function tokenHash(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

/** Where the invitation is that an invitee answers. Throws NOT_FOUND; refuses INVALID_INPUT. */
export async function locateInvitation(reader: Reader, person: Person, input: InvitationReference): Promise<string> {
  return (await find(reader, person.id, input)).organizationId;
}

/**
 * The invitation under its organization's lock, and who answers it; whether they may is for the caller to ask. Their
 * address is the newest that is known of them: a session may have begun before it changed.
 */
export async function findPendingInvitation(
  unit: OrganizationUnitOfWork & { actor: Person },
  input: InvitationReference,
): Promise<{ invitation: Invitation; invitee: Pick<Person, "email" | "emailVerified"> }> {
  const { transaction, organization, actor } = unit;
  const invitee = (await findUser(transaction, actor.id)) ?? actor;
  // Asked again under the lock: a resend may have made this link void while it waited.
  const { id } = await find(transaction, actor.id, input);
  const invitation = await findInvitation(transaction, organization.id, id);
  if (!invitation) throw notFound("invitation");
  return { invitation, invitee };
}

async function find(reader: Reader, inviteeId: string, { token, invitationId }: InvitationReference) {
  if ((token == null) === (invitationId == null)) {
    throw invalidInput("Give either the link's token or the invitation's id, and not both.");
  }
  let key: Awaited<ReturnType<typeof invitationByToken>>;
  if (token != null) key = await invitationByToken(reader, tokenHash(token));
  else if (isIdentifier(invitationId ?? "")) key = await invitationAddressedTo(reader, invitationId ?? "", inviteeId);
  if (!key) throw notFound("invitation");
  return key;
}

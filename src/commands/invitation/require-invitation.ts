import type { Invitation } from "../../../entities/invitation";
import { notFound } from "../../domain/denial";
import { isIdentifier } from "../../domain/identifier";
import { findInvitation } from "../../store/invitation";
import type { OrganizationUnitOfWork } from "../runner/unit-of-work";

/** Returns an invitation of the organization. Throws NOT_FOUND. */
export async function requireInvitation(unit: OrganizationUnitOfWork, invitationId: string): Promise<Invitation> {
  const { transaction, organization } = unit;
  const found = isIdentifier(invitationId) && (await findInvitation(transaction, organization.id, invitationId));
  if (!found) throw notFound("invitation");
  return found;
}

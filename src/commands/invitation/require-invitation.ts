import type { Invitation } from "../../../entities/invitation";
import { notFound } from "../../domain/denial";
import { isIdentifier } from "../../domain/identifier";
import { findInvitation } from "../../store/invitation";
import type { OrganizationUnitOfWork } from "../runner/unit-of-work";

/** The invitation that an input names, within its organization and under its lock. Throws NOT_FOUND. */
export async function requireInvitation(unit: OrganizationUnitOfWork, invitationId: string): Promise<Invitation> {
  const { transaction, organization } = unit;
  const found = isIdentifier(invitationId) && (await findInvitation(transaction, organization.id, invitationId));
  if (!found) throw notFound("invitation");
  return found;
}

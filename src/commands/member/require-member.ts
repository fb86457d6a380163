import { notFound } from "../../domain/denial";
import { isIdentifier } from "../../domain/identifier";
import { findMember, type Membership } from "../../store/member";
import type { OrganizationUnitOfWork } from "../runner/unit-of-work";

/** Returns a member of the organization. Throws NOT_FOUND. */
export async function requireMember(unit: OrganizationUnitOfWork, memberId: string): Promise<Membership> {
  const { transaction, organization } = unit;
  const member = isIdentifier(memberId) ? await findMember(transaction, organization.id, memberId) : undefined;
  if (!member) throw notFound("member");
  return member;
}

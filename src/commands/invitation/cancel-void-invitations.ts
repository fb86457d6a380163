import { CANCELLATION_REASONS, cancellationReason } from "../../domain/invitation";
import { updateInvitations } from "../../store/invitation";
import { openInvitations, organizationsInvitingMember } from "../../store/open-invitations";
import { lockOrganization } from "../../store/organization";
import { type OrganizationUnitOfWork, openUnitOfWork, type UnitOfWork } from "../runner/unit-of-work";

/**
 * Cancels pending invitations of the organization that have become void: the inviter could not send them any more, or
 * the invitee joined otherwise. Their seats are free with this change, and the log says why.
 */
export async function cancelVoidInvitations(
  { transaction, organization, now, record }: OrganizationUnitOfWork,
  of: { inviterId?: string; email?: string } = {},
): Promise<void> {
  const open = await openInvitations(transaction, organization.id, now, of);
  const canceled = open.flatMap((invitation) => {
    const reason = cancellationReason(invitation);
    return reason ? [{ ...invitation, reason }] : [];
  });
  await updateInvitations(
    transaction,
    canceled.map(({ id }) => id),
    { status: "CANCELED", respondedAt: now },
  );
  for (const { id, email, reason } of canceled) {
    record({
      type: "invitation.canceled",
      subjectId: id,
      summary: `The invitation of ${email} was canceled: ${CANCELLATION_REASONS[reason]}.`,
      data: { email, reason },
    });
  }
}

/** Cancels the pending invitations of somebody whose role was changed or who is gone, unless they could still send them. */
export function cancelVoidInvitationsFrom(unit: OrganizationUnitOfWork, inviterId: string): Promise<void> {
  return cancelVoidInvitations(unit, { inviterId });
}

/**
 * Cancels pending invitations to an address that has just become a person's own, in all organizations that they are a
 * member of. In the transaction that changes the address, so that their seats are free at the same moment. The
 * organizations are locked one after the other in the order of their ids, as everything does that locks several.
 */
export async function cancelVoidInvitationsTo(unit: UnitOfWork, userId: string, email: string): Promise<void> {
  const { transaction, now } = unit;
  for (const id of await organizationsInvitingMember(transaction, userId, email)) {
    const organization = await lockOrganization(transaction, id);
    if (!organization) continue;
    const here = openUnitOfWork(transaction, { kind: "system" }, now, organization);
    await cancelVoidInvitations({ ...here.unit, organization }, { email });
    for (const topic of await here.flush()) unit.publish(topic);
  }
}

import { CANCELLATION_REASONS, type CancellationReason, cancellationReason } from "../../domain/accepting";
import { updateInvitations } from "../../store/invitation";
import { openInvitations, organizationsInvitingMember } from "../../store/open-invitations";
import { type LockedOrganization, lockOrganization } from "../../store/organization";
import { type OrganizationUnitOfWork, openUnitOfWork, type UnitOfWork } from "../runner/unit-of-work";

/**
 * Cancels the organization's pending invitations that are void: the inviter could no longer send them, or the invitee
 * already joined. This frees their seats; the event has the reason.
 */
export async function cancelVoidInvitations(
  { transaction, organization, now, record }: OrganizationUnitOfWork,
  filter: { inviterIds?: readonly string[]; email?: string } = {},
): Promise<void> {
  const open = await openInvitations(transaction, organization.id, now, filter);
  const canceled = open.flatMap((invitation) => {
    const reason = cancellationReason(invitation);
    return reason ? [{ ...invitation, reason }] : [];
  });
  for (const why of Object.keys(CANCELLATION_REASONS) as CancellationReason[]) {
    const ids = canceled.flatMap(({ id, reason }) => (reason === why ? [id] : []));
    const change = { status: "CANCELED", respondedAt: now, cancellationReason: why } as const;
    await updateInvitations(transaction, organization.id, ids, change);
  }
  for (const { id, email, reason } of canceled) {
    record({
      type: "invitation.canceled",
      subjectId: id,
      summary: `The invitation to ${email} was canceled: ${CANCELLATION_REASONS[reason]}.`,
      data: { email, reason },
    });
  }
}

/** Cancels the pending invitations of an inviter who changed role or left, except those that they could still send. */
export function cancelVoidInvitationsFrom(unit: OrganizationUnitOfWork, inviterId: string): Promise<void> {
  return cancelVoidInvitations(unit, { inviterIds: [inviterId] });
}

/**
 * Locks the organizations of a member with a pending invitation to an address, in the order of their ids, as every
 * change that locks several must.
 */
export async function lockInvitingOrganizations(
  { transaction }: UnitOfWork,
  userId: string,
  email: string,
): Promise<LockedOrganization[]> {
  const locked: LockedOrganization[] = [];
  for (const id of await organizationsInvitingMember(transaction, userId, email)) {
    const organization = await lockOrganization(transaction, id);
    if (organization) locked.push(organization);
  }
  return locked;
}

/**
 * Cancels pending invitations to a person's new address in organizations that are locked, in the transaction that
 * changes the address, so that the seats are free at once.
 */
export async function cancelVoidInvitationsTo(
  unit: UnitOfWork,
  email: string,
  organizations: readonly LockedOrganization[],
): Promise<void> {
  const { transaction, now } = unit;
  for (const organization of organizations) {
    const { unit: inner, flush } = openUnitOfWork(transaction, { kind: "system" }, now, organization);
    await cancelVoidInvitations({ ...inner, organization }, { email });
    for (const topic of await flush()) unit.publish(topic);
  }
}

import { overdueInvitations, updateInvitations } from "../../store/invitation";
import type { OrganizationUnitOfWork } from "../runner/unit-of-work";

/** Expires the organization's overdue invitations, or only those of `ids`. */
export async function expireInvitations(unit: OrganizationUnitOfWork, ids?: readonly string[]): Promise<void> {
  if (ids?.length === 0) return;
  const { transaction, organization, now, record } = unit;
  const overdue = await overdueInvitations(transaction, organization.id, now);
  const expiring = overdue.filter((invitation) => !ids || ids.includes(invitation.id));
  await updateInvitations(
    transaction,
    organization.id,
    expiring.map(({ id }) => id),
    { status: "EXPIRED" },
  );
  for (const { id, email } of expiring) {
    record({
      type: "invitation.expired",
      subjectId: id,
      summary: `The invitation to ${email} expired.`,
      data: { email },
    });
  }
}

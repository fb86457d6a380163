import { notFound } from "../../domain/denial";
import { assertMayRestore } from "../../domain/founding";
import { restorableUntil } from "../../domain/organization";
import { lockFounded } from "../../store/founding";
import { unsentInvitations } from "../../store/invitation";
import { invitationJob } from "../../store/jobs";
import { updateOrganization } from "../../store/organization";
import { subscriptionOf } from "../../store/subscription";
import { memberCommand } from "../runner/command";
import { syncBilling } from "../subscription/sync-billing";

export interface RestoreOrganizationInput {
  organizationId: string;
}

/** Restores a deleted organization. Does nothing if it is not deleted. */
export const restoreOrganization = memberCommand<RestoreOrganizationInput, { organizationId: string }>({
  permission: "DELETE_ORGANIZATION",
  deletedToo: true,
  run: async (unit) => {
    const { transaction, organization, membership, actor, now, record, enqueue } = unit;
    const { id, name, deletedAt, foundedById } = organization;
    if (!deletedAt) return { organizationId: id };
    if (restorableUntil(deletedAt) <= now) throw notFound("organization");
    if (foundedById !== null) {
      const founded = await lockFounded(transaction, foundedById, now);
      assertMayRestore(founded, membership.planCode, foundedById === actor.id);
    }
    await updateOrganization(transaction, id, { deletedAt: null, updatedAt: now });
    // Their mail jobs did nothing while the organization was deleted.
    for (const unsent of await unsentInvitations(transaction, id, now)) enqueue(invitationJob(unsent));
    await syncBilling(unit, await subscriptionOf(transaction, id));
    const summary = `Organization “${name}” was restored.`;
    record({ type: "organization.restored", subjectId: id, summary });
    return { organizationId: id };
  },
});

import { assertDeletable, assertNameConfirmed, restorableUntil } from "../../domain/organization";
import { startBillingSync } from "../../store/billing-events";
import { updateOrganization } from "../../store/organization";
import { subscriptionOf } from "../../store/subscription";
import { memberCommand } from "../runner/command";

export interface DeleteOrganizationInput {
  organizationId: string;
  confirmName: string;
}

export interface DeleteOrganizationOutcome {
  organizationId: string;
  restorableUntil: Date;
}

/** Deletes the organization for everybody at once; an Owner can restore it for 30 days. */
export const deleteOrganization = memberCommand<DeleteOrganizationInput, DeleteOrganizationOutcome>({
  permission: "DELETE_ORGANIZATION",
  run: async (unit, { confirmName }) => {
    const { transaction, organization, now, record, enqueue } = unit;
    assertDeletable(organization);
    assertNameConfirmed(organization, confirmName);
    await updateOrganization(transaction, organization.id, { deletedAt: now, updatedAt: now });
    // The sync is queued even if nothing is billed yet: a checkout page may be open, or may just have been paid.
    const { providerCustomerId } = await subscriptionOf(transaction, organization.id);
    if (providerCustomerId) enqueue(await startBillingSync(transaction, organization.id));
    record({
      type: "organization.deleted",
      subjectId: organization.id,
      summary: `Organization “${organization.name}” was deleted; it can be restored for 30 days.`,
    });
    return { organizationId: organization.id, restorableUntil: restorableUntil(now) };
  },
});

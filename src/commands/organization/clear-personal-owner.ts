import { endsPersonal } from "../../domain/organization";
import type { OrganizationRole } from "../../domain/role";
import { updateOrganization } from "../../store/organization";
import type { OrganizationUnitOfWork } from "../runner/unit-of-work";

/**
 * Makes a personal organization one like any other once the person it was made for stops owning it: its Owners may
 * delete it then. `after` is that person's role from now on, null where they are no member. It does not become personal
 * again, not even for the same person.
 */
export async function clearPersonalOwner(
  { transaction, organization, now, record }: OrganizationUnitOfWork,
  userId: string,
  after: OrganizationRole | null,
): Promise<void> {
  if (!endsPersonal(organization.personalForId, userId, after)) return;
  await updateOrganization(transaction, organization.id, { personalForId: null, updatedAt: now });
  record({
    type: "organization.updated",
    subjectId: organization.id,
    summary: "The organization is no longer personal: the person it was made for does not own it any more.",
    data: { before: { isPersonal: true }, after: { isPersonal: false } },
  });
}

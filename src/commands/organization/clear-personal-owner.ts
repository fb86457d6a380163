import { endsPersonal } from "../../domain/organization";
import type { OrganizationRole } from "../../domain/role";
import { updateOrganization } from "../../store/organization";
import { setPersonalOrganization } from "../../store/user";
import type { OrganizationUnitOfWork } from "../runner/unit-of-work";

/**
 * Makes a personal organization an ordinary one, which its Owners may delete, when its person stops owning it. `after`
 * is that person's new role, null for a non-member. It never becomes personal again.
 */
export async function clearPersonalOwner(
  { transaction, organization, now, record }: OrganizationUnitOfWork,
  userId: string,
  after: OrganizationRole | null,
): Promise<void> {
  if (!endsPersonal(organization.personalForId, userId, after)) return;
  await updateOrganization(transaction, organization.id, { personalForId: null, updatedAt: now });
  await setPersonalOrganization(transaction, userId, null);
  record({
    type: "organization.updated",
    subjectId: organization.id,
    summary: "The organization is no longer personal, because its person no longer owns it.",
    data: { before: { isPersonal: true }, after: { isPersonal: false } },
  });
}
